"""Every Excel the portal writes opens in LibreOffice as it was written, and what looks like a number of a person is text.

LibreOffice is asked where it is installed (`bin/prove`); everywhere the cells are looked at without it.
"""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

from django.urls import reverse
from python_calamine import CalamineWorkbook

from linxia_xueji import files
from registry.admissions.check import check_file
from registry.admissions.lookups import from_database
from registry.admissions.workbook import faulty_rows, marked
from registry.entry import workbook as children
from registry.exchange.book import workbook as national
from registry.exchange.rows import rows, students
from registry.models import Enrolment
from registry.offices import workbook as offices
from registry.offices.known import known_to
from registry.roster.handback import handed_back
from registry.roster.staging import receive, report_of
from registry.rosters.conditions import Conditions
from registry.rosters.workbook import book
from tests.registry.roster.export import export
from tests.registry.roster.export import pupil as listed
from tests.registry.rosters_support import pupils
from tests.world import COUNTY_SCHOOL, DAY

CASE = Path(__file__).parent / "data" / "admissions-2022.xlsx"
THEIR_OWN = ("admissions_marked", "admissions_faulty", "roster_marked")
"""What somebody uploaded, handed back as it was, the faults of its numbers included."""
LONG = re.compile(r"[0-9GZ][0-9]{7,}[0-9X]?")


def written(world, client) -> dict[str, bytes]:
    """Name → content of each."""
    draft, report = world.batch(3), check_file(CASE, from_database(2022, DAY))
    pupils(world)
    client.force_login(world.registrar())
    annexes = {
        form: client.post(reverse("registry:annex_file", args=[draft.pk, form, "xlsx"])).content
        for form in ("annex1", "annex2")
    }
    counts = client.post(reverse("registry:counts_file"), {"day": f"{DAY:%Y-%m-%d}", "by": "school"}).content
    client.force_login(world.centre)
    template = client.get(reverse("registry:upload_template")).content
    upload = receive(
        content=export([listed(1), listed(2, 性别="?")]), name="a.xlsx", organisation=world.organisation(COUNTY_SCHOOL), by=world.county
    )  # fmt: skip
    back = handed_back(files.read(upload.file), *report_of(upload, on=DAY))
    return annexes | {
        "counts": counts, "admissions_template": template, "admissions_marked": marked(CASE, report),
        "admissions_faulty": faulty_rows(report), "roster_marked": back, "children_template": children.template(),
        "offices_template": offices.template(known_to(world.centre, DAY)),
        "national": national(rows(students(Enrolment.objects.all(), Conditions(DAY)))),
        "roll": book("花名册", "第一中学", ("姓名", "学号"), [("马一", "622924202600010001")]),
    }  # fmt: skip


def cells(content: bytes) -> dict[str, list]:
    made = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: made.get_sheet_by_name(name).to_python() for name in made.sheet_names}


def test_numbers_of_people_are_text_and_libreoffice_reads_what_was_written(world, client, tmp_path):
    made = written(world, client)
    for name, content in made.items():
        (tmp_path / f"{name}.xlsx").write_bytes(content)
        values = [value for sheet in cells(content).values() for row in sheet for value in row]
        assert values, name
        numbers = [v for v in values if isinstance(v, int | float) and LONG.fullmatch(f"{v:.0f}")]
        assert not numbers or name in THEIR_OWN, name
    if shutil.which("soffice") is None:
        return
    again = tmp_path / "again"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(again), *map(str, sorted(tmp_path.glob("*.xlsx")))], check=True, timeout=300, capture_output=True,
    )  # fmt: skip
    for name, content in made.items():
        assert _trimmed(cells((again / f"{name}.xlsx").read_bytes())) == _trimmed(cells(content)), name


def _trimmed(sheets: dict[str, list]) -> dict[str, list]:
    """Without empty cells at the edges, which each program counts in its own way."""
    found = {}
    for name, rows_ in sheets.items():
        # Fifteen digits are all that such a program keeps of a number.
        kept = [[float(f"{cell:.14g}") if isinstance(cell, float) else cell for cell in row] for row in rows_]
        for row in kept:
            while row and row[-1] == "":
                row.pop()
        while kept and not kept[-1]:
            kept.pop()
        found[name] = kept
    return found
