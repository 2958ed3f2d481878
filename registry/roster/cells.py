"""From what stands in a cell of the national export to what is meant. Pure; None where it cannot be read."""

import re
from datetime import date, datetime, timedelta

from linxia_xueji.enums import Sex
from linxia_xueji.identity import without_blanks
from linxia_xueji.reference import ETHNICITIES, ethnicity_code
from registry.admissions.cells import Cell, text_of
from registry.enums import Boarding, EnrolmentState, IdType, LeftBehind

_SEXES = {"男": Sex.MALE, "1": Sex.MALE, "女": Sex.FEMALE, "2": Sex.FEMALE, "男性": Sex.MALE, "女性": Sex.FEMALE}
_MONTH = re.compile(r"(\d{4})[-./年]?(\d{1,2})(?:月|[-./月]?\d{0,2}日?)?")
_NATIONAL = re.compile(r"[GLJ][0-9A-Z]{18}")
_RESIDENT = {"1", "01", "居民身份证", "身份证"}
_NO_PAPER = {"0", "00", "无", "无证件"}
_STATES = {
    "在读": EnrolmentState.ENROLLED, "在校": EnrolmentState.ENROLLED, "正常": EnrolmentState.ENROLLED,
    "休学": EnrolmentState.SUSPENDED, "休学中": EnrolmentState.SUSPENDED,
}  # fmt: skip


def code(cell: Cell) -> str:
    """A short text without blanks; 03.0 of a number cell is 3."""
    return without_blanks(text_of(cell)).lstrip("'’‘`")


def after_dash(text: str) -> str:
    """Exports write code and words together, 1-男 or 03-回族: the words."""
    return text.split("-", 1)[1] if re.match(r"[0-9A-Z]{1,3}-", text) else text


def sex(cell: Cell) -> Sex | None:
    """男, 女, 1, 2 (GB/T 2261.1)."""
    return _SEXES.get(after_dash(code(cell)))


def ethnicity(cell: Cell) -> str | None:
    """The code of GB/T 3304 from its name or the code itself, a lost leading zero put back."""
    text = after_dash(code(cell))
    if text.isdecimal():
        return text.zfill(2) if text.zfill(2) in ETHNICITIES else None
    return ethnicity_code(text)


def id_type(cell: Cell | None) -> IdType:
    """居民身份证, none at all, or any other paper (its own word stays in what is kept of the row)."""
    text = after_dash(code(cell)) if cell is not None else ""
    if not text or text in _NO_PAPER:
        return IdType.NONE
    return IdType.RESIDENT if text in _RESIDENT else IdType.OTHER


def entry(cell: Cell) -> date | None:
    """The first day of 入学年月: 202409, 2024-09, 20240901, a date."""
    if isinstance(cell, datetime | date):
        return date(cell.year, cell.month, 1)
    if isinstance(cell, timedelta | bool):
        return None
    match = _MONTH.fullmatch(code(cell))
    try:
        return date(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        return None


def national_number(cell: Cell) -> str | None:
    """全国学籍号 as text: G, L or J and 18 characters."""
    text = code(cell).upper()
    return text if _NATIONAL.fullmatch(text) else None


def status(cell: Cell) -> EnrolmentState | None:
    """在读 or 休学; whoever left is not loaded."""
    return _STATES.get(after_dash(code(cell)))


def boarding(cell: Cell | None) -> str:
    """就读方式 as its code, from the word, the code or both; "" where it is none of them."""
    return _choice(cell, Boarding, {"住宿": Boarding.BOARDER, "寄宿": Boarding.BOARDER})


def left_behind(cell: Cell | None) -> str:
    """是否留守儿童 as its code; 否 is one word for it (assumed), 是 alone leaves open which and is none."""
    return _choice(cell, LeftBehind, {"否": LeftBehind.NO})


def _choice(cell: Cell | None, choices, aliases: dict[str, str]) -> str:
    text = after_dash(code(cell)) if cell is not None else ""
    if text in choices.values:
        return choices(text).value
    named = {choice.label: choice.value for choice in choices}
    return str(named.get(text) or aliases.get(text, ""))
