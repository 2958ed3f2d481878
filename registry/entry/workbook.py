"""The empty list of children to fill in: sample row, notes, drop-downs, text where digits matter."""

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from linxia_xueji.enums import Sex
from linxia_xueji.reference import ETHNICITIES
from registry.admissions.marking import put, saved
from registry.admissions.template import CHOICES, SAMPLE_FILL, add_choices, write_header
from registry.entry.columns import CHILDREN
from registry.enums import IdType

LAST_ROW = 2_000


def template() -> bytes:
    """An .xlsx with the header in row 1 and the sample in row 2; the check skips the sample, so it may stay."""
    book = Workbook()
    sheet = book.active
    sheet.title = CHILDREN.name
    lists = _write_choices(book.create_sheet(CHOICES))
    for index, column in enumerate(CHILDREN.columns, 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column.width
        if column.text:
            sheet.column_dimensions[letter].number_format = "@"
        write_header(sheet, index, column)
        sample = sheet.cell(2, index)
        put(sample, column.sample)
        sample.number_format, sample.fill, sample.font = "@", SAMPLE_FILL, Font(color="FF5B6778")
        if column.choices:
            add_choices(sheet, f"{letter}2:{letter}{LAST_ROW}", column.header, lists[column.choices])
    sheet.freeze_panes = "A2"
    return saved(book)


def _write_choices(sheet: Worksheet) -> dict[str, str]:
    lists = {"证件类型": IdType.labels, "性别": Sex.labels, "民族": [group.name for group in ETHNICITIES.values()]}
    references = {}
    for index, (name, words) in enumerate(lists.items(), 1):
        letter = get_column_letter(index)
        for row, word in enumerate((name, *words), 1):
            put(sheet.cell(row, index), word)
        references[name] = f"{quote_sheetname(CHOICES)}!${letter}$2:${letter}${len(words) + 1}"
    sheet.sheet_state = "hidden"
    return references
