"""Files handed back: the user's own workbook with the faulty cells marked, and a workbook of the faulty rows alone.

Whatever begins with = + - @ is data: it is written as text with Excel's quote prefix, and formulas of the user's file
go out as the values they had. Nothing is evaluated here, and nothing is when the file is opened.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from linxia_xueji import sandbox
from linxia_xueji.refusal import Refusal
from registry.admissions.cells import is_blank
from registry.admissions.check import Report
from registry.admissions.columns import BY_KEY, COLUMNS, REASONS
from registry.admissions.faults import Fault
from registry.admissions.marking import REASONS_WIDTH, Plan, colour, put, saved, write_reasons
from registry.admissions.reading import content_of

# What Excel does not take in the name of a sheet; another program may have written it.
_NO_TITLE = re.compile(r"[\\*?:/\[\]\x00-\x1f\ufffe\uffff]")
_LIMITS = sandbox.Limits(memory=1536 * 1024 * 1024, processor=60, seconds=90, scratch=512 * 1024 * 1024)
ORIGINAL_ROW = "原行号"
"""Header of the column that says which row of the user's file a faulty row was."""


def marked(source: str | Path | bytes, report: Report) -> bytes:
    """The user's own .xlsx with faulty cells coloured (errors red, warnings amber) and a column 问题 saying why.

    Their formatting stays. A file marked before loses its old marks first, so it may be mended and checked again.
    """
    listing = report.listing
    try:
        return sandbox.run("registry.admissions.marking:mark", content_of(source), _plan(report), limits=_LIMITS)
    except Refusal:
        # Office programs write styles openpyxl cannot take; the list itself has been read, so it goes back plain.
        return _plain(report, frozenset(number for number, _ in listing.rows))


def _plan(report: Report) -> Plan:
    """What is to be marked, in words the sandbox understands: numbers of rows and columns, texts."""
    listing = report.listing
    by_row = _by_row(report.faults)
    return Plan(
        sheet=listing.sheet,
        header_row=listing.header_row,
        columns=[place + 1 for place in listing.places.values()],
        reasons=_reasons_column(report),
        title=REASONS,
        rows=dict(listing.rows),
        marks=[
            (number, listing.places[_KEYS[fault.column]] + 1, fault.is_error, BY_KEY[_KEYS[fault.column]].text)
            for number, faults in by_row.items()
            for fault in faults
        ],
        sentences={number: _sentence(faults) for number, faults in by_row.items()},
    )


def faulty_rows(report: Report) -> bytes:
    """The rows with an error as an .xlsx in the user's columns, marked, with 问题 and the row they were."""
    return _plain(report, report.faulty_rows)


def _plain(report: Report, wanted: frozenset[int]) -> bytes:
    """A new workbook with these rows of the list."""
    listing = report.listing
    book = Workbook()
    sheet = book.active
    sheet.title = _NO_TITLE.sub("", listing.sheet)[:31].strip("'") or "录取名单"
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
            key = _KEYS[fault.column]
            colour(sheet.cell(target, position_of[listing.places[key]]), fault.is_error, BY_KEY[key].text)
        write_reasons(sheet.cell(target, len(kept) + 1), _sentence(by_row.get(number, [])))
        put(sheet.cell(target, len(kept) + 2), number)
    sheet.freeze_panes = "A2"
    return saved(book)


_KEYS = {column.header: column.key for column in COLUMNS}


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


def _sentence(faults: list[Fault]) -> str:
    return "；".join(f"{fault.column}：{fault.sentence}" for fault in faults)


def _size(sheet: Worksheet, positions: dict[str, int], reasons: int) -> None:
    for key, position in positions.items():
        dimension = sheet.column_dimensions[get_column_letter(position)]
        dimension.width = BY_KEY[key].width
        if BY_KEY[key].text:
            dimension.number_format = "@"
    sheet.column_dimensions[get_column_letter(reasons)].width = REASONS_WIDTH
