"""The clock of a request: counting, standing still, and what it says. No database."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.calendar import Calendar, Notice
from approvals.clock import Chip, ClockEvent, ClockRule, Happening, read_clock
from approvals.clock_words import in_words

FILE = Path(__file__).parents[2] / "fixtures" / "calendar" / "national_notices.json"
CALENDAR = Calendar([Notice.read(row) for row in json.loads(FILE.read_text(encoding="utf-8"))])
START, PAUSE, RESUME, CLOSE = Happening.START, Happening.PAUSE, Happening.RESUME, Happening.CLOSE


def sept(n):
    return date(2025, 9, n)


def clock(*events, today, **settings):
    return read_clock([ClockEvent(kind, on) for kind, on in events], CALENDAR, today=today, **settings)


# The request of the prototype: entered Wednesday 3 September, back from the 4th to the 8th.
SENT_BACK = [(START, sept(3)), (PAUSE, sept(4)), (RESUME, sept(8))]


def test_the_prototype_in_words():
    read = clock(*SENT_BACK, today=sept(17))
    assert (read.due, read.days_used, read.days_left, read.chip_text) == (sept(19), 8, 2, "剩2个工作日")
    assert in_words(read) == (
        "限10个工作日。9月4日退回时已用1个，9月5日至8日等学校修改、不计时，9月9日起继续，到今日已用8个，剩2个。"
        "周末、节假日不计，调休上班日计入。"
    )


@pytest.mark.parametrize(
    ("today", "chip", "text", "left"),
    [
        (sept(3), Chip.NORMAL, "剩10个工作日", 10),
        (sept(11), Chip.NORMAL, "剩4个工作日", 4),
        (sept(12), Chip.SOON, "剩3个工作日", 3),
        (sept(16), Chip.SOON, "剩1个工作日", 1),
        (sept(17), Chip.TODAY, "今日到期", 0),
        (sept(18), Chip.OVER, "超期1个工作日", -1),
        (sept(28), Chip.OVER, "超期8个工作日", -8),  # the 28th is a Sunday worked for the holiday
    ],
)
def test_the_chip_day_by_day(today, chip, text, left):
    read = clock((START, sept(3)), today=today)
    assert (read.chip, read.chip_text, read.days_left, read.due) == (chip, text, left, sept(17))
    assert read.running and read.overdue == (chip is Chip.OVER) and read.on_time is None


def test_entered_on_a_saturday_the_monday_is_day_one():
    assert clock((START, sept(6)), today=sept(8)).days_used == 1
    assert clock((START, sept(6)), today=sept(8)).due == clock((START, sept(5)), today=sept(8)).due == sept(19)


def test_on_the_free_days_after_a_friday_it_is_late_by_no_whole_working_day():
    read = clock((START, sept(5)), today=sept(20))
    assert (read.due, read.chip, read.chip_text) == (sept(19), Chip.OVER, "超期不足1个工作日")
    assert "到今日已用10个，已过到期日9月19日。" in in_words(read)


def test_sent_back_it_stands_still_and_shows_no_due_date():
    read = clock(*SENT_BACK[:2], today=sept(8))
    assert (read.paused, read.due, read.provisional, read.chip, read.chip_text) == (
        True, None, False, Chip.HOLD, "暂停计时",
    )  # fmt: skip
    assert (read.days_used, read.days_left) == (1, 9)
    assert "9月4日退回时已用1个，9月5日起等学校修改、不计时，重新提交的次日起继续，届时剩9个。" in in_words(read)


def test_back_and_in_again_on_one_day_changes_nothing():
    read = clock((START, sept(3)), (PAUSE, sept(5)), (RESUME, sept(5)), today=sept(8))
    assert (read.due, read.days_used) == (sept(17), 3)
    assert "9月5日退回时已用2个，当日重新提交，9月6日起继续，到今日已用3个，剩7个。" in in_words(read)


def test_sent_back_twice():
    read = clock(*SENT_BACK, (PAUSE, sept(11)), (RESUME, date(2025, 10, 9)), today=date(2025, 10, 10))
    assert (read.days_used, read.due) == (5, date(2025, 10, 16))
    told = "9月11日退回时已用4个，9月12日至10月9日等学校修改、不计时，10月10日起继续，到今日已用5个，剩5个。"
    assert told in in_words(read)


def test_sent_back_on_the_last_day_it_is_due_the_day_it_comes_in_again():
    events = [(START, sept(3)), (PAUSE, sept(17)), (RESUME, sept(23))]
    assert clock(*events, today=sept(23)).chip is Chip.TODAY
    assert clock(*events, today=sept(24)).chip_text == "超期1个工作日"
    assert clock(*events, (CLOSE, sept(23)), today=sept(30)).on_time is True


def test_sent_back_when_already_late_it_stays_late():
    events = [(START, sept(3)), (PAUSE, sept(19)), (RESUME, sept(23))]
    held = clock(*events[:2], today=sept(22))
    assert (held.chip, held.overdue, held.due, held.days_left) == (Chip.HOLD, True, None, -2)
    assert "退回前已超期2个工作日" in in_words(held)
    again = clock(*events, today=sept(24))
    assert (again.due, again.chip_text) == (sept(17), "超期3个工作日")
    assert clock(*events[:2], (CLOSE, sept(22)), today=sept(22)).on_time is False


def test_sent_back_on_the_saturday_after_the_last_day_it_is_late():
    events = [(START, sept(5)), (PAUSE, sept(20)), (RESUME, sept(22))]
    assert clock(*events, today=sept(22)).overdue is True


def test_restart_counts_from_the_day_of_coming_in_again():
    read = clock(*SENT_BACK, today=sept(10), rule="restart")
    assert (read.days_used, read.due) == (2, sept(22))
    assert "9月9日起重新计10个工作日，到今日已用2个，剩8个。" in in_words(read)
    assert "重新提交的次日起重新计10个工作日。" in in_words(clock(*SENT_BACK[:2], today=sept(5), rule="restart"))


def test_run_on_counts_right_through():
    read = clock(*SENT_BACK[:2], today=sept(8), rule=ClockRule.RUN_ON)
    assert (read.running, read.due, read.days_used) == (True, sept(17), 3)
    assert "9月3日申请、当日不计，到今日已用3个，剩7个。退回修改期间照常计时。" in in_words(read)


@pytest.mark.parametrize(
    ("closed", "text", "on_time"),
    [(sept(17), "按期办结", True), (sept(19), "超期2个工作日办结", False), (sept(18), "超期1个工作日办结", False)],
)
def test_closed(closed, text, on_time):
    read = clock((START, sept(3)), (CLOSE, closed), (PAUSE, sept(25)), (RESUME, sept(26)), today=sept(30))
    assert (read.closed, read.chip_text, read.on_time, read.due) == (True, text, on_time, sept(17))
    assert f"办结时共用{read.days_used}个，{text}。" in in_words(read)


def test_closed_while_back_with_the_school():
    read = clock(*SENT_BACK[:2], (CLOSE, sept(30)), today=sept(30))
    assert (read.on_time, read.days_used, read.due, read.chip) == (True, 1, None, Chip.DONE)
    assert "9月4日退回时已用1个，9月30日办结时共用1个，按期办结。" in in_words(read)


def test_what_happens_after_today_is_not_known_today():
    assert clock(*SENT_BACK, (CLOSE, sept(16)), today=sept(8)) == clock(*SENT_BACK, today=sept(8))


def test_a_year_not_published_gives_no_date():
    read = clock((START, date(2026, 12, 24)), today=date(2026, 12, 30))
    assert (read.provisional, read.due, read.days_used, read.chip_text) == (True, None, 4, "待国务院办公厅公布")
    assert "到今日已用4个，剩6个。到期日要用到2027年放假安排，待国务院办公厅公布。" in in_words(read)
    unknown = clock((START, date(2026, 12, 24)), today=date(2027, 2, 1))
    assert (unknown.days_used, unknown.days_left, unknown.overdue, unknown.chip) == (None, None, None, Chip.PROVISIONAL)
    assert "2027年放假安排待国务院办公厅公布，到今日已用天数暂不能计。" in in_words(unknown)


def test_late_is_known_even_when_by_how_much_is_not():
    read = clock((START, date(2026, 12, 17)), today=date(2027, 1, 4))
    assert (read.due, read.chip, read.chip_text, read.days_left) == (date(2026, 12, 31), Chip.OVER, "已超期", None)
    done = clock((START, date(2026, 12, 17)), (CLOSE, date(2027, 1, 4)), today=date(2027, 1, 4))
    assert (done.on_time, done.chip_text) == (False, "已超期办结")


def test_on_time_is_known_before_the_due_date_is():
    done = clock((START, date(2026, 12, 24)), (CLOSE, date(2026, 12, 30)), today=date(2026, 12, 30))
    assert (done.on_time, done.due, done.chip_text) == (True, None, "按期办结")
    late = clock((START, date(2026, 12, 24)), (CLOSE, date(2027, 1, 4)), today=date(2027, 1, 4))
    assert (late.on_time, late.chip) == (None, Chip.PROVISIONAL)


def test_late_december_is_for_review():
    read = clock((START, date(2026, 12, 17)), today=date(2026, 12, 21))
    assert read.review and "2027年放假安排公布后，到期日可能变动，待复核。" in in_words(read)
    assert not clock((START, date(2026, 12, 17)), (CLOSE, date(2026, 12, 21)), today=date(2026, 12, 21)).review


def test_another_year_is_named():
    assert "2024年12月30日申请、当日不计" in in_words(clock((START, date(2024, 12, 30)), today=date(2025, 1, 3)))


@pytest.mark.parametrize("events", [[], [(PAUSE, sept(3))], [(START, sept(3)), (PAUSE, sept(2))]])
def test_events_that_cannot_be(events):
    with pytest.raises(ValueError):
        clock(*events, today=sept(8))


def test_a_limit_below_one_cannot_be():
    with pytest.raises(ValueError, match="1以上"):
        clock((START, sept(3)), today=sept(8), limit=0)


histories = st.tuples(
    st.dates(date(2018, 1, 2), date(2025, 6, 30)), st.lists(st.integers(0, 15), max_size=6), st.integers(0, 60)
)


def unfold(history):
    """A start, then sending back and coming in again in turn; today some days after the last."""
    start, gaps, more = history
    events, on = [ClockEvent(START, start)], start
    for index, gap in enumerate(gaps):
        on += timedelta(days=gap)
        events.append(ClockEvent((PAUSE, RESUME)[index % 2], on))
    return events, on + timedelta(days=more)


@given(histories, st.sampled_from(ClockRule), st.integers(1, 30))
def test_whatever_happens_it_can_be_read(history, rule, limit):
    events, today = unfold(history)
    read = read_clock(events, CALENDAR, today=today, rule=rule, limit=limit)
    assert read.days_used >= 0 and read.days_used + read.days_left == limit
    assert sum([read.running, read.paused, read.closed]) == 1
    assert read.paused == (read.chip is Chip.HOLD) and (read.due is None) == read.paused
    assert read.chip_text and in_words(read).endswith("调休上班日计入。") and "None" not in in_words(read)
    if read.running:
        assert read.overdue == (today > read.due)
        assert (read.chip is Chip.TODAY) == (today == read.due)
        if not read.overdue:
            assert read.days_left == CALENDAR.working_between(today, read.due)


@given(histories)
def test_pausing_never_moves_the_due_date_forward(history):
    events, today = unfold(history)
    paused = read_clock(events, CALENDAR, today=today)
    plain = read_clock(events[:1], CALENDAR, today=today)
    assert paused.days_used <= plain.days_used
    if paused.running:
        assert paused.due >= plain.due


@given(histories, st.sampled_from(ClockRule))
def test_nothing_after_the_close_counts(history, rule):
    events, today = unfold(history)
    closed = [*events, ClockEvent(CLOSE, today)]
    later = today + timedelta(days=40)
    more = [*closed, ClockEvent(PAUSE, today), ClockEvent(RESUME, later), ClockEvent(CLOSE, later)]
    read = read_clock(closed, CALENDAR, today=today, rule=rule)
    again = read_clock(more, CALENDAR, today=later, rule=rule)
    assert (read.days_used, read.on_time, read.due, read.chip_text) == (
        again.days_used, again.on_time, again.due, again.chip_text,
    )  # fmt: skip


@given(histories)
def test_a_day_counts_only_where_the_clock_runs(history):
    """The same count, made the slow way: day by day."""
    events, today = unfold(history)
    used, day = 0, events[0].on
    while day < today:
        day += timedelta(days=1)
        # It runs on a day when it ran at the end of the day before: sending back counts, coming in again does not.
        last = [e.kind for e in events if e.on < day][-1]
        used += last != PAUSE and CALENDAR.is_working(day)
    assert read_clock(events, CALENDAR, today=today).days_used == used
