"""Who claims to be a student of the register without being one: rows of a roster held up, students on their way in."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from linxia_xueji.models import Organisation
from linxia_xueji.secrets import Secret
from registry.enums import BUCKET_OF, Change
from registry.models import Enrolment, KeyFacts, RosterStaged

BLOCKED = ("registered_elsewhere", "taken_number")
"""Why a row of a roster is held up when its numbers belong to somebody of the register."""


@dataclass(frozen=True)
class Claim:
    """Somebody with the number of a registered student. `ref` tells claims on one student apart, and stays the same."""

    student: int
    ref: str
    school: Organisation
    origin: str
    name: str
    sex: str
    birth_date: date
    id_number: Secret


Source = Callable[[Collection[int] | None], Iterable[Claim]]
_SOURCES: list[Source] = []


def add_claims(source: Source) -> None:
    """Let a later app tell of claims it knows; called from an `AppConfig.ready()`."""
    _SOURCES.append(source)


def claims(students: Collection[int] | None) -> list[Claim]:
    """All claims on enrolled students, or those on these of them."""
    found = list(_of_rosters(students))
    for source in _SOURCES:
        found += source(students)
    return found


def _of_rosters(students: Collection[int] | None) -> Iterator[Claim]:
    """Rows held up, of imports that were not taken back, while their student is enrolled, and not at the school that lists
    him: where he has come there since, by transfer say, nobody else claims to be him.
    """
    rows = RosterStaged.objects.filter(change=Change.BLOCKED, code__in=BLOCKED, upload__undone_at=None)
    if students is not None:
        rows = rows.filter(Q(student__in=students) | Q(student=None, id_number__in=numbers_of(students)))
    # A row keeps the whole line of the file, sealed.
    rows = list(rows.defer("archive", "national_number").select_related("school__parent__parent").order_by("pk"))
    owners = owners_of([row.id_number for row in rows if not row.student_id])
    whose = [(row, row.student_id or owners.get(row.id_number.reveal())) for row in rows]
    asked = {student for _, student in whose if student and (students is None or student in students)}
    active = Enrolment.objects.filter(student__in=asked, ends_on=None).values_list("student", "school", "bucket")
    there = set(active)
    enrolled = {student for student, _, _ in there}
    for row, student in whose:
        if student in enrolled and not (row.student_id and (student, row.school_id, BUCKET_OF[row.stage]) in there):
            yield Claim(
                student, f"roster:{row.school_id}", row.school, f"在校生名册第{row.row}行", row.name, row.sex,
                row.birth_date, row.id_number,
            )  # fmt: skip


def numbers_of(students: Collection[int]) -> list[Secret]:
    """The numbers these students have now."""
    held = KeyFacts.objects.filter(valid_to=None, student__in=students)
    return [number for number in held.values_list("id_number", flat=True) if number]


def owners_of(numbers: list[Secret]) -> dict[str, int]:
    """Number → the enrolled student of the register who has it now."""
    enrolled = Enrolment.objects.filter(student=OuterRef("student"), ends_on=None)
    held = KeyFacts.objects.filter(Exists(enrolled), valid_to=None, id_number__in=numbers)
    return {facts.id_number.reveal(): facts.student_id for facts in held} if numbers else {}
