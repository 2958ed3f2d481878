"""What the decision page shows of a batch of grade 1 or 7."""

from typing import Any

from approvals.models import Request
from linxia_xueji.dates import today
from registry.entry.rows import Row, rows_of, state_counts
from registry.entry.states import urgent, with_state

SHOWN = 50
"""Children on the decision page; all of them stand on the batch page."""


def entry_panel(request: Request, user) -> dict[str, Any]:
    """Counts by state, and the children, those with something to do first."""
    batch, on = request.entry_batch, today()
    entrants = with_state(batch.entrants.select_related("enrolment"), on).exclude(state="removed")
    rows: list[Row] = rows_of(entrants.order_by(urgent(), "name", "pk")[:SHOWN], batch.stage)
    return {"batch": batch, "rows": rows, "states": state_counts(batch.entrants.all(), on), "total": entrants.count()}
