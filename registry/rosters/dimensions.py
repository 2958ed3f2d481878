"""What students are counted and chosen by, each declared once: pages, workbooks and the HTTP interface read it here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import FilteredRelation, QuerySet

from linxia_xueji.enums import Sex, Stage
from linxia_xueji.reference import ethnicities
from registry.as_of import enrolled, held
from registry.enums import Boarding, EnrolmentState, LeftBehind
from registry.models import Enrolment
from registry.roster.grades import words_of

UNKNOWN = "未登记"
_DATED = {
    "status": "statuses",
    "grade": "grades",
    "living": "circumstances",
    "facts": "student__key_facts",
}
"""Dated rows of an enrolment: the name under which the row of the day is joined → the way to all of them."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to divide the students.

    :param paths: the columns that tell the groups apart, in the order in which groups are shown.
    :param words: their values → how the group is called.
    :param known: code → word of all there can be, where the list is closed.
    """

    code: str
    label: str
    paths: tuple[str, ...]
    words: Callable[..., str]
    known: Mapping[str, str] | None = None


def _listed(known: Mapping[str, str]) -> Callable[..., str]:
    return lambda value: known.get(value, UNKNOWN) if value else UNKNOWN


def _coded(code: str, label: str, path: str, known: Mapping[str, str]) -> Dimension:
    return Dimension(code, label, (path,), _listed(known), known)


def _school_class(grade: int | None, school_class: str | None) -> str:
    return f"{words_of(grade)}{school_class or '（未分班）'}" if grade else UNKNOWN


DIMENSIONS: dict[str, Dimension] = {
    d.code: d
    for d in (
        Dimension("county", "县市", ("county__code", "county__short_name"), lambda code, name: name or "州直属"),
        Dimension("school", "学校", ("school__code", "school__short_name"), lambda code, name: name),
        _coded("stage", "学段", "stage", dict(Stage.choices)),
        Dimension("grade", "年级", ("grade__grade",), lambda grade: words_of(grade) if grade else UNKNOWN),
        Dimension("class", "班级", ("grade__grade", "grade__school_class"), _school_class),
        _coded("boarding", "就读方式", "living__boarding", dict(Boarding.choices)),
        _coded("left_behind", "是否留守儿童", "living__left_behind", dict(LeftBehind.choices)),
        _coded("ethnicity", "民族", "facts__ethnicity", {e.code: e.name for e in ethnicities().values()}),
        _coded("sex", "性别", "facts__sex", dict(Sex.choices)),
        _coded("state", "学籍状态", "status__status", dict(EnrolmentState.choices)),
    )
}
BY = ("county", "school", "stage", "grade", "class", "boarding", "left_behind", "ethnicity", "sex")
"""What rows can be made of."""
ACROSS = ("state", "sex", "stage", "grade", "boarding", "left_behind", "ethnicity")
"""What columns can be made of: lists short enough to stand beside one another."""


def dated(
    enrolments: QuerySet[Enrolment], paths: Iterable[str], day: date, known: datetime | None = None
) -> QuerySet[Enrolment]:
    """Those active on the day, each with its rows of the day under the names the paths begin with; only what is asked for.

    :param known: as it was known at that moment (`registry.as_of`).
    """
    wanted = {path.partition("__")[0] for path in paths}
    joined = {
        name: FilteredRelation(way, condition=held(day, known, f"{way}__"))
        for name, way in _DATED.items()
        if name in wanted
    }
    return enrolments.filter(enrolled(day, known)).annotate(**joined)
