"""What the decision page and the batch page show of a batch."""

from typing import Any

from django.db.models import Count, Q

from approvals.models import Request
from registry.enums import Arrival
from registry.facts import applicants, differing_fields
from registry.figures import latest
from registry.models import CorrectionLetter, Deferral, EnrolmentBatch, Intake
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


def batch_panel(request: Request, user) -> dict[str, Any]:
    """Counts, plan and seats, range, figures signed, papers, and the students in the order of their numbers."""
    batch = request.batch
    people = applicants(batch)
    numbers = (
        {e: n for e, n in batch.issued.values_list("enrolment_id", "number")}
        if batch.issued.exists()
        else {pk: n for pk, n in proposed(batch, people).items()}
    )
    issued = batch.issued.exists()
    rows = [
        {
            "candidate": p,
            "number": numbers.get(p.enrolment_id if issued else p.pk, ""),
            "differs": bool(differing_fields(p)),
        }
        for p in people
    ]
    return {
        "batch": batch,
        "counts": counts(batch),
        "intake": Intake.objects.filter(school=batch.school_id, year=batch.year).first(),
        "plan": in_force(batch.school, batch.year),
        "rows": rows,
        "issued": issued,
        "first": rows[0]["number"] if rows else "",
        "last": rows[-1]["number"] if rows else "",
        "figures": latest(batch),
        "letters": CorrectionLetter.objects.filter(candidate__batch=batch)
        .select_related("candidate", "issuer", "proof")
        .prefetch_related("items"),
        "deferrals": Deferral.objects.filter(candidate__batch=batch).select_related(
            "candidate", "accepted_by", "proof"
        ),
        "struck": batch.candidates.filter(struck_on__isnull=False).select_related("struck_by"),
        "receipts": batch.receipts.select_related("received_by"),
    }
