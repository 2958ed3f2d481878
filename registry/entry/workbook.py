"""The empty list of children to fill in: sample row, notes, drop-downs, text where digits matter."""

from openpyxl import Workbook

from linxia_xueji.enums import Sex
from linxia_xueji.reference import ETHNICITIES
from registry.admissions.marking import saved
from registry.admissions.template import CHOICES, write_choices, write_table
from registry.entry.columns import CHILDREN
from registry.enums import IdType

LAST_ROW = 2_000


def template() -> bytes:
    """An .xlsx with the header in row 1 and the sample in row 2; the check skips the sample, so it may stay."""
    book = Workbook()
    sheet = book.active
    sheet.title = CHILDREN.name
    words = {"证件类型": IdType.labels, "性别": Sex.labels, "民族": [group.name for group in ETHNICITIES.values()]}
    write_table(sheet, CHILDREN.columns, write_choices(book.create_sheet(CHOICES), words), LAST_ROW)
    return saved(book)
