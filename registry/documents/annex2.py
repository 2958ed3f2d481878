"""附件2 普通高中学生学籍注册登记表: the list by number, as PDF (A4 landscape) and as Excel."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.template.loader import render_to_string
from import_export import resources
from import_export.fields import Field
from tablib import Dataset

from linxia_xueji.enums import Sex
from registry.documents import wording, workbook
from registry.documents.mark import Mark

PIECE_ROWS = 250
MANY_ROWS = 2_000


@dataclass(frozen=True)
class Annex2Row:
    """One student. Numbers are text; `sex` as coded in GB/T 2261.1; `score` in points, None where there is none."""

    student_number: str
    name: str
    exam_number: str
    sex: str
    ethnicity: str
    birth_date: date | None
    id_number: str
    school_name: str
    score: Decimal | None


@dataclass(frozen=True)
class Annex2:
    """The list of one batch; `proposed` while the province has not yet issued the numbers."""

    year: int
    division_name: str
    unit: str
    rows: tuple[Annex2Row, ...]
    proposed: bool


@dataclass(frozen=True)
class Annex2Sheet:
    """The form in words, in the notice's order: the one source of preview, PDF and Excel."""

    mark: str
    heading: str
    caption: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    margin: str


def _day(row: Annex2Row) -> str:
    """YYYYMMDD, so that it can be held against the digits of the ID number beside it."""
    return f"{row.birth_date:%Y%m%d}" if row.birth_date else ""


def _score(row: Annex2Row) -> str:
    """Points without empty decimals: 481.8, 500."""
    if row.score is None:
        return ""
    text = f"{row.score:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Annex2Resource(resources.Resource):
    """The columns of 附件2, declared once: exports, previews and print all take their rows from here."""

    student_number = Field(attribute="student_number", column_name=wording.ANNEX2_COLUMNS["student_number"])
    name = Field(attribute="name", column_name=wording.ANNEX2_COLUMNS["name"])
    exam_number = Field(attribute="exam_number", column_name=wording.ANNEX2_COLUMNS["exam_number"])
    sex = Field(attribute="sex", column_name=wording.ANNEX2_COLUMNS["sex"])
    ethnicity = Field(attribute="ethnicity", column_name=wording.ANNEX2_COLUMNS["ethnicity"])
    birth_date = Field(attribute="birth_date", column_name=wording.ANNEX2_COLUMNS["birth_date"])
    id_number = Field(attribute="id_number", column_name=wording.ANNEX2_COLUMNS["id_number"])
    school_name = Field(attribute="school_name", column_name=wording.ANNEX2_COLUMNS["school_name"])
    score = Field(attribute="score", column_name=wording.ANNEX2_COLUMNS["score"])

    class Meta:
        export_order = tuple(wording.ANNEX2_COLUMNS)

    def iter_queryset(self, queryset) -> Iterator[Annex2Row]:
        """The rows of a form stand for a queryset."""
        yield from queryset

    def dehydrate_sex(self, row: Annex2Row) -> str:
        """In words."""
        return Sex(row.sex).label if row.sex else ""

    def dehydrate_birth_date(self, row: Annex2Row) -> str:
        """As digits."""
        return _day(row)

    def dehydrate_score(self, row: Annex2Row) -> str:
        """As text."""
        return _score(row)


def annex2_dataset(annex2: Annex2) -> Dataset:
    """The nine columns of the form by 学号 ascending, every value text."""
    rows = sorted(annex2.rows, key=lambda row: row.student_number)
    return Annex2Resource().export(queryset=rows)


def annex2_sheet(annex2: Annex2) -> Annex2Sheet:
    """The form filled in, in the wording of the notice."""
    dataset = annex2_dataset(annex2)
    return Annex2Sheet(
        mark=wording.ANNEX2_MARK,
        heading=wording.ANNEX2_HEADING.format(year=annex2.year, division=annex2.division_name),
        caption=wording.ANNEX2_CAPTION,
        unit=wording.ANNEX2_UNIT.format(unit=annex2.unit).rstrip(),
        columns=tuple(dataset.headers),
        rows=tuple(tuple(row) for row in dataset),
        note=wording.ANNEX2_NOTE,
        margin=wording.ANNEX2_PROPOSED if annex2.proposed else "",
    )


def stretch(sheet: Annex2Sheet, start: int = 0, count: int | None = None) -> dict:
    """What the template of the sheet needs to set `count` rows from `start` on; by default the whole list."""
    end = len(sheet.rows) if count is None else min(start + count, len(sheet.rows))
    rows = [(f"r{number}", sheet.rows[number]) for number in range(start, end)]
    return {"sheet": sheet, "rows": rows, "first": start == 0, "last": end == len(sheet.rows)}


def annex2_pdf(annex2: Annex2, progress: Callable[[int], None] | None = None, *, mark: Mark | None = None) -> bytes:
    """The list on A4 landscape: header row, 第n页 共N页 and the mark, where there is one, on every page.

    :param progress: called with the number of rows set so far.
    """
    from linxia_xueji.pdf import Piece, table_to_pdf

    sheet = annex2_sheet(annex2)

    def piece_from(start: int) -> Piece:
        context = stretch(sheet, start, PIECE_ROWS) | {"paper": True}
        html = render_to_string("registry/documents/annex2.html", context)
        return Piece(html, start + len(context["rows"]), context["last"])

    def footer(first: int, last: int, pages: int) -> tuple[str, str]:
        context = {"numbers": range(first, last + 1), "pages": pages, "sheet": sheet, "mark": mark}
        return (
            render_to_string("registry/documents/annex2_footer.html", context),
            render_to_string("registry/documents/annex2_footer.css"),
        )

    # A process takes a second to start; a short list is done by then.
    processes = (os.cpu_count() or 1) if len(sheet.rows) > MANY_ROWS else 1
    return table_to_pdf(piece_from, render_to_string("registry/documents/annex2.css"), footer, progress, processes)


def annex2_xlsx(annex2: Annex2, mark: Mark | None = None) -> bytes:
    """The same list as a workbook that prints the same way; every number is text; the mark in the footer."""
    sheet = annex2_sheet(annex2)
    book = workbook.new("附件2", widths=(15, 14, 15, 6, 12, 11, 21, 34, 10), landscape=True, one_page=False)
    page = book.active
    workbook.text(page, "A1:I1", sheet.mark)
    workbook.title(page, "A2:I2", sheet.heading)
    workbook.text(page, "A3:I3", sheet.unit)
    workbook.table_row(page, 4, list(sheet.columns), head=True)
    for number, row in enumerate(sheet.rows, start=5):
        workbook.table_row(page, number, list(row))
    end = 5 + len(sheet.rows)
    workbook.text(page, f"A{end}:I{end}", sheet.note)
    page.row_dimensions[3].height = 21
    page.print_title_rows = "4:4"
    page.freeze_panes = "A5"
    page.oddHeader.right.text = sheet.margin or None
    page.oddFooter.center.text = "第&P页 共&N页"
    workbook.footer(page, mark)
    return workbook.saved(book, print_area=f"A1:I{end}")
