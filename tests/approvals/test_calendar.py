"""The calendar of working days against its reference cases and an independent calendar. No database."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.calendar import Calendar, DayKind, Due, Notice, UnknownYear

DATA = Path(__file__).parent / "data"
FILE = Path(__file__).parents[2] / "fixtures" / "calendar" / "national_notices.json"
NOTICES = [Notice.read(row) for row in json.loads(FILE.read_text(encoding="utf-8"))]
NATIONAL = Calendar(NOTICES)


def cases(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    return date.fromisoformat(text)


def days(text):
    return [day(part) for part in text.split(";") if part]


def test_the_reference_cases_are_all_here():
    counts = [len(cases(f"deadlines{n}.csv")) for n in ("", "_local_scenarios", "_amendments", "_must_refuse")]
    assert counts == [210, 48, 7, 7]


@pytest.mark.parametrize("row", cases("deadlines.csv"), ids=lambda r: f"{r['start_date']}+{r['working_days']}")
def test_deadlines(row):
    due = NATIONAL.working_days_after(day(row["start_date"]), int(row["working_days"]))
    assert due.day == day(row["expected_deadline"])
    assert due.review == (due.day >= date(2026, 12, 22))


@pytest.mark.parametrize(
    "row", cases("deadlines_local_scenarios.csv"), ids=lambda r: f"{r['scenario']}-{r['start_date']}"
)
def test_deadlines_with_local_days(row):
    local = Calendar(NOTICES, days(row["local_off"]), days(row["local_work"]))
    start, n = day(row["start_date"]), int(row["working_days"])
    assert local.working_days_after(start, n).day == day(row["expected_deadline"])
    assert NATIONAL.working_days_after(start, n).day == day(row["national_only_deadline"])


@pytest.mark.parametrize("row", cases("deadlines_amendments.csv"), ids=lambda r: r["start_date"])
def test_deadlines_around_an_amendment(row):
    start, n, announced = day(row["start_date"]), int(row["working_days"]), day(row["announced"])
    before = Calendar(NOTICES, known_on=announced - timedelta(days=1)).working_days_after(start, n)
    after = Calendar(NOTICES, known_on=announced).working_days_after(start, n)
    assert before.day == day(row["deadline_before_amendment"])
    assert after.day == day(row["deadline_after_amendment"])


@pytest.mark.parametrize("row", cases("deadlines_must_refuse.csv"), ids=lambda r: r["start_date"])
def test_deadlines_of_a_year_not_published(row):
    due = NATIONAL.working_days_after(day(row["start_date"]), int(row["working_days"]))
    assert due == Due(None, missing_year=2027)
    assert due.provisional and due.reason == "2027年放假安排待国务院办公厅公布"


def test_every_day_agrees_with_chinesecalendar():
    first, last = date(2018, 1, 1), date(2026, 12, 31)
    all_days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    assert len(all_days) == 3287
    assert [d for d in all_days if NATIONAL.is_working(d) != chinese_calendar.is_workday(d)] == []


def test_a_notice_for_next_year_changes_this_december_but_makes_no_year_known():
    new_year_eve = date(2018, 12, 31)
    assert Calendar(NOTICES, known_on=date(2018, 12, 5)).is_working(new_year_eve)
    assert not Calendar(NOTICES, known_on=date(2018, 12, 6)).is_working(new_year_eve)
    only_2019 = Calendar([n for n in NOTICES if n.year == 2019])
    with pytest.raises(UnknownYear, match="2018年放假安排待国务院办公厅公布"):
        only_2019.is_working(new_year_eve)


def test_an_amendment_alone_does_not_make_its_year_known():
    calendar = Calendar([n for n in NOTICES if n.amends])
    assert calendar.years == frozenset()


def test_the_later_issued_wins_in_whatever_order_they_are_given():
    backwards = Calendar(reversed(NOTICES))
    assert backwards.kind(date(2019, 5, 2)) is DayKind.HOLIDAY
    assert backwards.kind(date(2019, 4, 28)) is DayKind.MAKE_UP


def test_late_december_is_for_review_until_the_next_notice_is_known():
    assert NATIONAL.working_days_after(date(2026, 12, 17), 10) == Due(date(2026, 12, 31), review=True)
    assert NATIONAL.working_days_after(date(2026, 12, 21), 1) == Due(date(2026, 12, 22), review=True)
    assert NATIONAL.working_days_after(date(2026, 12, 18), 1) == Due(date(2026, 12, 21))
    assert not NATIONAL.working_days_after(date(2025, 12, 17), 10).review
    assert Calendar(NOTICES, known_on=date(2018, 12, 5)).working_days_after(date(2018, 12, 21), 1).review


def test_local_days_win_and_may_not_contradict_each_other():
    make_up, weekday, saturday = date(2023, 10, 7), date(2023, 10, 9), date(2023, 10, 14)
    local = Calendar(NOTICES, off=[make_up, weekday], work=[saturday])
    assert [local.is_working(d) for d in (make_up, weekday, saturday)] == [False, False, True]
    assert local.national_kind(make_up) is DayKind.MAKE_UP
    with pytest.raises(ValueError, match="2023-10-09既列为放假又列为上班"):
        Calendar(NOTICES, off=[weekday], work=[weekday])


def test_a_local_day_does_not_make_up_for_a_missing_notice():
    local = Calendar(NOTICES, work=[date(2027, 1, 4)])
    assert local.working_days_after(date(2026, 12, 31), 1).provisional


def test_a_period_of_months():
    assert NATIONAL.end_of_months(date(2025, 1, 15), 2).day == date(2025, 3, 17)  # the 15th is a Saturday
    assert NATIONAL.end_of_months(date(2025, 8, 31), 1).day == date(2025, 9, 30)  # 民法典 202: no 31st
    assert NATIONAL.end_of_months(date(2025, 9, 1), 1).day == date(2025, 10, 9)  # after the holiday
    assert NATIONAL.end_of_months(date(2024, 12, 20), 12).day == date(2025, 12, 22)
    assert NATIONAL.end_of_months(date(2026, 9, 1), 4).provisional
    assert NATIONAL.end_of_months(date(2026, 9, 24), 3).review
    assert NATIONAL.end_of_months(date(9999, 12, 1), 1).missing_year == 10000


@pytest.mark.parametrize("count", [NATIONAL.working_days_after, NATIONAL.end_of_months])
def test_a_period_has_at_least_one(count):
    with pytest.raises(ValueError, match="1以上"):
        count(date(2025, 9, 1), 0)


def test_the_end_of_time_is_provisional_too():
    assert NATIONAL.working_days_after(date.max, 1).missing_year == 10000


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"free": [["2027-01-03", "2027-01-01"]]}, "颠倒"),
        ({"free": [["2026-11-30", "2026-12-01"]]}, "不在2027年"),
        ({"work": ["2028-01-01"]}, "不在2027年"),
        ({"work": ["2027-01-02"]}, "既列为放假又列为上班"),
        ({"work": ["2027-01-05"]}, "不是周六周日"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(changed, says):
    row = {
        "document": "国办发明电〔2026〕99号",
        "issued": "2026-12-01",
        "year": 2027,
        "free": [["2027-01-01", "2027-01-03"]],
    }
    assert Notice.read({**row, "work": ["2026-12-26"]}).year == 2027
    with pytest.raises(ValueError, match=says):
        Notice.read({**row, "work": [], **changed})


@given(
    start=st.dates(date(2018, 1, 1), date(2025, 12, 31)),
    n=st.integers(1, 40),
    off=st.frozensets(st.dates(date(2018, 1, 1), date(2026, 12, 31)), max_size=30),
)
def test_counting_and_counting_back_agree(start, n, off):
    local = Calendar(NOTICES, off=off)
    due = local.working_days_after(start, n)
    assert local.working_between(start, due.day) == n
    assert local.is_working(due.day)
    assert due.day >= NATIONAL.working_days_after(start, n).day
