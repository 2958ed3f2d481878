"""The forms as workbooks, read back with openpyxl and with calamine."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from registry.documents.annex1 import annex1_sheet, annex1_xlsx
from registry.documents.annex2 import annex2_sheet, annex2_xlsx
from tests.registry.documents.test_wording import bare, said


def opened(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_annex1_says_the_same_in_the_same_order(annex1):
    for form in (annex1, replace(annex1, county_name=None, county=None, prefecture=None)):
        page = opened(annex1_xlsx(form))
        assert bare("".join(cell.value or "" for line in page.iter_rows() for cell in line)) == said(annex1_sheet(form))
        assert {cell.data_type for line in page.iter_rows() for cell in line if cell.value} == {"s"}
        assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("portrait", 9)
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 1)


def test_annex2_says_the_same_in_the_same_order(annex2):
    data, sheet = annex2_xlsx(annex2), annex2_sheet(annex2)
    page = opened(data)
    lines = [[cell.value for cell in line] for line in page.iter_rows()]
    assert [lines[0][0], lines[1][0], lines[2][0]] == [sheet.mark, sheet.heading, sheet.unit]
    assert tuple(lines[3]) == sheet.columns
    assert [tuple(line) for line in lines[4:-1]] == list(sheet.rows)
    assert lines[-1][0] == sheet.note
    assert [line[0] for line in lines[4:-1]] == [f"26130401{place:04d}" for place in range(1, 7)]
    # Another reader sees text as well: digits neither rounded nor shortened.
    read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert tuple(read[4]) == sheet.rows[0]
    assert sheet.rows[0][2] == "002613000001"
    assert sheet.rows[0][6] == "62292720100503001X"


def test_annex2_prints_landscape_with_its_header_on_every_page(annex2):
    page = opened(annex2_xlsx(annex2))
    assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", 9)
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$4:$4"
    assert page.oddHeader.right.text.startswith("（拟注册学号）")
    assert page.oddFooter.center.text == "第&P页 共&N页"
    issued = opened(annex2_xlsx(replace(annex2, proposed=False)))
    assert not issued.oddHeader.right.text


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1"])
def test_whatever_a_name_begins_with_stays_text(annex2, name):
    data = annex2_xlsx(replace(annex2, rows=(replace(annex2.rows[0], name=name),)))
    cell = opened(data)["B5"]
    assert (cell.value, cell.data_type, cell.number_format, cell.quotePrefix) == (name, "s", "@", True)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_a_control_character_does_not_break_the_workbook(annex2):
    data = annex2_xlsx(replace(annex2, rows=(replace(annex2.rows[0], name="马\x0b学军"),)))
    assert opened(data)["B5"].value == "马学军"
