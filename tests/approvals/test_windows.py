"""The windows of a term: the worked cases of 转学, and what is not known yet."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from approvals.calendar import Calendar
from approvals.calendar_queries import reference_notices
from approvals.windows import WHOLE_TERM, TermDays

WORKED = Path(__file__).parents[1] / "transfers" / "data" / "eligibility.json"
CASES = [case for case in json.loads(WORKED.read_text(encoding="utf-8")) if case["business"] == "transfer"]
CALENDAR = Calendar(reference_notices())
AUTUMN = (date(2026, 9, 1), date(2027, 1, 15))
SPRING = (date(2026, 3, 2), date(2026, 7, 10))


def inside(case: dict) -> bool:
    facts = case["facts"]
    day, before = date.fromisoformat(facts["applied_on"]), facts.get("window_days_before_term_end", 10)
    terms = [(date.fromisoformat(t["starts"]), date.fromisoformat(t["ends"])) for t in facts["terms"]]
    return any(TermDays(*term, CALENDAR, before).in_windows(day) for term in terms)


def test_the_worked_cases_of_transfers_agree():
    assert len(CASES) > 40
    assert [case["id"] for case in CASES if inside(case) == ("transfer.window" in case["expect"]["broken"])] == []


def test_a_term_of_a_known_year():
    days = TermDays(*SPRING, CALENDAR)
    assert (days.beginning.first, days.beginning.last) == (SPRING[0], date(2026, 3, 16))
    assert (days.ending.first, days.ending.last) == (date(2026, 6, 29), SPRING[1])


def test_both_answers_agree_on_every_day():
    """The window shown and the question asked of a day are two ways to the same thing."""
    for before in (5, 10, 20, WHOLE_TERM):
        days = TermDays(*SPRING, CALENDAR, before)
        for n in range(-3, 135):
            day = SPRING[0] + timedelta(days=n)
            windows = [w for w in (days.beginning, days.ending) if w.first <= day <= w.last]
            assert days.in_windows(day) is bool(windows), (before, day)


def test_a_year_not_published_is_not_guessed():
    days = TermDays(*AUTUMN, CALENDAR)
    assert (days.ending.first, days.ending.missing_year) == (None, 2027)
    assert days.in_windows(date(2026, 9, 15)) is True
    assert days.in_windows(date(2026, 9, 16)) is False, "ten working days and more of 2026 follow"
    assert days.in_windows(date(2026, 12, 31)) is None
    assert days.in_windows(date(2027, 1, 16)) is False


def test_a_beginning_that_needs_a_year_not_published():
    days = TermDays(date(2026, 12, 28), date(2027, 6, 30), CALENDAR)
    assert days.beginning.last is None
    assert days.in_windows(date(2026, 12, 30)) is True
    assert days.in_windows(date(2027, 3, 1)) is None


def test_a_term_shorter_than_its_window_and_one_that_cannot_be():
    short = TermDays(date(2026, 3, 2), date(2026, 3, 6), CALENDAR)
    assert short.ending.first == short.starts_on and short.beginning.last == short.ends_on
    with pytest.raises(ValueError, match="第一天晚于最后一天"):
        TermDays(SPRING[1], SPRING[0], CALENDAR)
