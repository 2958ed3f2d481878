"""From what stands in a cell to what is meant: harmless habits are accepted, anything else gives None. Pure.

A cell is what python-calamine gives: str, float, int, bool, date, datetime, time or timedelta.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from linxia_xueji.dates import parse_date
from linxia_xueji.enums import Sex
from linxia_xueji.identity import half_width, id_normal, tidy_name, without_blanks
from linxia_xueji.reference import ethnicity_code
from registry.admissions.lookups import Lookups

Cell = str | float | int | bool | date | time | timedelta

_SEXES = {
    "男": Sex.MALE, "男性": Sex.MALE, "男生": Sex.MALE, "1": Sex.MALE,
    "女": Sex.FEMALE, "女性": Sex.FEMALE, "女生": Sex.FEMALE, "2": Sex.FEMALE,
}  # fmt: skip
_WHOLE = re.compile(r"([0-9]+)\.0+")
_SCORE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2}0*)?")
_TIME = re.compile(r"(?<=\d)[T\s]+\d{1,2}:\d{2}.*$", re.DOTALL)

# Excel keeps 15 significant digits; its day 0 is the one before 1900-01-01 with the leap day that never was.
SIGNIFICANT = 15
_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(10_000, 60_000)


def is_number(cell: Cell) -> bool:
    """Whether Excel keeps the cell as a number (dates are numbers to Excel, truth values are not)."""
    return isinstance(cell, int | float | date | time | timedelta) and not isinstance(cell, bool)


def text_of(cell: Cell) -> str:
    """The cell as its reader sees it: half-width text without blanks around it; 2213000001.0 is 2213000001."""
    if isinstance(cell, str):
        # Most cells are plain letters or digits, with nothing to fold and nothing to strip.
        return cell if cell.isascii() and cell.isalnum() else half_width(cell).strip().strip("\ufeff\u200b")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return str(int(cell)) if cell == int(cell) else format(cell, f".{SIGNIFICANT}g")
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def is_blank(cell: Cell | None) -> bool:
    """Nothing to be seen in the cell."""
    return cell is None or (isinstance(cell, str) and not without_blanks(cell))


def code(cell: Cell) -> str:
    """A code or a number kept as text: without blanks, quotes and the .0 of a number."""
    if isinstance(cell, str) and cell.isascii() and cell.isalnum():
        return cell
    text = without_blanks(text_of(cell)).lstrip("'’‘`")
    whole = _WHOLE.fullmatch(text)
    return whole.group(1) if whole else text


def exam_number(cell: Cell, lookups: Lookups) -> str | None:
    """准考证号 as text; a number is taken as its digits. None where Excel has rounded it."""
    if isinstance(cell, float | int) and abs(cell) >= 10**SIGNIFICANT:
        return None
    return code(cell)


def name(cell: Cell, lookups: Lookups) -> str:
    """姓名 as entered, without blanks nobody meant."""
    return tidy_name(cell if isinstance(cell, str) else text_of(cell))


def sex(cell: Cell, lookups: Lookups) -> Sex | None:
    """性别: 男, 女, 男性, 女性, or the codes 1 and 2 (GB/T 2261.1)."""
    return _SEXES.get(code(cell))


def ethnicity(cell: Cell, lookups: Lookups) -> str | None:
    """民族 as its code of GB/T 3304, from 东乡族 or 东乡. Codes are not taken: 26族 is a slip of some program."""
    text = code(cell)
    return None if any(character.isdigit() for character in text) else ethnicity_code(text)


def day(cell: Cell) -> date | None:
    """A day: an Excel date, its unformatted number, or any form `parse_date` reads; a time of day is left off."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in _SERIALS:
        return _DAY_ZERO + timedelta(days=int(cell))
    text = text_of(cell).replace("号", "日").translate({0x2013: "-", 0x2014: "-"})
    text = without_blanks(_TIME.sub("", text))
    try:
        return parse_date(_WHOLE.sub(r"\1", text) if _WHOLE.fullmatch(text) else text)
    except ValueError:
        return None


def birth(cell: Cell, lookups: Lookups) -> date | None:
    """出生日期, however it is written."""
    return day(cell)


def id_number(cell: Cell, lookups: Lookups) -> str:
    """身份证号 in normal form; what is wrong with it `linxia_xueji.identity.id_fault` says."""
    return id_normal(text_of(cell))


def county(cell: Cell, lookups: Lookups) -> str | None:
    """报名县市 as its division code, from the full, the short or the bare name."""
    return lookups.county(code(cell))


def school(cell: Cell, lookups: Lookups) -> str | None:
    """录取学校 as its code, from any of its names of the year."""
    return lookups.school(code(cell))


def score(cell: Cell, lookups: Lookups) -> Decimal | None:
    """中考成绩 with up to two decimals, not negative and not above the maximum where one is set."""
    if isinstance(cell, bool | date | time | timedelta):
        return None
    text = without_blanks(text_of(cell)).removesuffix("分")
    if not _SCORE.fullmatch(text):
        return None
    value = Decimal(text).quantize(Decimal("0.01"))
    return None if lookups.max_score is not None and value > lookups.max_score else value
