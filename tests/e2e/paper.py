"""Reading the downloaded forms back, and the fields of the notice's own forms filled with what was entered on the way."""

import re
from pathlib import Path

import openpyxl
import pypdfium2

NOTICE = Path(__file__).resolve().parents[1] / "registry" / "data" / "notice-2022-5.txt"
PLACE1, PLACE2 = "XXX县（市）", "XXX市（州）"


def bare(text: str) -> str:
    """Text without white space: the notice pads its forms freely, and PDF lines break where they must."""
    return re.sub(r"[\s\ufffe\u200b]+", "", text)


def pdf_pages(path: Path) -> list[str]:
    """The bare text of each page."""
    with pypdfium2.PdfDocument(path) as document:
        return [bare(page.get_textpage().get_text_range()) for page in document]


def cells_of(path: Path) -> list[list[str]]:
    """The filled cells of the first sheet, row by row, bare."""
    sheet = openpyxl.load_workbook(path).active
    rows = ([bare(str(cell)) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True))
    return [row for row in rows if row]


def types_of(path: Path, heading: str) -> set[type]:
    """The types of the values below a heading of the first sheet."""
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if heading in row)
    column = rows[top].index(heading)
    return {type(row[column]) for row in rows[top + 1 :] if row[column] is not None and row[column + 1] is not None}


def _form(mark: str, end: str) -> list[str]:
    text = NOTICE.read_text(encoding="utf-8")
    begin = text.rindex(mark)
    return text[begin : text.index(end, begin) if end else None].splitlines()


def annex1_fields(*, year: int, place: str, school: str, values: list[object]) -> list[str]:
    """Each field of 附件1 as the notice prints it, its blanks filled in order; a value of "" leaves the blank empty."""
    left, fields = [str(value) for value in values], []
    for line in _form("附表1:", "\n附件2"):
        line = line.replace("2022届", f"{year}届").replace(PLACE1, place)
        for cell in filter(None, map(str.strip, line.split("\t"))):
            if cell.startswith("学校名称"):
                cell += school
            elif re.search(r"自 |同意 ", cell):
                cell = re.sub(r"(自|至|同意) ", lambda found: found[1] + left.pop(0), cell)
            elif cell.endswith(":") and cell != "附表1:":
                cell += left.pop(0)
            fields.append(bare(cell))
    assert not left
    return fields


def annex2_head(*, year: int, place: str, unit: str) -> list[str]:
    """The lines of 附件2 outside its table, and the nine column heads, as the notice prints them."""
    fields = []
    for line in _form("附件2\n", ""):
        line = line.replace("2022届", f"{year}届").replace(PLACE2, place)
        fields += [bare(cell) + (unit if "填表单位" in cell else "") for cell in line.split("\t") if bare(cell)]
    return [field for field in fields if not field.startswith("2213")]
