"""The columns a roster may have, each declared once: the page, the workbook and the HTTP interface read it here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from linxia_xueji.secrets import Secret
from registry.enums import IdType
from registry.roster.grades import words_of
from registry.rosters.dimensions import DIMENSIONS


@dataclass(frozen=True, slots=True)
class Column:
    """One column. :param path: where its value stands once the rows of the day are joined.

    :param words: value → text, the whole number of a secret included. :param chosen: unless other columns are chosen.
    """

    code: str
    label: str
    path: str
    words: Callable[[Any], str] = str
    chosen: bool = True
    width: int = 12


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _whole(value: Secret | None) -> str:
    return value.reveal() if value else ""


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _id_type(value: str | None) -> str:
    return IdType(value).label if value in IdType.values else ""


def _dimension(code: str, chosen: bool = True, width: int = 10) -> Column:
    dimension = DIMENSIONS[code]
    return Column(code, dimension.label, dimension.paths[-1], dimension.words, chosen, width)


COLUMNS: dict[str, Column] = {
    c.code: c
    for c in (
        Column("county", "县市", "county__short_name", lambda name: name or "州直属", False),
        Column("school", "学校", "school__name", _text, width=26),
        _dimension("stage", chosen=False),
        Column("grade", "年级", "grade__grade", lambda grade: words_of(grade) if grade else ""),
        Column("class", "班级", "grade__school_class", _text),
        Column("name", "姓名", "facts__name", _text, width=14),
        _dimension("sex", width=6),
        _dimension("ethnicity"),
        Column("birth_date", "出生日期", "facts__birth_date", _day, False),
        Column("national_number", "全国学籍号", "student__national_number", _whole, width=22),
        Column("id_type", "身份证件类型", "facts__id_type", _id_type, False, 14),
        Column("id_number", "身份证件号", "facts__id_number", _whole, False, 22),
        Column("entry_year", "入学年份", "entry_year", _text, False),
        _dimension("state"),
        _dimension("boarding"),
        _dimension("left_behind", width=14),
    )
}
CHOSEN = tuple(code for code, column in COLUMNS.items() if column.chosen)
SECRETS = ("national_number", "id_number")
"""Numbers of a person: masked on the screen, whole in a file."""


def in_order(codes) -> list[Column]:
    """The columns of these codes as they are declared."""
    return [column for code, column in COLUMNS.items() if code in set(codes)]
