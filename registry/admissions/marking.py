"""Marking the user's own workbook with openpyxl. Runs in the sandbox, without Django; so nothing of the check is here."""

import warnings
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from registry.admissions.opening import Cell

_RED = "FFF8B4B4"
_AMBER = "FFFFE08A"
_MARKS = {True: PatternFill("solid", fgColor=_RED), False: PatternFill("solid", fgColor=_AMBER)}
_INERT = ("=", "+", "-", "@", "\t", "\r")
REASONS_WIDTH = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be marked; rows and columns as Excel counts them.

    :param columns: those of the list. :param reasons: the one that says why, with this `title`.
    :param rows: row → its cells as the check saw them. :param marks: row, column, whether an error, whether kept as text.
    :param sentences: row → what is wrong with it.
    """

    sheet: str
    header_row: int
    columns: list[int]
    reasons: int
    title: str
    rows: dict[int, list[Cell]]
    marks: list[tuple[int, int, bool, bool]]
    sentences: dict[int, str]


def mark(content: bytes, plan: Plan) -> bytes:
    """The workbook with old marks taken off, faulty cells coloured and the column of reasons; formulas are values."""
    with warnings.catch_warnings(action="ignore"):  # about parts of the file that are not kept, such as its theme
        book = load_workbook(BytesIO(content), keep_links=False)
    sheet = book[plan.sheet]
    for other in book.worksheets:
        _make_inert(other, plan.rows if other is sheet else {})
    for number in plan.rows:
        for column in plan.columns:
            _unmark(sheet.cell(number, column))
        put(sheet.cell(number, plan.reasons), None)
    head = sheet.cell(plan.header_row, plan.reasons)
    put(head, plan.title)
    head.font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(plan.reasons)].width = REASONS_WIDTH
    for number, column, error, text in plan.marks:
        colour(sheet.cell(number, column), error, text)
    for number, sentence in plan.sentences.items():
        write_reasons(sheet.cell(number, plan.reasons), sentence)
    book.active = book.index(sheet)
    return saved(book)


def put(cell: SheetCell, value: Cell | Decimal | None) -> None:
    """Write a value as data: text stays text whatever it begins with."""
    if value is None or isinstance(value, str) and not value:
        cell.value = None
        return
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.value = text
        cell.data_type = "s"
        if text.startswith(_INERT):
            cell.quotePrefix = True
        return
    cell.value = value
    if isinstance(value, date) and not isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd"


def colour(cell: SheetCell, error: bool, text: bool) -> None:
    """Mark a faulty cell; one kept as text so that what is typed to mend it keeps its digits."""
    if not isinstance(cell, MergedCell):
        cell.fill = _MARKS[error]
        if text:
            cell.number_format = "@"


def write_reasons(cell: SheetCell, sentence: str) -> None:
    """What is wrong with the row, wrapped."""
    put(cell, sentence)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def saved(book: Workbook) -> bytes:
    """The bytes of the file."""
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def _make_inert(sheet: Worksheet, values: dict[int, list[Cell]]) -> None:
    """Formulas become the values the check saw (elsewhere their text); text that looks like a formula is quoted."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, MergedCell) or cell.value is None:
                continue
            if cell.data_type == "f" or not isinstance(cell.value, str | int | float | bool | date | time | timedelta):
                cells = values.get(cell.row, ())
                put(cell, cells[cell.column - 1] if cell.column <= len(cells) else _formula_text(cell.value))
            elif cell.data_type in ("s", "inlineStr") and cell.value.startswith(_INERT):
                cell.quotePrefix = True
            if cell.hyperlink:
                cell.hyperlink = None


def _formula_text(value: Any) -> str:
    return value if isinstance(value, str) else str(getattr(value, "text", None) or "")


def _unmark(cell: SheetCell) -> None:
    if not isinstance(cell, MergedCell) and cell.fill.fgColor.rgb in (_RED, _AMBER):
        cell.fill = PatternFill()
