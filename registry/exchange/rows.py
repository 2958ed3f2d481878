"""Students as rows of the national file. What the register holds comes from there, the other columns as they came in.

A fact still the same as in the row that came is written as that row had it (03 or 回族, 2024-09 or 202409), so that a
file that goes in comes out equal; a fact that has changed since is written in the words of the template.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from linxia_xueji.enums import Sex
from linxia_xueji.identity import id_normal, tidy_name
from linxia_xueji.reference import ethnicity_name
from registry.admissions import cells as shared
from registry.enums import Boarding, EnrolmentState, IdType, LeftBehind
from registry.models import Enrolment, RosterRecord
from registry.roster import cells
from registry.roster.columns import TEMPLATE
from registry.rosters.conditions import Conditions
from registry.rosters.dimensions import dated

AT_ONCE = 2_000
OF_THE_PLACE = frozenset("入学方式 就读方式 班内学号 学生来源 上下学距离 上下学方式 是否需要乘坐校车".split())
"""Columns about the student at a school: those of a former school are not carried over to the next one."""
_READ = (
    "pk", "student_id", "school__code", "facts__name", "facts__sex", "facts__birth_date", "facts__ethnicity", "facts__id_type",
    "facts__id_number", "grade__school_class", "begins_on", "living__boarding", "living__left_behind", "student_number__number",
)  # fmt: skip
# Header → what a cell of it means, and how the register's value is written where the cell means something else.
_MEANT: dict[str, tuple[Callable[[Any], Any], Callable[[Any], str]]] = {
    "学校标识码": (cells.code, str),
    "姓名": (lambda cell: tidy_name(shared.text_of(cell)), str),
    "性别": (cells.sex, lambda value: Sex(value).label),
    "出生日期": (lambda cell: shared.birth(cell, None), lambda value: f"{value:%Y%m%d}"),  # type: ignore[arg-type]
    "民族": (cells.ethnicity, ethnicity_name),
    "身份证件类型": (cells.id_type, lambda value: "" if value == IdType.NONE else IdType(value).label),
    "身份证件号": (lambda cell: id_normal(shared.text_of(cell)), str),
    "班号": (lambda cell: cells.code(cell)[:20], str),
    "入学年月": (cells.entry, lambda value: f"{value:%Y%m}"),
    "就读方式": (cells.boarding, lambda value: Boarding(value).label),
    "是否留守儿童": (cells.left_behind, lambda value: LeftBehind(value).label),
    "学籍辅号": (cells.code, str),
}


def students(
    enrolments: QuerySet[Enrolment], conditions: Conditions, known: datetime | None = None
) -> QuerySet[Enrolment]:
    """Who is in the file: active on the day of the conditions, and not waiting to be transferred in.

    :param enrolments: what may be seen. :param known: as it was known at that moment.
    """
    found = dated(enrolments, (*_READ, "status__status", "grade__grade"), conditions.day, known)
    return found.filter(**conditions.lookups()).exclude(status__status=EnrolmentState.PENDING)


def rows(found: QuerySet[Enrolment], known: datetime | None = None) -> Iterator[list[str]]:
    """The rows of `students` for the file, 71 texts each, by school, grade and class."""
    ordered = found.order_by("school__code", "grade__grade", "grade__school_class", "pk")
    waiting = ordered.values_list(*_READ).iterator(chunk_size=AT_ONCE)
    while part := list(islice(waiting, AT_ONCE)):
        came = _came([(enrolment, student) for enrolment, student, *_ in part], known)
        for enrolment, _, *values in part:
            yield _row(came.get(enrolment, {}), values)


def _came(people: list[tuple[int, int]], known: datetime | None) -> dict[int, dict[str, str]]:
    """Enrolment → what the national export had of the student; without a row of its own, that of a former school."""
    kept = RosterRecord.objects.filter(superseded_at=None)
    if known:
        kept = RosterRecord.objects.filter(Q(superseded_at=None) | Q(superseded_at__gt=known), recorded_at__lte=known)
    records = kept.filter(enrolment__in=[enrolment for enrolment, _ in people])
    found = {pk: json.loads(archive.reveal()) for pk, archive in records.values_list("enrolment", "line__archive")}
    without = {student: enrolment for enrolment, student in people if enrolment not in found}
    if not without:
        return found
    former = kept.filter(enrolment__student__in=without).order_by("recorded_at", "pk")
    for student, archive in former.values_list("enrolment__student", "line__archive"):
        told = json.loads(archive.reveal()).items()
        found[without[student]] = {header: text for header, text in told if header not in OF_THE_PLACE}
    return found


def _row(came: dict[str, str], values: list[Any]) -> list[str]:
    code, name, sex, birth, ethnicity, id_type, number, school_class, begins, boarding, left, issued = values
    held = {
        "学校标识码": code, "姓名": name, "性别": sex, "出生日期": birth, "民族": ethnicity, "身份证件类型": id_type,
        "身份证件号": number.reveal() if number else "", "班号": school_class or "", "入学年月": begins,
        "就读方式": boarding, "是否留守儿童": left, "学籍辅号": issued,
    }  # fmt: skip
    return [_cell(column.header, held, came) for column in TEMPLATE]


def _cell(header: str, held: dict[str, Any], came: dict[str, str]) -> str:
    text = came.get(header, "")
    if header not in held:
        return text
    value = held[header]
    # What the register does not know, where a row may have it: left as it came. Key facts and the class it does know.
    if value is None or (value == "" and header in ("就读方式", "是否留守儿童", "学籍辅号")):
        return text
    read, written = _MEANT[header]
    if text and read(text) == value:
        return text
    return written(value) if value else ""
