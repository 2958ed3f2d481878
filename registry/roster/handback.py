"""Files handed back: the user's own workbook marked, or, where it is too long for that, the rows that cannot be imported."""

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from linxia_xueji import sandbox
from linxia_xueji.refusal import Refusal
from registry.admissions.columns import REASONS
from registry.admissions.faults import Fault
from registry.admissions.marking import REASONS_WIDTH, Plan, colour, put, saved, write_reasons
from registry.admissions.workbook import ORIGINAL_ROW
from registry.roster.check import Report
from registry.roster.columns import COLUMNS

MOST_MARKED = 4_000
"""Rows of seventy columns that can be marked in the user's own file in good time."""
_LIMITS = sandbox.Limits(memory=1536 * 1024 * 1024, processor=60, seconds=90, scratch=512 * 1024 * 1024)
_KEY_OF = {column.header: column.key for column in COLUMNS}


def handed_back(content: bytes, report: Report, faults: list[Fault]) -> bytes:
    """An .xlsx with the faulty cells coloured and a column 问题: their own file, or its faulty rows in the same columns."""
    if report.rows <= MOST_MARKED:
        try:
            return sandbox.run("registry.admissions.marking:mark", content, _plan(report, faults), limits=_LIMITS)
        except Refusal:
            pass  # styles openpyxl cannot take: the rows go back plain
    return _plain(report, faults)


def _plan(report: Report, faults: list[Fault]) -> Plan:
    listing = report.listing
    used = max([len(listing.header), *(len(cells) for _, cells in listing.rows)])
    reasons = listing.header.index(REASONS) + 1 if REASONS in listing.header else used + 1
    return Plan(
        sheet=listing.sheet, header_row=listing.header_row, columns=[place + 1 for place in listing.places.values()],
        reasons=reasons, title=REASONS, rows=dict(listing.rows),
        marks=[(f.row, place + 1, f.is_error, True) for f in faults if (place := _place(report, f)) is not None],
        sentences={row: _sentence(found) for row, found in _by_row(faults).items()},
    )  # fmt: skip


def _plain(report: Report, faults: list[Fault]) -> bytes:
    """A new workbook with the rows that have a fault, in the user's columns, with the row they were."""
    listing, by_row = report.listing, _by_row(faults)
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = "不能导入的行"
    headers = [header for header in listing.header if header not in (REASONS, ORIGINAL_ROW)]
    kept = [index for index, header in enumerate(listing.header) if header not in (REASONS, ORIGINAL_ROW)]
    for position, header in enumerate([*headers, REASONS, ORIGINAL_ROW], 1):
        head = sheet.cell(1, position)
        put(head, header)
        head.font = Font(bold=True)
    for target, (number, cells) in enumerate(((n, c) for n, c in listing.rows if n in by_row), 2):
        for position, index in enumerate(kept, 1):
            cell = sheet.cell(target, position)
            put(cell, cells[index] if index < len(cells) else None)
            cell.number_format = "@"
        for found in by_row[number]:
            if (place := _place(report, found)) in kept:
                colour(sheet.cell(target, kept.index(place) + 1), found.is_error, True)
        write_reasons(sheet.cell(target, len(kept) + 1), _sentence(by_row[number]))
        put(sheet.cell(target, len(kept) + 2), number)
    sheet.column_dimensions[get_column_letter(len(kept) + 1)].width = REASONS_WIDTH
    sheet.freeze_panes = "A2"
    return saved(book)


def _place(report: Report, found: Fault) -> int | None:
    """Where the column of a fault stands in the file; None where the file lacks it (年级 may be asked for)."""
    return report.listing.places.get(_KEY_OF[found.column])


def _by_row(faults: list[Fault]) -> dict[int, list[Fault]]:
    rows: dict[int, list[Fault]] = {}
    for found in faults:
        rows.setdefault(found.row, []).append(found)
    return rows


def _sentence(faults: list[Fault]) -> str:
    return "；".join(f"{f.column}：{f.sentence}" for f in faults)
