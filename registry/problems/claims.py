"""Who claims to be a student of the register without being one: rows of a roster held up, students on their way in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from linxia_xueji.models import Organisation
from linxia_xueji.secrets import Secret
from registry.enums import Change
from registry.models import KeyFacts, RosterStaged

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


Source = Callable[[list[int] | None], Iterable[Claim]]
_SOURCES: list[Source] = []


def add_claims(source: Source) -> None:
    """Let a later app tell of claims it knows; called from an `AppConfig.ready()`."""
    _SOURCES.append(source)


def claims(students: list[int] | None) -> list[Claim]:
    """All claims, or those on these students."""
    found = list(_of_rosters(students))
    for source in _SOURCES:
        found += source(students)
    return found


def _of_rosters(students: list[int] | None) -> Iterable[Claim]:
    rows = RosterStaged.objects.filter(change=Change.BLOCKED, code__in=BLOCKED)
    rows = list(rows.select_related("school__parent__parent").order_by("pk").iterator(chunk_size=2_000))
    owners = owners_of([row.id_number for row in rows if not row.student_id])
    for row in rows:
        student = row.student_id or owners.get(row.id_number.reveal())
        if student and (students is None or student in students):
            yield Claim(
                student, f"roster:{row.school_id}", row.school, f"在校生名册第{row.row}行", row.name, row.sex,
                row.birth_date, row.id_number,
            )  # fmt: skip


def owners_of(numbers: list[Secret]) -> dict[str, int]:
    """Number → the enrolled student of the register who has it now."""
    held = KeyFacts.objects.filter(valid_to=None, id_number__in=numbers, student__enrolments__ends_on=None)
    return {facts.id_number.reveal(): facts.student_id for facts in held} if numbers else {}
