"""Students on their way in from outside whose number somebody of the register has already."""

from collections.abc import Collection, Iterator

from approvals.enums import OPEN
from registry.problems.claims import Claim, numbers_of, owners_of
from transfers.models import IncomingPupil


def claims_of(students: Collection[int] | None) -> Iterator[Claim]:
    """Claims on these students, or on any: only those with one of their numbers are looked at."""
    rows = IncomingPupil.objects.filter(transfer__change__request__state__in=OPEN)
    if students is not None:
        rows = rows.filter(id_number__in=numbers_of(students))
    rows = list(rows.select_related("transfer__change__request__school__parent__parent"))
    owners = owners_of([row.id_number for row in rows if row.id_number])
    for row in rows:
        student = owners.get(row.id_number.reveal())
        if student and (students is None or student in students):
            request = row.transfer.change.request
            yield Claim(
                student, f"incoming:{row.pk}", request.school, f"从州外转入（{request.number}）", row.name, row.sex,
                row.birth_date, row.id_number,
            )  # fmt: skip
