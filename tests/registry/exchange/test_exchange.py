"""The national file goes in and comes out equal, cell by cell; what the register knows better comes from the register."""

import os
import shutil
import subprocess
from io import BytesIO
from itertools import zip_longest
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from linxia_xueji.dates import now
from registry.deeds import end_enrolment, enrol, set_grade, set_key_facts
from registry.exchange.book import workbook as national_file
from registry.exchange.rows import rows, students
from registry.models import Circumstances, Enrolment
from registry.roster.staging import receive, stage
from registry.roster.tasks import put_in_force
from registry.rosters.conditions import Conditions
from tests.registry.exchange.national_file import HEADERS, pupils, workbook
from tests.registry.roster.export import export, pupil
from tests.world import COUNTY_SCHOOL, DAY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL

ROWS = int(os.environ.get("NATIONAL_ROWS", "1000"))
SCHOOLS = [(COUNTY_SCHOOL, "622924"), (OTHER_SCHOOL, "622922"), (PREFECTURE_SCHOOL, "622901"), ("3462990008", "622925"),
           ("3462990009", "622926"), ("3462990011", "622927"), ("3462990004", "622923")]  # fmt: skip
_ID = HEADERS.index("身份证件号")


def brought_in(world, content: bytes, code: str = COUNTY_SCHOOL):
    upload = receive(content=content, name="国网.xlsx", organisation=world.organisation(code), by=world.centre)
    stage(upload, on=DAY)
    assert upload.summary["errors"] == 0, upload.faults[:3]
    return put_in_force(upload, by=world.centre, only_clean=False)


def sheet(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def taken_out(**conditions) -> dict[str, dict[str, str]]:
    found = students(Enrolment.objects.all(), Conditions.of(DAY, conditions), now())
    return {row[_ID]: dict(zip(HEADERS, row, strict=True)) for row in rows(found, now())}


def test_a_file_goes_in_and_comes_out_equal_cell_by_cell(world, tmp_path):
    given = pupils(SCHOOLS, ROWS)
    upload = brought_in(world, workbook(given), PREFECTURE)
    assert upload.summary["add"] == ROWS
    everybody = students(Enrolment.objects.all(), Conditions(DAY))
    content, count = national_file(rows(everybody)), everybody.count()
    head, *found = sheet(content)
    assert (head, count) == (HEADERS, ROWS)
    for before, after in zip_longest(sorted(given, key=lambda r: r[_ID]), sorted(found, key=lambda r: r[_ID])):
        assert before == after
    with ZipFile(BytesIO(content)) as book:
        xml = book.read("xl/worksheets/sheet1.xml")
        assert b"<v>" not in xml.replace(b't="s"', b"") or b'<c r="A2" s="1" t="inlineStr"' in xml
        assert b"<f>" not in xml and b't="n"' not in xml
    if ROWS > 1000:  # the proof at full length: LibreOffice reads it as it is, numbers as text
        opened_by_libreoffice(content, found, tmp_path)


def opened_by_libreoffice(content: bytes, rows: list[list], folder) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    (folder / "out.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true", "--outdir",
         str(folder), str(folder / "out.xlsx")], check=True, timeout=1200, capture_output=True,
    )  # fmt: skip
    lines = (folder / "out.csv").read_text("utf-8").splitlines()
    assert len(lines) == len(rows) + 1
    assert all(row[_ID] in line for row, line in zip(rows, lines[1:], strict=True))


def test_what_the_register_knows_better_is_written_and_the_rest_stays(world):
    brought_in(world, export([pupil(1, 性别="2-女", 就读方式="寄宿", 是否留守儿童="否"), pupil(2), pupil(3)]))
    first, second, third = Enrolment.objects.order_by("student__key_facts__name")
    living = Circumstances.objects.get()
    assert (living.enrolment, living.boarding, living.left_behind) == (first, "2", "0")
    set_grade(first, 11, "9班", valid_from=DAY, by=world.county)
    facts = second.student.key_facts.get()
    kept = {name: getattr(facts, name) for name in ("sex", "birth_date", "id_type", "id_number")}
    set_key_facts(second.student_id, {**kept, "name": "马新名", "ethnicity": "26"}, valid_from=DAY, by=world.county)
    end_enrolment(third, ending="transferred", on=DAY)
    there = world.organisation(OTHER_SCHOOL)
    enrol(
        student=third.student,
        school=there,
        stage="senior",
        entry_year=2025,
        grade=11,
        school_class="1",
        on=DAY,
        by=None,
    )
    one, two = sorted(
        taken_out(school=world.organisation(COUNTY_SCHOOL)).values(), key=lambda row: row["班号"], reverse=True
    )
    assert (one["班号"], one["性别"], one["籍贯"], one["就读方式"]) == ("9班", "2-女", "甘肃广河", "寄宿")
    assert (two["姓名"], two["民族"], two["出生日期"]) == ("马新名", "东乡族", "20100305")
    (moved,) = taken_out(school=there).values()
    assert (moved["学校标识码"], moved["成员1姓名"], moved["入学年月"]) == (OTHER_SCHOOL, "马有福", f"{DAY:%Y%m}")
    assert now() and set(one) == set(HEADERS)
