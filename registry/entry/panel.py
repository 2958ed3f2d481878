"""What the decision page shows of a batch of grade 1 or 7."""

from typing import Any

from approvals.models import Request
from linxia_xueji.dates import today
from registry.entry.facts import everybody, known_in, states_of
from registry.entry.rows import Row, rows_of, state_counts
from registry.entry.states import EntryState

SHOWN = 50
"""Children on the decision page; all of them stand on the batch page."""


def entry_panel(request: Request, user) -> dict[str, Any]:
    """Counts by state, and the children, those with something to do first."""
    batch, on = request.entry_batch, today()
    people = [person for person in everybody(batch, on) if person.state != EntryState.REMOVED]
    rows: list[Row] = rows_of(people[:SHOWN], batch.stage, known_in(batch, on))
    return {"batch": batch, "rows": rows, "states": state_counts(states_of(batch, on)), "total": len(people)}
