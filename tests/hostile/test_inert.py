"""What begins with = + - @ goes out as text, in every workbook the portal makes."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from tablib import Dataset

from linxia_xueji.models import OrganisationName
from registry.admissions.check import check_file
from registry.admissions.columns import COLUMNS
from registry.admissions.lookups import from_database
from registry.admissions.resources import as_workbook
from registry.admissions.template import template
from registry.admissions.workbook import faulty_rows, marked
from registry.documents import workbook as forms
from registry.documents.wording import Part
from tests.hostile.books import HEADER, book, student
from tests.world import COUNTY_SCHOOL

ACTIVE = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", '=HYPERLINK("http://127.0.0.1:9/","x")', "=cmd|' /C calc'!A0"]


def assert_inert(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name) and b"<f " not in archive.read(name)
    texts = [c for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for c in row if c.value]
    found = [c for c in texts if str(c.value).startswith(("=", "+", "-", "@", "\t"))]
    assert found and all(c.data_type == "s" and c.quotePrefix for c in found)


@pytest.mark.parametrize("text", ACTIVE)
def test_files_handed_back(text, world):
    def as_text(made: Workbook) -> None:
        made.active["C2"].data_type = "s"

    content = book(HEADER, student(1, 姓名=text, 性别="？", 序号=text), change=as_text)
    report = check_file(content, from_database(2026, world.day))
    assert report.faults
    assert_inert(marked(content, report))
    assert_inert(faulty_rows(report))


@pytest.mark.parametrize("text", ACTIVE)
def test_exports_and_forms(text):
    values = [text] * len(COLUMNS)
    assert_inert(as_workbook(Dataset(values, headers=HEADER)))
    made = forms.new("表", widths=(10,) * 3, landscape=False, one_page=True)
    forms.title(made.active, "A1:C1", text)
    forms.text(made.active, "A2", text)
    forms.table_row(made.active, 3, [text] * 3)
    assert_inert(forms.saved(made))
    forms.sentence(made.active, "A4", (Part(text, gap=False), Part(text, gap=True)))
    with zipfile.ZipFile(io.BytesIO(forms.saved(made))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_template_with_a_school_of_such_a_name(world):
    OrganisationName.objects.filter(organisation__code=world.organisation(COUNTY_SCHOOL).code).update(name="=1+1")
    assert_inert(template(from_database(2026, world.day)))
