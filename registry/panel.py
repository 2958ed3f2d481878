"""What the decision page and the batch page show of a batch."""

from typing import Any

from approvals.enums import Move
from approvals.models import Request
from approvals.permission import why_not
from linxia_xueji.dates import today
from linxia_xueji.refusal import Refusal
from registry.facts import applicants, counts, deferrals_of, intake_of, letters_of, people_of
from registry.models import Candidate, EnrolmentBatch
from registry.numbers import proposed
from registry.standing import standing

SHOWN = 50
"""Students on the decision page; all of them stand on the batch page."""


def numbers_of(batch: EnrolmentBatch, people: list[Candidate]) -> dict[int, str]:
    """Candidate id → number proposed; a page stands without numbers where the school cannot be given any yet."""
    try:
        return proposed(batch, people)
    except Refusal:
        return {}


def issued_to(people: list[Candidate]) -> dict[int, str]:
    """Candidate id → number issued; empty while none is."""
    return {p.pk: p.enrolment.student_number.number for p in people if p.enrolment_id}


def batch_panel(request: Request, user) -> dict[str, Any]:
    """Counts, plan and seats, range, figures signed, papers, and the students in the order of their numbers."""
    batch = request.batch
    people, on = applicants(batch), today()
    given = issued_to(people)
    issued, numbers = bool(given), given or numbers_of(batch, people)
    shown = sorted(filter(None, (numbers.get(p.pk) for p in people)))
    may_strike = why_not(user, request, Move.STRIKE, on) is None
    plan, intake, counted = standing(batch).plan, intake_of(batch), counts(batch)
    return {
        "batch": batch,
        "counts": counted,
        "intake": intake,
        "plan": plan,
        "seats_left": (plan.count if plan else 0) - (intake.held if intake else 0),
        "total": len(people),
        "people": people[:SHOWN],
        "numbers": numbers,
        "issued": issued,
        "first": shown[0] if shown else "",
        "last": shown[-1] if shown else "",
        "signed": standing(batch).signed,
        "letters": letters_of(batch),
        "deferrals": deferrals_of(batch),
        "struck": [person for person in people_of(batch) if person.struck_on],
        "may_strike": may_strike,
        "may_record": why_not(user, request, Move.RECORD, on) is None,
    }
