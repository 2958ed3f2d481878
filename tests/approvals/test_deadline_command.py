"""`manage.py deadline` as other programs call it: its lines, its exit codes, and nothing else on stdout."""

import csv
import os
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from approvals.calendar_entry import load_national_notices
from approvals.models import CalendarNotice, LocalDay
from linxia_xueji.dates import now
from linxia_xueji.models import Organisation, User
from linxia_xueji.organisations import load_organisations

DATA = Path(__file__).parent / "data"
pytestmark = pytest.mark.django_db


def cases(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def deadline(*arguments):
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("deadline", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue().splitlines(), err.getvalue()


def manage(*arguments):
    """The command in a process of its own, on the test database."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", "deadline", *arguments],
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(params=["reference file", "database"])
def notices(request):
    """The national notices as shipped, before and after they are loaded."""
    if request.param == "database":
        load_national_notices()


def test_all_cases_under_the_national_calendar(notices):
    by_days = {}
    for row in cases("deadlines.csv"):
        by_days.setdefault(row["working_days"], []).append(row)
    for days, rows in by_days.items():
        code, lines, err = deadline("--days", days, *[row["start_date"] for row in rows])
        assert (code, lines, err) == (0, [row["expected_deadline"] for row in rows], "")


@pytest.mark.parametrize(
    "row", cases("deadlines_local_scenarios.csv"), ids=lambda r: f"{r['scenario']}-{r['start_date']}"
)
def test_local_days(row):
    local = [text.replace(";", ",") for text in (row["local_off"], row["local_work"])]
    found = deadline("--days", row["working_days"], "--off", local[0], "--work", local[1], row["start_date"])
    assert found == (0, [row["expected_deadline"]], "")


@pytest.mark.parametrize("row", cases("deadlines_amendments.csv"), ids=lambda r: r["start_date"])
def test_known_on(row):
    announced = date.fromisoformat(row["announced"])
    days, start = row["working_days"], row["start_date"]
    the_day_before = date.fromordinal(announced.toordinal() - 1).isoformat()
    assert deadline("--days", days, "--known-on", the_day_before, start)[1] == [row["deadline_before_amendment"]]
    assert deadline("--days", days, "--known-on", row["announced"], start)[1] == [row["deadline_after_amendment"]]


def test_provisional_among_dates(notices):
    starts = [row["start_date"] for row in cases("deadlines_must_refuse.csv")]
    code, lines, err = deadline("2025-09-03", *starts)
    assert (code, lines) == (3, ["2025-09-17", *["provisional"] * len(starts)])
    assert err.count("2027年放假安排待国务院办公厅公布") == len(starts)


def test_the_local_days_of_the_database_are_left_out():
    load_organisations(date(2026, 9, 16))
    LocalDay.objects.create(
        organisation=Organisation.objects.get(code="622900"),
        day=date(2025, 9, 4),
        kind=LocalDay.Kind.FREE,
        document_number="临州办发〔2025〕1号",
        entered_by=User.objects.create_user("clerk", "x", full_name="某人"),
        recorded_at=now(),
    )
    assert deadline("2025-09-03")[1] == ["2025-09-17"]


def test_a_notice_loaded_since_counts():
    load_national_notices()
    CalendarNotice.objects.create(
        document="国办发明电〔2026〕99号",
        issued_on=date(2026, 11, 5),
        year=2027,
        free=[["2027-01-01", "2027-01-03"]],
        work=[],
        recorded_at=now(),
    )
    assert deadline("2026-12-24") == (0, ["2027-01-08"], "")
    assert deadline("--known-on", "2026-11-04", "2026-12-24")[:2] == (3, ["provisional"])


@pytest.mark.parametrize("text", ["20250903", "2025.9.3", "2025/9/3", "2025年9月3日"])
def test_dates_as_people_type_them(text):
    assert deadline(text)[1] == ["2025-09-17"]


UNREADABLE = [
    ["2025-13-01"],
    ["2025-09-03", "soon"],
    ["--days", "0", "2025-09-03"],
    ["--days", "-1", "2025-09-03"],
    ["--days", "ten", "2025-09-03"],
    ["--known-on", "", "2025-09-03"],
    ["--off", "2025-02-30", "2025-09-03"],
    ["--off", "2025-09-04", "--work", "2025-09-04", "2025-09-03"],
]


@pytest.mark.parametrize("arguments", UNREADABLE, ids=" ".join)
def test_unreadable_input(arguments):
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("deadline", *arguments, stdout=out)
    assert (refused.value.returncode, out.getvalue()) == (2, "")


def test_exit_codes_of_the_program():
    plain = manage("--days", "10", "2025-09-03", "2025-09-06")
    assert (plain.returncode, plain.stdout, plain.stderr) == (0, "2025-09-17\n2025-09-19\n", "")
    provisional = manage("2026-12-17", "2026-12-24")
    assert (provisional.returncode, provisional.stdout) == (3, "2026-12-31\nprovisional\n")
    assert "2027年放假安排待国务院办公厅公布" in provisional.stderr
    for arguments in ([], ["2025-09-03", "x"]):
        refused = manage(*arguments)
        assert (refused.returncode, refused.stdout) == (2, ""), arguments
        assert refused.stderr and "Traceback" not in refused.stderr
