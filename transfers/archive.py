"""What the changes of enrolment bring to a student's archive: the proofs of all that were approved."""

from collections.abc import Iterator

from django.db.models import QuerySet

from approvals.enums import State
from registry.archive.contents import Entry
from registry.enums import ArchivePart
from registry.models import Enrolment
from transfers.models import Proof
from transfers.slots import slot_of


def proofs_of(enrolments: QuerySet[Enrolment]) -> Iterator[Entry]:
    """The scans that counted when a change of one of these enrolments was approved; one query."""
    theirs = Proof.objects.filter(
        change__enrolment__in=enrolments.values("pk"), change__request__state=State.APPROVED, replaced_at=None
    )
    for proof in theirs.select_related("change__request", "change__enrolment__school", "file__stored"):
        request = proof.change.request
        slot = slot_of(request.kind, proof.slot)
        yield Entry(
            ArchivePart.PROOFS, f"{slot.label}（{request.number}）", request.closed_on or request.applied_on,
            proof.change.enrolment.school.short_name, proof.file,
        )  # fmt: skip
