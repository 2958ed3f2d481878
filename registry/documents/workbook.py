"""Setting a form in a workbook: every cell is text, inert whatever it begins with, framed and ready to print."""

import io
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from registry.documents.mark import Mark
from registry.documents.wording import Part

FONT = "宋体"
_THIN = Side(style="thin")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BODY, _HEAD, _TITLE = Font(name=FONT, size=12), Font(name=FONT, size=11), Font(name=FONT, size=18, bold=True)
_SMALL = Font(name=FONT, size=10)
_BLANK = "　　　　　"
# What Excel and its kin take for the beginning of a formula.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def new(name: str, *, widths: tuple[float, ...], landscape: bool, one_page: bool) -> Workbook:
    """A workbook with one A4 sheet. :param widths: of the columns, in characters."""
    book = Workbook()
    page = book.active
    page.title = name
    for number, width in enumerate(widths):
        page.column_dimensions[chr(ord("A") + number)].width = width
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "landscape" if landscape else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, int(one_page)
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.5
    return book


def put(cell: Cell, value: str) -> None:
    """Text that stays text: no formula, no number, no date, whatever it looks like."""
    value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.value = value
    cell.number_format = "@"
    if value:
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_ACTIVE)


def _area(page: Worksheet, area: str) -> Cell:
    """The first cell of an area, merged where it is more than one cell."""
    if ":" in area:
        page.merge_cells(area)
    return page[area.partition(":")[0]]


def _frame(page: Worksheet, area: str) -> None:
    for line in page[area] if ":" in area else ((page[area],),):
        for cell in line:
            cell.border = _FRAME


def text(
    page: Worksheet, area: str, value: str, *, framed: bool = False, centred: bool = False, bottom: bool = False
) -> None:
    """Words in a cell or a merged area."""
    cell = _area(page, area)
    put(cell, value)
    cell.font = _BODY
    horizontal = "center" if centred else "left"
    cell.alignment = Alignment(horizontal=horizontal, vertical="bottom" if bottom else "center", wrap_text=True)
    if framed:
        _frame(page, area)


def title(page: Worksheet, area: str, value: str) -> None:
    """The heading, across the sheet; shrinks for the longest county's name."""
    cell = _area(page, area)
    put(cell, value)
    cell.font = _TITLE
    cell.alignment = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
    page.row_dimensions[cell.row].height = 42


def sentence(page: Worksheet, area: str, parts: tuple[Part, ...]) -> None:
    """A sentence with its blanks underlined: filled, or an empty line."""
    cell = _area(page, area)
    line = InlineFont(rFont=FONT, sz=12, u="single")
    plain = InlineFont(rFont=FONT, sz=12)
    cell.value = CellRichText(
        *(TextBlock(line, f" {p.text} " if p.text else _BLANK) if p.gap else TextBlock(plain, p.text) for p in parts)
    )
    cell.number_format = "@"
    cell.font = _BODY
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    _frame(page, area)


def signature(page: Worksheet, row: int, signer: str, seal: str) -> None:
    """The line for hand and stamp: signer on the left, seal and date on the right, one field without a rule between."""
    for column, value, horizontal in (("B", signer, "left"), ("C", seal, "right")):
        cell = page[f"{column}{row}"]
        put(cell, value)
        cell.font = _BODY
        cell.alignment = Alignment(horizontal=horizontal, vertical="bottom", indent=1)
    page[f"B{row}"].border = Border(left=_THIN, top=_THIN, bottom=_THIN)
    page[f"C{row}"].border = Border(right=_THIN, top=_THIN, bottom=_THIN)
    page.row_dimensions[row].height = 105


def table_row(page: Worksheet, row: int, values: list[str], *, head: bool = False) -> None:
    """A framed row of the list, each value in its own cell."""
    for number, value in enumerate(values, start=1):
        cell = page.cell(row, number)
        put(cell, value)
        cell.font = _HEAD if head else _SMALL
        cell.alignment = _LIST
        cell.border = _FRAME


def footer(page: Worksheet, mark: Mark | None) -> None:
    """The mark, where there is one, in the left of the bottom margin, outside the form."""
    if mark:
        page.oddFooter.left.text, page.oddFooter.left.size = mark.line, 8


_LIST = Alignment(horizontal="center", vertical="center", wrap_text=True)


def saved(book: Workbook, *, print_area: str | None = None) -> bytes:
    """The file. It names no author; its dates are fixed so that equal content gives equal properties."""
    book.active.print_area = print_area
    book.properties.creator = ""
    book.properties.created = book.properties.modified = datetime(2022, 8, 25, tzinfo=UTC).replace(tzinfo=None)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
