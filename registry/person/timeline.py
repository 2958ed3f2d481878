"""Everything that happened to a student's enrolments, on one line of time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from linxia_xueji.access import Access
from linxia_xueji.dates import SHANGHAI
from linxia_xueji.enums import Stage
from linxia_xueji.prepared import records
from registry.enums import LISTED_FIELDS, Boarding, Ending, EnrolmentState, IdType, LeftBehind
from registry.models import Circumstances, Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts
from registry.roster.grades import words_of
from registry.showing import shown

LATE = timedelta(days=1)
"""What is recorded later than that after its day says since when it has been known."""
_KEY = ("name", "sex", "ethnicity", "birth_date", "id_type", "id_number")
_ORDER = ("end", "begin", "status", "grade", "life", "facts")
"""Of one day: the former school is left before the next is entered."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `known` is when it was entered, where that was not at once."""

    day: date
    words: str
    school: str
    known: datetime | None


def seen_with(enrolment: Enrolment, access: Access | None) -> QuerySet[Enrolment]:
    """The enrolments of a student that whoever may see this one may follow: one's own, and those before it.

    What came after it elsewhere a former school does not learn from here. :param access: None, as for a paper: this one
    and those before it alone.
    """
    return _followed(access, enrolment.begins_on, enrolment.student_id)


def _followed(access: Access | None, since: date, student: int) -> QuerySet[Enrolment]:
    theirs, before = Enrolment.objects.filter(student=student), Q(begins_on__lte=since)
    if access is None:
        return theirs.filter(before)
    own = Enrolment.objects.open_to(access).filter(student=student).values("pk")
    return theirs.filter(Q(pk__in=own) | before)  # of one student first: the database must not look through all


def events_of(enrolment: Enrolment, access: Access | None) -> list[Event]:
    """What happened, the latest first; two queries. Where all one may follow has ended, what was renamed later is not told."""
    told = records(_told, access, enrolment.begins_on, of=(enrolment.student_id,))
    ends = [day for day, sort, *_ in told if sort == "end"]
    over = max(ends) if len(ends) == sum(sort == "begin" for _, sort, *_ in told) else None
    told += [row for row in _renamed(enrolment) if over is None or row[0] <= over]
    return [_event(*row) for row in sorted(told, key=lambda row: (row[0], _ORDER.index(row[1])), reverse=True)]


def _told(access: Access | None, since: date, student: int) -> QuerySet:
    """(day, sort, one, other, school, recorded) of the enrolments followed and their rows; one statement."""
    enrolments, nothing = _followed(access, since, student), Value("", TextField())
    mine = {"enrolment__in": enrolments.values("pk")}
    parts = [
        _rows(enrolments, "begin", "begins_on", "stage", nothing, "recorded_at", "school__short_name"),
        _rows(enrolments.exclude(ends_on=None), "end", "ends_on", "ending", nothing, "closed_at", "school__short_name"),
        _rows(EnrolmentStatus.objects.filter(**mine), "status", "valid_from", "status", nothing),
        _rows(EnrolmentGrade.objects.filter(**mine), "grade", "valid_from", "grade", F("school_class")),
        _rows(Circumstances.objects.filter(**mine), "life", "valid_from", "boarding", F("left_behind")),
    ]
    return parts[0].union(*parts[1:], all=True)


def _rows(
    rows: QuerySet, sort: str, day: str, one: str, other: Any, known: str = "recorded_at", school: str = "enrolment__school__short_name"
) -> QuerySet:  # fmt: skip
    columns = {
        "day": F(day), "sort": Value(sort, TextField()), "one": Cast(one, TextField()), "other": Cast(other, TextField()),
        "where": Cast(school, TextField()), "known": F(known),
    }  # fmt: skip
    return (
        rows.order_by()
        .annotate(**{f"told_{name}": value for name, value in columns.items()})
        .values_list(*(f"told_{name}" for name in columns))
    )


def _renamed(enrolment: Enrolment) -> list[tuple]:
    """What changed of the key facts, each change a line; kept for good."""
    rows = records(_facts, of=(enrolment.student_id,))
    found = []
    for before, after in zip(rows, rows[1:], strict=False):
        fields = [_field(name, before, after) for name in _KEY if getattr(before, name) != getattr(after, name)]
        if fields:
            found.append((after.valid_from, "facts", "；".join(fields), "", "", after.recorded_at))
    return found


def _facts(student: int) -> QuerySet[KeyFacts]:
    return KeyFacts.objects.filter(student=student).order_by("valid_from", "pk")


def _field(name: str, before: KeyFacts, after: KeyFacts) -> str:
    words = LISTED_FIELDS | {"id_type": "证件类型", "id_number": "身份证件号"}
    old, new = (_said(name, getattr(row, name)) for row in (before, after))
    return f"{words[name]}由{old or '空'}变更为{new or '空'}"


def _said(name: str, value: Any) -> str:
    return IdType(value).label if name == "id_type" else shown(name, value)


def _event(day: date, sort: str, one: str, other: str, school: str, known: datetime) -> Event:
    late = known.astimezone(SHANGHAI).date() - day > LATE
    return Event(day, _WORDS[sort](one, other), school, known if late else None)


def _life(boarding: str, left_behind: str) -> str:
    said = [Boarding(boarding).label] if boarding else []
    return "、".join([*said, *([LeftBehind(left_behind).label] if left_behind else [])]) or "就读情况未登记"


_WORDS = {
    "begin": lambda stage, _: f"取得{Stage(stage).label}学籍",
    "end": lambda ending, _: f"学籍终止：{Ending(ending).label}",
    "status": lambda status, _: f"学籍状态：{EnrolmentState(status).label}",
    "grade": lambda grade, school_class: f"就读{words_of(int(grade))}{school_class}",
    "life": _life,
    "facts": lambda words, _: words,
}
