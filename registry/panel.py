"""What the decision page and the batch page show of a batch."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from approvals.enums import Move
from approvals.models import Request
from approvals.permission import why_not
from linxia_xueji.dates import today
from linxia_xueji.refusal import Refusal
from registry.enums import Arrival
from registry.facts import applicants, differing_fields
from registry.figures import latest
from registry.models import Candidate, CorrectionLetter, Deferral, EnrolmentBatch, Intake
from registry.numbers import proposed
from registry.plans import in_force


def counts(batch: EnrolmentBatch) -> dict[str, int]:
    """How many stand where: one query."""
    standing = Q(struck_on=None)
    return batch.candidates.aggregate(
        listed=Count("pk"),
        unmarked=Count("pk", filter=standing & Q(arrival=Arrival.UNMARKED)),
        reported=Count("pk", filter=standing & Q(arrival=Arrival.REPORTED)),
        applying=Count("pk", filter=standing & Q(arrival=Arrival.REPORTED, held_back="")),
        held_back=Count("pk", filter=standing & ~Q(held_back="")),
        excused=Count("pk", filter=standing & Q(arrival__in=(Arrival.DEFERRED, Arrival.FORCE_MAJEURE))),
        no_show=Count("pk", filter=standing & Q(arrival=Arrival.NO_SHOW)),
        struck=Count("pk", filter=~standing),
        intake_done=Count("pk", filter=standing & Q(intake_done_on__isnull=False)),
    )


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
    issued = batch.issued.exists()
    numbers = dict(batch.issued.values_list("enrolment_id", "number")) if issued else numbers_of(batch, people)
    rows = [{"candidate": p, "number": numbers.get(p.enrolment_id if issued else p.pk, ""), "differs": bool(differing_fields(p))} for p in people]
    given = sorted(row["number"] for row in rows if row["number"])
    plan = in_force(batch.school, batch.year)
    intake = Intake.objects.filter(school=batch.school_id, year=batch.year).first()
    return {
        "batch": batch,
        "law_url": reverse("registry:clauses"),
        "counts": counts(batch),
        "intake": intake,
        "plan": plan,
        "seats_left": (plan.count if plan else 0) - (intake.held if intake else 0),
        "rows": rows,
        "issued": issued,
        "first": given[0] if given else "",
        "last": given[-1] if given else "",
        "signed": sorted(latest(batch).values(), key=lambda row: row.signed_at),
        "letters": CorrectionLetter.objects.filter(candidate__batch=batch)
        .select_related("candidate", "issuer", "proof")
        .prefetch_related("items"),
        "deferrals": Deferral.objects.filter(candidate__batch=batch).select_related(
            "candidate", "accepted_by", "proof"
        ),
        "struck": batch.candidates.filter(struck_on__isnull=False).select_related("struck_by"),
        "may_strike": why_not(user, request, Move.STRIKE, today()) is None,
        "may_record": why_not(user, request, Move.RECORD, today()) is None,
        "receipts": batch.receipts.select_related("received_by"),
    }
