"""Due dates: from events and calendar, copied for the queue, following a change of the calendar and saying why."""

from datetime import date, timedelta

import pytest

from approvals.due import clock_of, events_of, recompute_due
from approvals.models import DueChange, LocalDay, Request
from linxia_xueji.dates import now
from linxia_xueji.policy import decide
from registry.models import Reopening
from tests.world import COUNTY, OTHER_COUNTY, PREFECTURE

DUE = date(2026, 9, 30)
"""Ten working days after Wednesday 16 September 2026; Sunday the 20th is worked, 25–27 are 中秋, 1–7 October 国庆."""


def local_day(world, code, day, kind=LocalDay.Kind.FREE):
    return LocalDay.objects.create(
        organisation=world.organisation(code),
        day=day,
        kind=kind,
        document_number="临州政办发〔2026〕8号",
        entered_by=world.centre,
        recorded_at=now(),
    )


def test_ten_working_days_from_the_application(world):
    batch = world.to(world.batch(1), 0)
    assert batch.request.due_on == DUE
    assert clock_of(batch.request, world.day).due == DUE


def test_moves_of_the_levels_do_not_move_the_date(world):
    batch = world.to(world.batch(1), 3)
    assert batch.request.due_on == DUE
    assert len(events_of(batch.request)) == 1


@pytest.mark.parametrize("code", [COUNTY, PREFECTURE])
def test_a_local_day_above_the_school_moves_open_dates_and_says_why(world, code):
    batch = world.to(world.batch(1), 0)
    local_day(world, code, date(2026, 9, 21))
    assert recompute_due(organisation=world.organisation(code), why="开斋节放假") == 1
    request = Request.objects.get(pk=batch.request_id)
    assert request.due_on == date(2026, 10, 8)
    change = DueChange.objects.get()
    assert (change.before, change.after, change.why) == (DUE, request.due_on, "开斋节放假")


def test_a_local_day_elsewhere_moves_nothing(world):
    world.to(world.batch(1), 0)
    local_day(world, OTHER_COUNTY, date(2026, 9, 21))
    assert recompute_due(organisation=world.organisation(OTHER_COUNTY), why="x") == 0
    assert recompute_due(organisation=None, why="x") == 0
    assert not DueChange.objects.exists()


def test_what_is_closed_does_not_move(world):
    batch = world.to(world.batch(1), 4)
    local_day(world, COUNTY, date(2026, 9, 21))
    assert recompute_due(organisation=world.organisation(COUNTY), why="x") == 0
    assert batch.request.closed_on_time is True


def test_closed_late_is_known(world):
    batch = world.to(world.batch(1), 3)
    world.day = date(2026, 10, 8)
    world.approve(batch, world.province)
    assert batch.request.closed_on_time is False


def test_closed_on_the_last_day_is_in_time(world):
    batch = world.to(world.batch(1), 3)
    world.day = DUE
    world.approve(batch, world.province)
    assert batch.request.closed_on_time is True


def test_nothing_is_decided_by_time_alone(world):
    batch = world.to(world.batch(1), 0)
    world.day = DUE + timedelta(days=60)
    assert clock_of(batch.request, world.day).due == DUE
    world.approve(batch, world.head())
    assert batch.request.status == "待县级审批"


@pytest.mark.parametrize(
    "rule, due",
    [("pause", date(2026, 10, 12)), ("restart", date(2026, 10, 13)), ("run_on", DUE)],
)
def test_three_ways_to_count_a_sending_back(world, rule, due):
    """Back on the 17th, in again on the 22nd: one day used, or none, or all."""
    decide(
        organisation=world.organisation(PREFECTURE), key="clock.send_back", value=rule, effective_from=date(2026, 9, 1),
        document_number="临州教发〔2026〕4号", by=world.centre,
    )  # fmt: skip
    batch = world.to(world.batch(1), 0)
    world.day = date(2026, 9, 17)
    world.advance(batch, "send_back", world.head(), note="补")
    assert batch.request.due_on is None, "while it is back the page shows no date"
    world.day = date(2026, 9, 22)
    world.advance(batch, "submit", world.registrar())
    assert batch.request.due_on == due


def test_a_year_without_a_notice_is_provisional(world):
    batch = world.batch(1, year=2026)
    world.day = date(2026, 12, 28)
    Reopening.objects.create(
        school=batch.school, year=2026, reason="疫情", document_number="临州教发〔2026〕5号", by=world.centre, at=now()
    )
    world.advance(batch, "submit", world.registrar())
    clock = clock_of(batch.request, world.day)
    assert (clock.due, clock.missing_year) == (None, 2027)
    assert batch.request.due_on is None
