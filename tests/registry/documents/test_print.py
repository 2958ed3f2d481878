"""The printed forms, read back and looked at: pages, words, and every glyph."""

import io
import re
import subprocess
from dataclasses import replace
from functools import cache

import pikepdf
import pypdfium2
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from registry.documents import annex2 as annex2_module
from registry.documents.annex1 import annex1_pdf, annex1_sheet
from registry.documents.annex2 import Annex2, annex2_pdf, annex2_sheet
from tests.registry.documents.conftest import NAMES, row
from tests.registry.documents.test_wording import bare, said

RARE = "𬱖𫖯䶮𫝊\U0002b74d"
A4 = (595, 842)
FAMILIES = {
    "Noto-Serif-CJK-SC": ("Noto Serif CJK SC", "Regular"),
    "Noto-Serif-CJK-SC-Bold": ("Noto Serif CJK SC", "Bold"),
    "HanaMinB-Medium": ("HanaMinB", "Regular"),
    "BabelStone-Han-Medium": ("BabelStone Han", "Regular"),
}


@pytest.fixture(scope="module")
def page_of_annex1(annex1) -> bytes:
    return annex1_pdf(annex1)


@pytest.fixture(scope="module")
def list_pdf(annex2) -> bytes:
    return annex2_pdf(annex2)


