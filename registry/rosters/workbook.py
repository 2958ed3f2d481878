"""Counts and rosters as Excel: one sheet, what it shows on the first line, numbers of people as text."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from registry.rosters.counting import Counts

_WIDTH = 14
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def counts_book(counts: Counts, told: str) -> bytes:
    """The table of counts. :param told: what it shows, as of which day."""
    heads = (counts.by.label, *counts.heads, "合计")
    rows = [(line.label, *line.figures, line.total) for line in (*counts.lines, counts.sums)]
    return book("人数统计", told, heads, rows)


def book(title: str, told: str, heads: Sequence[str], rows: Iterable[Sequence[str | int]], widths=()) -> bytes:
    """A sheet with a line of what it shows, the heads and the rows. Texts stay texts, whatever they look like.

    :param widths: of the columns, in characters; 14 where none is given.
    """
    output = BytesIO()
    with xlsxwriter.Workbook(output, OPTIONS | {"constant_memory": True}) as made:
        write_table(made, title, told, heads, rows, widths)
    return output.getvalue()


def write_table(
    made: xlsxwriter.Workbook,
    title: str,
    told: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    widths=(),
) -> None:
    """One such sheet of a workbook."""
    sheet = made.add_worksheet(title)
    text, head = made.add_format({"num_format": "@"}), made.add_format({"bold": True, "bottom": 1})
    for number, _ in enumerate(heads):
        sheet.set_column(number, number, widths[number] if widths else _WIDTH)
    sheet.freeze_panes(2, 0)
    sheet.write_string(0, 0, told)
    for number, words in enumerate(heads):
        sheet.write_string(1, number, words, head)
    for place, row in enumerate(rows, 2):
        for number, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(place, number, value)
            elif value:
                sheet.write_string(place, number, ILLEGAL_CHARACTERS_RE.sub("", value), text)
