"""What the decision page and the batch page show of a batch."""

from typing import Any

from django.urls import reverse

from approvals.enums import Move
from approvals.models import Request
from approvals.permission import why_not
from linxia_xueji.dates import today
from linxia_xueji.refusal import Refusal
from registry.facts import applicants, counts, deferrals_of, differing_fields, intake_of, letters_of
from registry.figures import latest
from registry.models import Candidate, EnrolmentBatch
from registry.numbers import proposed
from registry.plans import in_force


def numbers_of(batch: EnrolmentBatch, people: list[Candidate]) -> dict[int, str]:
    """Candidate id → number proposed; a page stands without numbers where the school cannot be given any yet."""
    try:
        return proposed(batch, people)
    except Refusal:
        return {}


def batch_panel(request: Request, user) -> dict[str, Any]:
    """Counts, plan and seats, range, figures signed, papers, and the students in the order of their numbers."""
    batch = request.batch
    people = applicants(batch)
    given = dict(batch.issued.values_list("enrolment_id", "number"))
    issued, numbers = bool(given), given or numbers_of(batch, people)
    rows = [
        {
            "candidate": p,
            "number": numbers.get(p.enrolment_id if issued else p.pk, ""),
            "differs": bool(differing_fields(p)),
        }
        for p in people
    ]
    shown = sorted(row["number"] for row in rows if row["number"])
    plan = in_force(batch.school, batch.year)
    intake, counted = intake_of(batch), counts(batch)
    return {
        "batch": batch,
        "law_url": reverse("registry:clauses"),
        "counts": counted,
        "intake": intake,
        "plan": plan,
        "seats_left": (plan.count if plan else 0) - (intake.held if intake else 0),
        "rows": rows,
        "issued": issued,
        "first": shown[0] if shown else "",
        "last": shown[-1] if shown else "",
        "signed": sorted(latest(batch).values(), key=lambda row: row.signed_at),
        "letters": letters_of(batch),
        "deferrals": deferrals_of(batch),
        "struck": batch.candidates.filter(struck_on__isnull=False).select_related("struck_by")
        if counted["struck"]
        else (),
        "may_strike": why_not(user, request, Move.STRIKE, today()) is None,
        "may_record": why_not(user, request, Move.RECORD, today()) is None,
    }
