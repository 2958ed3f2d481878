"""What a list would do to the admissions in force: each row adds, changes, leaves as it is, or may not be imported."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from approvals.enums import State
from linxia_xueji.enums import Sex
from linxia_xueji.identity import masked
from linxia_xueji.models import Organisation
from linxia_xueji.reference import ethnicity_name
from registry.admissions.columns import BY_KEY
from registry.admissions.faults import WORDINGS
from registry.enums import Change
from registry.models import Admission, Candidate

SUBMITTED = (State.PENDING, State.RETURNED, State.APPROVED)
"""A student in a batch of these states may not be moved to another school by a list."""

_LABELS = {
    "exam_number": BY_KEY["exam_number"].header,
    "name": BY_KEY["name"].header,
    "sex": BY_KEY["sex"].header,
    "ethnicity": BY_KEY["ethnicity"].header,
    "birth_date": BY_KEY["birth"].header,
    "id_number": BY_KEY["id_number"].header,
    "county": BY_KEY["county"].header,
    "school": BY_KEY["school"].header,
    "score": BY_KEY["score"].header,
}


FIELDS = (
    "exam_number", "name", "sex", "ethnicity", "birth_date", "id_number", "exam_county_id", "school_id", "score"
)  # fmt: skip
"""Columns of the models a line is made of, after its key."""


class Line(NamedTuple):
    """A student of a list, new or in force. `county` and `school` are ids of organisations; `id_number` is plain.

    :param key: row in the file, or primary key of the admission in force.
    """

    key: int
    exam_number: str
    name: str
    sex: str
    ethnicity: str
    birth_date: date
    id_number: str
    county: int
    school: int
    score: Decimal

    def __repr__(self) -> str:
        return f"Line(key={self.key})"


class Outcome(NamedTuple):
    """What becomes of one row.

    :param replaces: primary key of the admission in force that it supersedes or equals.
    :param changed: [{"column", "before", "after"}], identity numbers masked.
    :param code: why it is blocked: `school_locked` or `id_in_force`. :param message: the same in words.
    :param mend: what to do about it.
    """

    line: Line
    change: Change
    replaces: int | None = None
    changed: tuple[dict[str, str], ...] = ()
    code: str = ""
    message: str = ""
    mend: str = ""


def in_force(year: int) -> list[Line]:
    """The admissions of a year in force, as lines."""
    rows = Admission.objects.filter(year=year, superseded_at=None).values_list("pk", *FIELDS)
    return [line_of(row) for row in rows]


def line_of(row: tuple[Any, ...]) -> Line:
    """A line from its key and the values of `FIELDS`, the identity number a `Secret`."""
    key, exam_number, name, sex, ethnicity, birth_date, secret, *rest = row
    return Line(key, exam_number, name, sex, ethnicity, birth_date, secret.reveal(), *rest)


def compare(lines: Iterable[Line], year: int) -> list[Outcome]:
    """The outcome of each line of a list, in its order; reads the database, writes nothing.

    A line is the same student as one in force by 准考证号, or else by identity number.
    """
    return _Comparison(list(lines), in_force(year), _submitted(year)).outcomes()


def summary_of(outcomes: list[Outcome]) -> dict[str, Any]:
    """Counts for people: by change, by column changed, and every blocked row with its sentence."""
    changes = Counter(outcome.change.value for outcome in outcomes)
    columns = Counter(item["column"] for o in outcomes if o.change == Change.CHANGE for item in o.changed)
    return {
        **{change.value: changes[change.value] for change in Change},
        "columns": dict(columns),
        "blocked_rows": [
            {"row": o.line.key, "name": o.line.name, "code": o.code, "message": o.message, "mend": o.mend}
            for o in outcomes
            if o.change == Change.BLOCKED
        ],
    }


def _submitted(year: int) -> dict[str, int]:
    """准考证号 and identity number → school of the submitted batch, of students not struck out."""
    rows = Candidate.objects.filter(
        year=year, struck_on=None, admission__isnull=False, batch__request__state__in=SUBMITTED
    ).values_list("admission__exam_number", "admission__id_number", "school_id")
    return {key: school for exam, secret, school in rows for key in (exam, secret.reveal())}


class _Comparison:
    """One run: who is who first, then who may not, until nothing changes any more."""

    def __init__(self, lines: list[Line], known: list[Line], submitted: dict[str, int]):
        self.lines = lines
        self.by_id = {line.id_number: line for line in known}
        self.submitted = submitted
        self.same = self._same_students({line.exam_number: line for line in known})
        self.blocked: dict[int, tuple[str, str, str]] = {}
        self.organisations: dict[int, str] = {}
        self.county_names: dict[int, str] = {}

    def _same_students(self, by_exam: dict[str, Line]) -> dict[int, Line]:
        """Row → line in force; one in force is claimed once, by 准考证号 before identity number."""
        same = {line.key: by_exam[line.exam_number] for line in self.lines if line.exam_number in by_exam}
        claimed = {line.key for line in same.values()}
        for line in self.lines:
            other = self.by_id.get(line.id_number)
            if line.key not in same and other and other.key not in claimed:
                same[line.key] = other
                claimed.add(other.key)
        return same

    def outcomes(self) -> list[Outcome]:
        """Judge all lines."""
        self._name_organisations()
        self._block_moves()
        while self._block_taken_numbers():
            pass
        return [self._outcome(line) for line in self.lines]

    def _name_organisations(self) -> None:
        rows = Organisation.objects.values_list("pk", "short_name", "division__short_name")
        for pk, short_name, division in rows:
            self.organisations[pk] = short_name
            self.county_names[pk] = division

    def _block_moves(self) -> None:
        for line in self.lines:
            old = self.same.get(line.key)
            if old is None or old.school == line.school:
                continue
            school = self.submitted.get(old.exam_number, self.submitted.get(old.id_number))
            if school is not None and school != line.school:
                self.blocked[line.key] = _told("school_locked", self.organisations[school])

    def _block_taken_numbers(self) -> bool:
        """Block lines whose identity number stays with another student in force; True if there was a new one."""
        leaving = {old.key for key, old in self.same.items() if key not in self.blocked}
        before = len(self.blocked)
        for line in self.lines:
            owner = self.by_id.get(line.id_number)
            if line.key in self.blocked or owner is None or owner is self.same.get(line.key) or owner.key in leaving:
                continue
            self.blocked[line.key] = _told("id_in_force", owner.exam_number)
        return len(self.blocked) > before

    def _outcome(self, line: Line) -> Outcome:
        old = self.same.get(line.key)
        changed = self._changed(old, line) if old else ()
        replaces = old.key if old else None
        if line.key in self.blocked:
            return Outcome(line, Change.BLOCKED, replaces, changed, *self.blocked[line.key])
        if old is None:
            return Outcome(line, Change.ADD)
        return Outcome(line, Change.CHANGE if changed else Change.SAME, replaces, changed)

    def _changed(self, old: Line, new: Line) -> tuple[dict[str, str], ...]:
        return tuple(
            {"column": label, "before": self._shown(key, old), "after": self._shown(key, new)}
            for key, label in _LABELS.items()
            if getattr(old, key) != getattr(new, key)
        )

    def _shown(self, key: str, line: Line) -> str:
        value = getattr(line, key)
        if key == "id_number":
            return masked(value)
        if key == "sex":
            return Sex(value).label
        if key == "ethnicity":
            return ethnicity_name(value)
        if key == "school":
            return self.organisations[value]
        return self.county_names[value] if key == "county" else str(value)


def _told(code: str, value: str) -> tuple[str, str, str]:
    return code, WORDINGS[code].says.format(value=value), WORDINGS[code].mend
