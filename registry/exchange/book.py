"""The national file as a workbook: every cell text, so that Excel and LibreOffice leave 18 digits and dates alone."""

from collections.abc import Iterable
from io import BytesIO

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from xlsxwriter import Workbook

from registry.roster.columns import TEMPLATE

SHEET = "学生基础信息"


def workbook(rows: Iterable[list[str]]) -> bytes:
    """The file; written row by row, in memory that does not grow with them."""
    output = BytesIO()
    with Workbook(output, {"constant_memory": True}) as book:
        sheet, text = book.add_worksheet(SHEET), book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(TEMPLATE) - 1, 14, text)
        for place, column in enumerate(TEMPLATE):
            sheet.write_string(0, place, column.header, head)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if value:
                    sheet.write_string(number, place, ILLEGAL_CHARACTERS_RE.sub("", value), text)
    return output.getvalue()
