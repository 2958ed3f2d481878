"""The mark in the margin: there to be read by eye and by camera, outside the form, and the form as it was."""

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pypdfium2
import pytest

from registry.documents.annex1 import annex1_pdf, annex1_sheet, annex1_xlsx
from registry.documents.annex2 import annex2_pdf, annex2_xlsx
from registry.documents.letter import Letter, LetterLine, letter_pdf
from registry.documents.mark import Mark, fingerprints
from tests.registry.documents.conftest import row
from tests.registry.documents.scan import scanned
from tests.registry.documents.test_print import texts
from tests.registry.documents.test_wording import bare, said

MARK = Mark("ACDEF34679", "3f2a91bc77d0e214" * 4, "https://xueji.example.cn/")
WORDS = "查验码ACDEF-34679数据指纹3f2a91bc77d0e214扫码或打开xueji.example.cn/check/查验"
LETTER = Letter(
    "1号", "广河县教育局", "示例第一中学", 2026, "马学军", "0026", (LetterLine("姓名", "马学军", "马学君"),)
)
MM = 72 / 25.4
PAPERS = {
    "annex1": lambda annex1, annex2: annex1_pdf(annex1, MARK),
    "annex2": lambda annex1, annex2: annex2_pdf(annex2, mark=MARK),
    "letter": lambda annex1, annex2: letter_pdf(LETTER, MARK),
}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_bears_a_qr_that_a_scanner_reads(annex1, annex2, paper):
    data = PAPERS[paper](annex1, annex2)
    assert scanned(data) == [["https://xueji.example.cn/check/ACDEF34679/"]] * len(pypdfium2.PdfDocument(data))
    assert WORDS in bare(texts(data)[0])


@pytest.mark.parametrize("paper", PAPERS)
def test_the_longest_address_is_read_too(annex1, annex2, paper, monkeypatch):
    """A host of 40 letters on a port of its own, as an intranet may have."""
    site = f"https://{'x' * 37}.cn:8443/"
    monkeypatch.setitem(globals(), "MARK", replace(MARK, site=site))
    assert scanned(PAPERS[paper](annex1, annex2))[0] == [f"{site}check/ACDEF34679/"]


def test_the_form_itself_is_as_without(annex1):
    plain, marked = pypdfium2.PdfDocument(annex1_pdf(annex1)), pypdfium2.PdfDocument(annex1_pdf(annex1, MARK))
    assert (len(plain), len(marked)) == (1, 1)
    assert bare(texts(annex1_pdf(annex1, MARK))[0]) == said(annex1_sheet(annex1)) + WORDS
    top = int(22 * MM * 2)  # the upper margin ends here
    first, second = (document[0].render(scale=2).to_pil() for document in (plain, marked))
    box = (0, top, *first.size)
    assert first.crop(box).tobytes() == second.crop(box).tobytes()


def test_the_mark_of_a_list_stands_on_each_page_below_the_table(annex2):
    data = annex2_pdf(replace(annex2, rows=tuple(row(place) for place in range(1, 61))), mark=MARK)
    pages = texts(data)
    assert scanned(data) == [[f"{MARK.site}check/{MARK.code}/"]] * len(pages)
    assert len(pages) > 2 and all(WORDS in bare(page) for page in pages)
    for page in pypdfium2.PdfDocument(data):
        reader = page.get_textpage()
        text = reader.get_text_range()
        mark = max(reader.get_charbox(text.index("查验码") + at)[3] for at in range(3))
        assert mark < 18 * MM  # within the lower margin
        assert all(b[1] > 18 * MM for i, c in enumerate(text) if c == "马" and (b := reader.get_charbox(i)))


def test_without_an_address_the_paper_bears_only_the_code(annex1):
    data = annex1_pdf(annex1, replace(MARK, site=""))
    assert bare(texts(data)[0]).endswith("查验码ACDEF-34679数据指纹3f2a91bc77d0e214")


def test_workbooks_bear_it_in_the_footer(annex1, annex2):
    for data, centre in ((annex1_xlsx(annex1, MARK), None), (annex2_xlsx(annex2, MARK), "第&P页 共&N页")):
        footer = openpyxl.load_workbook(io.BytesIO(data)).active.oddFooter
        assert footer.left.text == "查验码 ACDEF-34679　数据指纹 3f2a 91bc 77d0 e214"
        assert footer.center.text == centre


def test_fingerprint_follows_the_data_and_nothing_else(annex1, annex2):
    assert fingerprints(annex2) == fingerprints(replace(annex2, rows=tuple(reversed(annex2.rows))))
    same = tuple(replace(line, score=Decimal("481.8")) for line in annex2.rows)
    assert fingerprints(annex2) == fingerprints(replace(annex2, rows=same))
    changed = [
        replace(annex2, proposed=False),
        replace(annex2, rows=annex2.rows[1:]),
        replace(annex2, rows=(replace(annex2.rows[0], name="马学君"), *annex2.rows[1:])),
        replace(annex2, rows=(replace(annex2.rows[0], score=None), *annex2.rows[1:])),
        annex1,
        replace(annex1, county=None),
        LETTER,
        replace(LETTER, number=""),
    ]
    assert len({fingerprints(content)[0] for content in (annex2, *changed)}) == 1 + len(changed)


def test_fingerprint_needs_the_key(annex1, settings):
    """Nobody without the key can try ID numbers until the fingerprint comes out; an old key still recognises its papers."""
    (before,) = fingerprints(annex1)
    settings.FIELD_KEYS = {"n": b"another key of thirty-two bytes!"} | settings.FIELD_KEYS
    first, second = fingerprints(annex1)
    assert first != before == second
