"""What each row of a checked list would change: found by its numbers among the students there are, a few queries a thousand."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from linxia_xueji.enums import Sex
from linxia_xueji.reference import ethnicity_name
from linxia_xueji.secrets import Secret, indexes
from registry.elsewhere import where
from registry.enums import BUCKET_OF, Bucket, Change, IdType
from registry.models import Enrolment, KeyFacts, RosterRecord, RosterStaged, Student
from registry.roster.grades import words_of

AT_ONCE = 2_000
_FACTS = (
    ("name", "姓名"),
    ("sex", "性别"),
    ("ethnicity", "民族"),
    ("birth_date", "出生日期"),
    ("id_number", "身份证件号"),
)

# LIMIT keeps the planner, which cannot know how many are asked for, from reading the whole table.
_HAVE_ID = """
    SELECT i FROM unnest(%s::text[]) i,
           LATERAL (SELECT FROM registry_keyfacts WHERE split_part(id_number, '$', 1) = i LIMIT 1) found"""
_HAVE_NUMBER = """
    SELECT i FROM unnest(%s::text[]) i,
           LATERAL (SELECT FROM registry_student WHERE split_part(national_number, '$', 1) = i LIMIT 1) found"""


@dataclass(slots=True)
class Line:
    """A sound row and what it would do, with the names of `RosterStaged`, which keeps it; made by the thousand, as no model can.

    :param student_id: of the student found, None for one who is new. :param enrolment_id: likewise.
    """

    row: int
    school_id: int
    name: str
    sex: str
    ethnicity: str
    birth_date: date
    id_type: str
    id_number: Secret
    national_number: Secret
    stage: str
    grade: int
    school_class: str
    archive: Secret
    change: str = Change.ADD
    code: str = ""
    changed: list[dict[str, str]] = field(default_factory=list)
    student_id: int | None = None
    enrolment_id: int | None = None


_KEPT = tuple(told.name for told in fields(Line))


@dataclass(slots=True)
class _Known:
    """What is registered of the students some rows may mean."""

    by_id: dict[str, KeyFacts]
    by_number: dict[str, Student]
    facts: dict[int, KeyFacts]
    enrolments: dict[int, list[Enrolment]]
    records: dict[int, str]
    grades: dict[int, tuple[int, str]]
    nameless: set[tuple]


def compare(rows: Sequence[Line]) -> None:
    """Set `change`, `code`, `changed`, `student` and `enrolment` of rows not yet written.

    Most rows of a new list bear numbers that nobody has: that is asked once, and only the others are looked at one by one.
    """
    met = _met(rows, "id_number", _HAVE_ID) | _met(rows, "national_number", _HAVE_NUMBER)
    for row in rows:
        row.change, row.code, row.changed, row.student_id, row.enrolment_id = Change.ADD, "", [], None, None
    waiting = (row for row in rows if row.row in met or _unnumbered(row))
    while part := list(islice(waiting, AT_ONCE)):
        known = _known(part)
        for row in part:
            _judge(row, known)


def summary_of(rows: Sequence[Line]) -> dict[str, Any]:
    """How many rows of each kind, students by stage, and the columns in which those of the register change."""
    changes = Counter(row.change for row in rows)
    columns = Counter(item["column"] for row in rows for item in row.changed if row.change == Change.CHANGE)
    return {**{change.value: changes[change] for change in Change}, "columns": dict(columns)}


def _met(rows: Sequence[Line], number: str, asked_for: str) -> set[int]:
    """Rows whose number somebody in the register has, or once had. :param asked_for: `_HAVE_ID` or `_HAVE_NUMBER`."""
    asked: dict[str, int] = {}
    for row in rows:
        if plain := getattr(row, number).reveal():
            asked |= dict.fromkeys(indexes(plain), row.row)
    with connection.cursor() as cursor:
        cursor.execute(asked_for, [list(asked)])
        return {asked[index] for (index,) in cursor.fetchall()}


def _judge(row: Line, known: _Known) -> None:
    facts = known.by_id.get(row.id_number.reveal()) if row.id_number.reveal() else None
    owner = known.by_number.get(row.national_number.reveal()) if row.national_number.reveal() else None
    student = facts.student if facts else owner
    if facts and owner and facts.student_id != owner.pk:
        return _block(row, "taken_number")
    if student is None:
        if _unnumbered(row):
            _judge_unnumbered(row, known)
        return None
    row.student_id = student.pk
    held = known.facts.get(student.pk)
    active = known.enrolments.get(student.pk, [])
    same = next((e for e in active if e.bucket == BUCKET_OF[row.stage]), None)
    if same and same.school_id != row.school_id:
        return _block(row, "registered_elsewhere", where=where(same), bucket=Bucket(same.bucket).label)
    if held and (fields := _differing(row, held, student)):
        return _block(row, "facts_differ", fields="、".join(fields))
    return _judge_here(row, same, student, known) if same else None


def _judge_here(row: Line, enrolment: Enrolment, student: Student, known: _Known) -> None:
    """The student is registered at this very school."""
    row.enrolment_id = enrolment.pk
    grade, school_class = known.grades.get(enrolment.pk, (row.grade, ""))
    if grade != row.grade:
        return _block(row, "grade_in_register", present=words_of(grade))
    if row.school_class and school_class != row.school_class:
        row.changed.append({"column": "班号", "before": school_class or "（空）", "after": row.school_class})
    if row.national_number.reveal() and not student.national_number.reveal():
        row.changed.append({"column": "全国学籍号", "before": "（空）", "after": str(row.national_number)})
    if known.records.get(enrolment.pk) != row.archive.reveal():
        row.changed.append({"column": "原表内容", "before": "", "after": "更新"})
    row.change = Change.CHANGE if row.changed else Change.SAME
    return None


def _judge_unnumbered(row: Line, known: _Known) -> None:
    """Neither number: the very same row loaded before is the same student; a namesake of that birthday a person decides."""
    for enrolment, archive in known.records.items():
        if archive == row.archive.reveal():
            row.change, row.enrolment_id = Change.SAME, enrolment
            return
    if (row.school_id, row.name, row.sex, row.birth_date) in known.nameless:
        _block(row, "perhaps_here")


def _block(row: Line, code: str, **words: str) -> None:
    row.change, row.code, row.changed = Change.BLOCKED, code, [words]


def _differing(row: Line, held: KeyFacts, student: Student) -> list[str]:
    found = [
        label
        for name, label in _FACTS
        if getattr(row, name) != getattr(held, name) and not (name == "id_number" and not row.id_number.reveal())
    ]
    number = student.national_number.reveal()
    if number and row.national_number.reveal() and number != row.national_number.reveal():
        found.append("全国学籍号")
    return found


def _unnumbered(row: Line) -> bool:
    return not row.id_number.reveal() and not row.national_number.reveal()


def _known(rows: list[Line]) -> _Known:
    ids = [n for row in rows if (n := row.id_number.reveal())]
    numbers = [n for row in rows if (n := row.national_number.reveal())]
    found = KeyFacts.objects.filter(valid_to=None, id_number__in=ids).select_related("student")
    by_id = {facts.id_number.reveal(): facts for facts in found}
    by_number = {s.national_number.reveal(): s for s in Student.objects.filter(national_number__in=numbers)}
    students = {facts.student_id for facts in by_id.values()} | {s.pk for s in by_number.values()}
    facts = {f.student_id: f for f in KeyFacts.objects.filter(valid_to=None, student__in=students)}
    enrolments: dict[int, list[Enrolment]] = defaultdict(list)
    active = Enrolment.objects.filter(student__in=students, ends_on=None, pending=False).select_related(
        "school", "county__division"
    )
    for enrolment in active:
        enrolments[enrolment.student_id].append(enrolment)
    here = [e.pk for es in enrolments.values() for e in es]
    unnumbered = [row for row in rows if _unnumbered(row)]
    nameless, others = _nameless(unnumbered)
    records = RosterRecord.objects.filter(enrolment__in=[*here, *others], superseded_at=None)
    grades = Enrolment.objects.filter(pk__in=here, grades__valid_to=None)
    return _Known(
        by_id=by_id, by_number=by_number, facts=facts, enrolments=enrolments, nameless=nameless,
        records={enrolment: archive.reveal() for enrolment, archive in records.values_list("enrolment", "line__archive")},
        grades={pk: (grade, text) for pk, grade, text in grades.values_list("pk", "grades__grade", "grades__school_class")},
    )  # fmt: skip


def _nameless(rows: list[Line]) -> tuple[set[tuple], list[int]]:
    """Students without a number already at the schools of such rows: who they are, and their enrolments."""
    if not rows:
        return set(), []
    found = Enrolment.objects.filter(
        ends_on=None, school__in={row.school_id for row in rows}, student__key_facts__valid_to=None,
        student__key_facts__id_type=IdType.NONE, student__key_facts__name__in={row.name for row in rows},
    ).values_list(
        "student__national_number", "pk", "school_id", "student__key_facts__name", "student__key_facts__sex",
        "student__key_facts__birth_date",
    )  # fmt: skip
    people = [rest for number, *rest in found if not number.reveal()]
    return {tuple(rest) for _, *rest in people}, [pk for pk, *_ in people]


def facts_in_words(row: RosterStaged) -> str:
    """女 · 东乡族 · 七年级2班: the row in a line of the comparison."""
    return f"{Sex(row.sex).label} · {ethnicity_name(row.ethnicity)} · {words_of(row.grade)}{row.school_class}"


def in_order(staged: QuerySet[RosterStaged]) -> Iterator[Line]:
    """Rows of an upload as the file has them."""
    found = staged.order_by("row").values_list(*_KEPT)
    return (Line(*row) for row in found.iterator(chunk_size=AT_ONCE))
