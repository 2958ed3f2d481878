"""Files handed back: the user's own workbook with the faulty cells marked, and a workbook of the faulty rows alone.

Whatever begins with = + - @ is data: it is written as text with Excel's quote prefix, and formulas of the user's file
go out as the values they had. Nothing is evaluated here, and nothing is when the file is opened.
"""

import warnings
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from registry.admissions.cells import Cell, is_blank
from registry.admissions.check import Report
from registry.admissions.columns import BY_KEY, COLUMNS, REASONS
from registry.admissions.faults import Fault
from registry.admissions.reading import content_of

_RED = "FFF8B4B4"
_AMBER = "FFFFE08A"
_MARKS = {True: PatternFill("solid", fgColor=_RED), False: PatternFill("solid", fgColor=_AMBER)}
_INERT = ("=", "+", "-", "@", "\t", "\r")
_REASONS_WIDTH = 60
ORIGINAL_ROW = "原行号"
"""Header of the column that says which row of the user's file a faulty row was."""


def marked(source: str | Path | bytes, report: Report) -> bytes:
    """The user's own .xlsx with faulty cells coloured (errors red, warnings amber) and a column 问题 saying why.

    Their formatting stays. A file marked before loses its old marks first, so it may be mended and checked again.
    """
    listing = report.listing
    try:
        with warnings.catch_warnings(action="ignore"):  # about parts of the file that are not kept, such as its theme
            book = load_workbook(BytesIO(content_of(source)), keep_links=False)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        # Office programs write styles openpyxl cannot take; the list itself has been read, so it goes back plain.
        return _plain(report, frozenset(number for number, _ in listing.rows))
    sheet = book[listing.sheet]
    values = {number: cells for number, cells in listing.rows}
    for other in book.worksheets:
        _make_inert(other, values if other is sheet else {})
    reasons = _reasons_column(report)
    by_row = _by_row(report.faults)
    for number, _ in listing.rows:
        for place in listing.places.values():
            _unmark(sheet.cell(number, place + 1))
        put(sheet.cell(number, reasons), None)
    head = sheet.cell(listing.header_row, reasons)
    put(head, REASONS)
    head.font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(reasons)].width = _REASONS_WIDTH
    for number, faults in by_row.items():
        for fault in faults:
            place = listing.places[_KEYS[fault.column]]
            _mark(sheet.cell(number, place + 1), fault)
        _write_reasons(sheet.cell(number, reasons), faults)
    book.active = book.index(sheet)
    return _saved(book)


def faulty_rows(report: Report) -> bytes:
    """The rows with an error as an .xlsx in the user's columns, marked, with 问题 and the row they were."""
    return _plain(report, report.faulty_rows)


def _plain(report: Report, wanted: frozenset[int]) -> bytes:
    """A new workbook with these rows of the list."""
    listing = report.listing
    book = Workbook()
    sheet = book.active
    sheet.title = listing.sheet
    kept = [index for index, header in enumerate(listing.header) if header not in (REASONS, ORIGINAL_ROW)]
    headers = [listing.header[index] for index in kept] + [REASONS, ORIGINAL_ROW]
    for position, header in enumerate(headers, 1):
        head = sheet.cell(1, position)
        put(head, header)
        head.font = Font(bold=True)
    position_of = {index: position for position, index in enumerate(kept, 1)}
    _size(sheet, {key: position_of[place] for key, place in listing.places.items()}, len(kept) + 1)
    by_row = _by_row(report.faults)
    texts = {place for key, place in listing.places.items() if BY_KEY[key].text}
    target = 1
    for number, cells in listing.rows:
        if number not in wanted:
            continue
        target += 1
        for position, index in enumerate(kept, 1):
            put(sheet.cell(target, position), cells[index] if index < len(cells) else None)
            if index in texts:
                sheet.cell(target, position).number_format = "@"
        for fault in by_row.get(number, ()):
            _mark(sheet.cell(target, position_of[listing.places[_KEYS[fault.column]]]), fault)
        _write_reasons(sheet.cell(target, len(kept) + 1), by_row.get(number, []))
        put(sheet.cell(target, len(kept) + 2), number)
    sheet.freeze_panes = "A2"
    return _saved(book)


_KEYS = {column.header: column.key for column in COLUMNS}


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


def _reasons_column(report: Report) -> int:
    """The user's 问题 column of an earlier marking, else the first one right of everything in the list."""
    header = report.listing.header
    if REASONS in header:
        return header.index(REASONS) + 1
    used = [index for index, text in enumerate(header) if text]
    for _, cells in report.listing.rows:
        used.extend(index for index in range(len(cells) - 1, used[-1], -1) if not is_blank(cells[index]))
        used = [max(used)]
    return used[-1] + 2


def _by_row(faults: Iterable[Fault]) -> dict[int, list[Fault]]:
    found: dict[int, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.row, []).append(fault)
    return found


def _mark(cell: SheetCell, fault: Fault) -> None:
    if not isinstance(cell, MergedCell):
        cell.fill = _MARKS[fault.is_error]
        if BY_KEY[_KEYS[fault.column]].text:
            cell.number_format = "@"  # so that what is typed to mend it keeps its digits


def _unmark(cell: SheetCell) -> None:
    if not isinstance(cell, MergedCell) and cell.fill.fgColor.rgb in (_RED, _AMBER):
        cell.fill = PatternFill()


def _write_reasons(cell: SheetCell, faults: list[Fault]) -> None:
    put(cell, "；".join(f"{fault.column}：{fault.sentence}" for fault in faults))
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _size(sheet: Worksheet, positions: dict[str, int], reasons: int) -> None:
    for key, position in positions.items():
        dimension = sheet.column_dimensions[get_column_letter(position)]
        dimension.width = BY_KEY[key].width
        if BY_KEY[key].text:
            dimension.number_format = "@"
    sheet.column_dimensions[get_column_letter(reasons)].width = _REASONS_WIDTH


def _saved(book: Workbook) -> bytes:
    output = BytesIO()
    book.save(output)
    return output.getvalue()
