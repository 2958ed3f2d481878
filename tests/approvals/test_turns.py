"""Days of its own for each office: whose clock runs on which day. No database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.clock import ClockRule
from approvals.clock_words import office_in_words
from approvals.turns import Course, office_clocks, standing
from tests.approvals.test_clock import CALENDAR, sept

RECEIVING, ITS_COUNTY, SENDING, SENDING_COUNTY = 1, 2, 3, 4
ROUTE = (RECEIVING, ITS_COUNTY, SENDING, SENDING_COUNTY)
# Applied for on Wednesday 3 September, submitted on the 5th; over to the county on the 8th, to the sending school on the 10th.
MOVES = (("submit", sept(5)), ("approve", sept(8)), ("approve", sept(10)))


def course(*moves, ended=None):
    return Course("transfer", RECEIVING, moves, sept(3), ended, {}, ROUTE)


def read(found, today, rule=ClockRule.PAUSE):
    return {c.office: c for c in office_clocks(found, CALENDAR, today=today, limit=10, rule=rule)}


def test_each_office_counts_its_own_days():
    clocks = read(course(*MOVES), sept(12))
    assert {office: c.clock.days_used for office, c in clocks.items()} == {RECEIVING: 3, ITS_COUNTY: 2, SENDING: 2}
    assert [office for office, c in clocks.items() if c.has_it] == [SENDING]
    shown = standing(tuple(clocks.values()), RECEIVING)
    assert (shown.due, shown.days_left, shown.chip_text) == (sept(24), 8, "剩8个工作日")
    assert office_in_words(clocks[RECEIVING], "甲校") == "甲校：已用3个。"
    assert office_in_words(clocks[SENDING], "乙校") == "乙校：9月10日收到、当日不计，到今日已用2个，剩8个，至9月24日。"


def test_one_that_is_late_does_not_make_the_next_one_late():
    slow = course(("submit", sept(5)), ("approve", sept(19)))
    clocks = read(slow, sept(19))
    assert clocks[RECEIVING].clock.overdue and "超期2个工作日" in office_in_words(clocks[RECEIVING], "甲校")
    assert standing(tuple(clocks.values()), RECEIVING).overdue is False


@pytest.mark.parametrize(("last", "in_time"), [(sept(24), True), (sept(25), False)])
def test_closed_it_was_in_time_where_every_office_was(last, in_time):
    whole = course(*MOVES, ("approve", last), ("approve", last), ended=last)
    shown = standing(tuple(read(whole, last).values()), RECEIVING)
    assert (shown.closed_on, shown.on_time) == (last, in_time)


@pytest.mark.parametrize(
    ("rule", "used"), [(ClockRule.PAUSE, 4), (ClockRule.RESTART, 1), (ClockRule.RUN_ON, 7)], ids=str
)
def test_three_ways_to_count_a_sending_back(rule, used):
    """Back from the 12th to Wednesday the 17th with the receiving school, which had used three days."""
    back = course(*MOVES, ("send_back", sept(12)), ("submit", sept(17)))
    clocks = read(back, sept(18), rule)
    assert clocks[RECEIVING].has_it and clocks[RECEIVING].clock.days_used == used
    paused = standing(tuple(read(course(*MOVES, ("send_back", sept(12))), sept(15), rule).values()), RECEIVING)
    assert paused.paused is (rule is not ClockRule.RUN_ON)


def test_beyond_the_last_decision_it_lies_with_the_school():
    decided = course(*MOVES, ("approve", sept(11)), ("approve", sept(12)))
    assert [office for office, c in read(decided, sept(15)).items() if c.has_it] == [RECEIVING]
    assert read(decided, sept(15))[RECEIVING].clock.days_used == 4
    assert standing(tuple(read(replace(decided, ended_on=sept(16)), sept(17)).values()), RECEIVING).closed


def test_nothing_before_the_first_submission():
    assert office_clocks(course(), CALENDAR, today=sept(5), limit=10, rule=ClockRule.PAUSE) == ()
    assert standing((), RECEIVING) is None


steps = st.lists(st.tuples(st.sampled_from(("submit", "send_back", "approve")), st.integers(0, 6)), max_size=12)


@given(steps, st.sampled_from(ClockRule), st.integers(0, 20))
def test_no_day_counts_for_two(made, rule, later):
    """Of all offices together no more days are used than have gone by, and one at most has it."""
    on, moves, back = sept(3), [("submit", sept(3))], False
    for move, days in made:
        if (move == "submit") != back or (move == "approve" and sum(m == "approve" for m, _ in moves) > 3):
            continue
        on, back = on + timedelta(days=days), move == "send_back"
        moves.append((move, on))
    today = min(on + timedelta(days=later), date(2025, 12, 31))
    clocks = office_clocks(course(*moves), CALENDAR, today=today, limit=10, rule=rule)
    assert sum(c.clock.days_used for c in clocks) <= CALENDAR.working_between(sept(3), today)
    assert sum(c.has_it for c in clocks) == (not back or rule is ClockRule.RUN_ON)
    assert sum(c.clock.running for c in clocks) == sum(c.has_it for c in clocks)
    assert all(c.clock.days_used >= 0 for c in clocks)
