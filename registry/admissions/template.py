"""The empty list to fill in: sample row, required marks, notes on the headers, drop-downs, text where digits matter."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from linxia_xueji.enums import Sex
from linxia_xueji.reference import ETHNICITIES
from registry.admissions.columns import COLUMNS, SAMPLE_MARK
from registry.admissions.lookups import Lookups
from registry.admissions.marking import put

SHEET = "录取名单"
CHOICES = "选项"
LAST_ROW = 30_000
_THIN = Side(style="thin", color="FFD6DCE4")
_HEAD = PatternFill("solid", fgColor="FFE7F0FA")
SAMPLE_FILL = PatternFill("solid", fgColor="FFF1F4F8")


def template(lookups: Lookups) -> bytes:
    """An .xlsx with the header in row 1 and the sample in row 2; the check skips the sample, so it may stay."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    lists = write_choices(book.create_sheet(CHOICES), _choices(lookups))
    samples = [_sample(column.key, column.sample, lookups) for column in COLUMNS]
    write_table(sheet, COLUMNS, lists, LAST_ROW, samples)
    _write_guidance(book.create_sheet("填写说明"))
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def write_table(
    sheet: Worksheet, columns: Sequence, lists: dict[str, str], last: int, samples: Sequence[str] = ()
) -> None:
    """The head in row 1, the sample in row 2, and drop-downs down to the last row.

    :param lists: references of `write_choices`. :param samples: in place of the columns' own.
    """
    for index, column in enumerate(columns, 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column.width
        if column.text:
            sheet.column_dimensions[letter].number_format = "@"
        write_header(sheet, index, column)
        sample = sheet.cell(2, index)
        put(sample, samples[index - 1] if samples else column.sample)
        sample.number_format, sample.fill, sample.font = "@", SAMPLE_FILL, Font(color="FF5B6778")
        if column.choices:
            add_choices(sheet, f"{letter}2:{letter}{last}", column.header, lists[column.choices])
    sheet.freeze_panes = "A2"


def write_header(sheet: Worksheet, index: int, column) -> None:
    """The head of a column (header, required, note), with a note on how to fill it in."""
    head = sheet.cell(1, index, f"{column.header}{'*' if column.required else ''}")
    head.font = Font(bold=True)
    head.fill = _HEAD
    head.border = Border(bottom=_THIN)
    head.alignment = Alignment(horizontal="center", vertical="center")
    head.comment = Comment(f"{'必填' if column.required else '选填'}。{column.note}", "学籍管理门户", 90, 220)


def _sample(key: str, sample: str, lookups: Lookups) -> str:
    """The sample's own words; county and school are taken from the lists so that the drop-downs agree with them."""
    if key == "county":
        return next(reversed(_counties(lookups)), sample)
    return next(iter(_schools(lookups)), sample) if key == "school" else sample


def _counties(lookups: Lookups) -> list[str]:
    return [short for _, short in lookups.county_names.values()]


def _schools(lookups: Lookups) -> list[str]:
    return [names[0] for names in lookups.school_names.values()]


def _choices(lookups: Lookups) -> dict[str, Sequence[str]]:
    return {
        "性别": [sex.label for sex in Sex], "民族": [group.name for group in ETHNICITIES.values()],
        "报名县市": _counties(lookups), "录取学校": _schools(lookups),
    }  # fmt: skip


def write_choices(sheet: Worksheet, lists: dict[str, Sequence[str]]) -> dict[str, str]:
    """The lists the drop-downs draw from, on a hidden sheet; name → reference of its cells."""
    references = {}
    for index, (name, words) in enumerate(lists.items(), 1):
        letter = get_column_letter(index)
        for row, word in enumerate((name, *words), 1):
            put(sheet.cell(row, index), word)
        references[name] = f"{quote_sheetname(CHOICES)}!${letter}$2:${letter}${max(len(words), 1) + 1}"
    sheet.sheet_state = "hidden"
    return references


def add_choices(sheet: Worksheet, cells: str, header: str, reference: str) -> None:
    """Warn, do not stop: short names and former names are accepted by the check."""
    validation = DataValidation(type="list", formula1=reference, allow_blank=True, errorStyle="warning")
    validation.errorTitle, validation.error = header, f"列表中没有这个{header}，是否仍然填写"
    validation.showErrorMessage = True
    sheet.add_data_validation(validation)
    validation.add(cells)


def _write_guidance(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 70
    rows = [("列", "怎么填")] + [
        (column.header, f"{'必填' if column.required else '选填'}，{column.note}") for column in COLUMNS
    ]
    rows.append(("示例行", f"第2行是示例，序号为“{SAMPLE_MARK}”的行不会导入，可以保留"))
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
