"""附件1 普通高中新生学籍注册审批表: one page for hand and stamp, as PDF (A4 portrait) and as Excel."""

from dataclasses import asdict, dataclass
from functools import partial

from django.template.loader import render_to_string

from registry.documents import wording, workbook
from registry.documents.mark import Mark, mark_pages
from registry.documents.wording import Part


@dataclass(frozen=True)
class SchoolBox:
    """What the school reports: persons, and the range of numbers it asks for (text)."""

    plan: int | None = None
    actual: int | None = None
    applied: int | None = None
    first_number: str | None = None
    last_number: str | None = None


@dataclass(frozen=True)
class CountyBox:
    """What the county bureau enters, in persons."""

    graduates: int | None = None
    plan: int | None = None
    agreed: int | None = None


@dataclass(frozen=True)
class PrefectureBox:
    """What the prefecture agrees to: persons, and the range of numbers (text)."""

    agreed: int | None = None
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True)
class Annex1:
    """The figures of one batch, as far as each level has signed them; None leaves the blank empty.

    `county_name` is the full name of the county whose bureau decides, None for a school run by the prefecture itself:
    then the heading reads 临夏州直属 and the county's box stays empty.
    """

    year: int
    county_name: str | None
    school_name: str
    school: SchoolBox | None = None
    county: CountyBox | None = None
    prefecture: PrefectureBox | None = None


@dataclass(frozen=True)
class FilledBox:
    """A box ready to be set: label lines, sentences cut into words and blanks, signer."""

    label: tuple[str, ...]
    sentences: tuple[tuple[Part, ...], ...]
    signer: str
    seal: str = wording.SEAL

    @property
    def rows(self) -> int:
        """Rows of the table it takes: its sentences and the line for signature and seal."""
        return len(self.sentences) + 1


@dataclass(frozen=True)
class Annex1Sheet:
    """The whole form in words, in the notice's order: the one source of preview, PDF and Excel."""

    mark: str
    heading: str
    caption: str
    school: str
    boxes: tuple[FilledBox, ...]

    @property
    def lead(self) -> str:
        """The heading without the form's own name: the one place where a long heading may break."""
        return self.heading.removesuffix(self.caption)


def annex1_sheet(annex1: Annex1) -> Annex1Sheet:
    """The form filled in, in the wording of the notice."""
    county = wording.ANNEX1_DIRECT if annex1.county_name is None else annex1.county_name
    boxes = []
    for box in wording.ANNEX1_BOXES:
        nobody = box.name == "county" and annex1.county_name is None
        figures = None if nobody else getattr(annex1, box.name)
        values, hint = asdict(figures) if figures else {}, "" if nobody else box.hint
        boxes.append(FilledBox(box.label, tuple(wording.filled(s, values, hint) for s in box.sentences), box.signer))
    return Annex1Sheet(
        mark=wording.ANNEX1_MARK,
        heading=wording.ANNEX1_HEADING.format(year=annex1.year, county=county),
        caption=wording.ANNEX1_CAPTION,
        school=wording.ANNEX1_SCHOOL.format(school=annex1.school_name).rstrip(),
        boxes=tuple(boxes),
    )


def annex1_pdf(annex1: Annex1, mark: Mark | None = None) -> bytes:
    """The form on one A4 page, portrait; signatures, seals and dates blank. :param mark: for the upper margin."""
    from linxia_xueji.pdf import html_to_pdf

    html = render_to_string("registry/documents/annex1.html", {"sheet": annex1_sheet(annex1), "paper": True})
    over = partial(mark_pages, mark) if mark else None
    return html_to_pdf(html, render_to_string("registry/documents/annex1.css"), over)


def annex1_xlsx(annex1: Annex1, mark: Mark | None = None) -> bytes:
    """The same form as a workbook: label | sentence across two columns, signer | seal and date; the mark in the footer."""
    sheet = annex1_sheet(annex1)
    book = workbook.new("附件1", widths=(16, 40, 36), landscape=False, one_page=True)
    page = book.active
    workbook.text(page, "A1", sheet.mark)
    workbook.title(page, "A2:C2", sheet.heading)
    workbook.text(page, "A3:C3", sheet.school, bottom=True)
    row = 4
    for box in sheet.boxes:
        last = row + box.rows - 1
        workbook.text(page, f"A{row}:A{last}", "\n".join(box.label), framed=True, centred=True)
        for sentence in box.sentences:
            workbook.sentence(page, f"B{row}:C{row}", sentence)
            page.row_dimensions[row].height = 36 if len(box.sentences) > 1 else 58
            row += 1
        workbook.signature(page, row, box.signer, box.seal)
        row += 1
    workbook.footer(page, mark)
    return workbook.saved(book, print_area=f"A1:C{row - 1}")