def texts(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def embedded_outlines(font: pikepdf.Dictionary):
    """A function from glyph index to whether the embedded font draws anything for it."""
    descriptor = font.DescendantFonts[0].FontDescriptor
    data = bytes((descriptor.get("/FontFile3") or descriptor.get("/FontFile2")).read_bytes())
    if data[:4] in {b"OTTO", b"\0\1\0\0", b"true"}:
        font_file = TTFont(io.BytesIO(data))
        glyphs, order = font_file.getGlyphSet(), font_file.getGlyphOrder()
    else:
        cff = CFFFontSet()
        cff.decompile(io.BytesIO(data), None)
        order, glyphs = cff[0].getGlyphOrder(), cff[0].CharStrings

    def draws(index: int) -> bool:
        pen = BoundsPen(glyphs)
        glyphs[order[index]].draw(pen)
        return pen.bounds is not None

    return draws


def mapping(font: pikepdf.Dictionary) -> dict[str, int]:
    """What the font's ToUnicode table says: character(s) → glyph index."""
    lines = re.findall(r"^<([0-9a-f]{4})> <([0-9a-f]+)>$", bytes(font.ToUnicode.read_bytes()).decode(), re.MULTILINE)
    return {bytes.fromhex(text).decode("utf-16-be"): int(glyph, 16) for glyph, text in lines if text != "ffff"}


@cache
def installed(name: str) -> dict[int, int]:
    """Character → glyph index in the installed font an embedded one was cut from, by its cmap."""
    family, style = FAMILIES[name]
    asked = ["fc-match", "-f", "%{file}:%{index}", f"{family}:style={style}"]
    path, _, number = subprocess.check_output(asked, text=True).rpartition(":")
    with TTFont(path, fontNumber=int(number)) as font:
        order = font.getReverseGlyphMap()
        return {character: order[glyph] for character, glyph in font.getBestCmap().items()}


def drawn_characters(data: bytes) -> set[str]:
    """The characters an embedded font draws: its original has them, and the glyph is neither .notdef nor empty.

    All fonts of the file count, also those of what was laid over the pages. The rare ones have the very glyph of the
    original's cmap; digits and punctuation may have a variant of it.
    """
    found = set()
    with pikepdf.open(io.BytesIO(data)) as document:
        for font in document.objects:
            if isinstance(font, pikepdf.Dictionary) and "/ToUnicode" in font:
                draws, original = embedded_outlines(font), installed(str(font.BaseFont).partition("+")[2])
                pairs = mapping(font).items()
                assert all(original[ord(text)] == glyph for text, glyph in pairs if text in RARE)
                found |= {text for text, glyph in pairs if original.get(ord(text)) and glyph and draws(glyph)}
    return found


def test_annex1_is_one_upright_page(page_of_annex1, annex1):
    document = pypdfium2.PdfDocument(page_of_annex1)
    assert len(document) == 1
    assert tuple(round(side) for side in document[0].get_size()) == A4
    assert bare(texts(page_of_annex1)[0]) == said(annex1_sheet(annex1))


def test_annex1_fits_one_page_however_long_its_names(annex1):
    long = replace(annex1, school_name=annex1.school_name * 3)
    assert len(pypdfium2.PdfDocument(annex1_pdf(long))) == 1


def test_blank_is_a_line_without_a_word(annex1):
    blank = replace(annex1, school=None, county=None, prefecture=None)
    assert bare(texts(annex1_pdf(blank))[0]) == said(annex1_sheet(blank))


def test_every_character_has_a_glyph_of_an_embedded_font(list_pdf, annex2):
    sheet = annex2_sheet(annex2)
    words = sheet.mark + sheet.heading + sheet.unit + sheet.note + sheet.margin + "".join(sheet.columns)
    wanted = set(words + "".join("".join(line) for line in sheet.rows)) - {" "}
    assert set(RARE + "·") <= wanted
    assert wanted <= drawn_characters(list_pdf)


def test_rare_characters_leave_ink_of_their_own(list_pdf):
    """On the drawn page: not blank, and no two rare characters alike, as empty boxes would be."""
    page = pypdfium2.PdfDocument(list_pdf)[0]
    reader, picture = page.get_textpage(), page.render(scale=6).to_pil().convert("L")
    text, seen = reader.get_text_range(), {}
    for character in RARE + "马":
        # The reader counts in UTF-16 units.
        place = len(text[: text.index(character)].encode("utf-16-le")) // 2
        left, bottom, right, top = reader.get_charbox(place)
        height = page.get_height()
        box = tuple(round(side * 6) for side in (left, height - top, right, height - bottom))
        cut = picture.crop(box).resize((48, 48))
        dark = sum(1 for value in cut.tobytes() if value < 128)
        assert 48 * 48 * 0.08 < dark < 48 * 48 * 0.7, character
        seen[character] = cut.tobytes()
    assert len(set(seen.values())) == 6


def test_list_is_landscape_in_order_and_says_that_numbers_are_proposed(list_pdf, annex2):
    document, (text,) = pypdfium2.PdfDocument(list_pdf), texts(list_pdf)
    assert tuple(round(side) for side in document[0].get_size()) == A4[::-1]
    lines = ["".join(line) for line in annex2_sheet(annex2).rows]
    found = bare(text)
    assert [found.index(bare(line)) for line in lines] == sorted(found.index(bare(line)) for line in lines)
    assert all(name in found for name in NAMES)
    assert "（拟注册学号）" in found
    assert "第1页共1页" in found


def test_pieces_leave_no_seam(monkeypatch):
    """Set in pieces of 30 rows: nothing lost or twice, full pages, header everywhere, running page numbers."""
    monkeypatch.setattr(annex2_module, "PIECE_ROWS", 30)
    done = []
    rows = tuple(row(place) for place in range(1, 71))
    pages = [bare(text) for text in texts(annex2_pdf(Annex2(2026, "临夏州", "示例高级中学", rows, False), done.append))]
    assert all("学号姓名准考证号性别民族出生日期身份证号高中就读学校中考成绩" in page for page in pages)
    assert [f"第{number}页共{len(pages)}页" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    found = [[r.student_number for r in rows if r.student_number in page] for page in pages]
    assert [number for page in found for number in page] == [r.student_number for r in rows]
    assert len({len(page) for page in found[1:-1]}) == 1
    assert [("说明：按学号顺序由小到大排列。" in page) for page in pages] == [False] * (len(pages) - 1) + [True]
    assert done == sorted(done) and done[-1] == 70
    assert "拟注册" not in "".join(pages)


def test_empty_list_is_still_the_form():
    (text,) = texts(annex2_pdf(Annex2(2026, "临夏州", "示例高级中学", (), False)))
    assert "说明：按学号顺序由小到大排列。" in bare(text)


def test_same_form_same_bytes(page_of_annex1, annex1):
    assert annex1_pdf(annex1) == page_of_annex1
