"""The two settings of the clock that concern 学籍异动: days for each party of a transfer, and an end with 国网办结."""

from datetime import date

import pytest
from django.urls import reverse

from approvals.due import clock_of, course_of, offices_of, recompute_due
from approvals.models import Closings, Request
from linxia_xueji.enums import Role
from linxia_xueji.policy import decide
from tests.transfers.support import announce_terms, filed, pupil, suspension, through, with_papers
from tests.world import COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE
from transfers.models import Transfer
from transfers.national import record_national


def choose(world, key, value):
    decide(
        organisation=world.organisation(PREFECTURE), key=key, value=value, effective_from=date(2026, 9, 1),
        document_number="临州教发〔2026〕4号", by=world.centre,
    )  # fmt: skip


@pytest.fixture
def moving(world):
    """A transfer between two counties, submitted on the world's day under days of its own for each party."""
    choose(world, "clock.transfer_per_party", 10)
    announce_terms(world)
    detail = Transfer(to_school=world.organisation(COUNTY_SCHOOL), to_stage="senior", to_grade=11)
    former = pupil(world, OTHER_SCHOOL, grade=11, stage="senior")
    change = with_papers(world, filed(world, "transfer", former, detail, school=COUNTY_SCHOOL))
    return change, through(world, change, steps=0)


def test_each_party_of_a_transfer_has_days_of_its_own(world, client, settings, moving):
    change, request = moving
    assert request.due_on == date(2026, 9, 28), "applied for on the 14th"
    world.day = settings.DEMO_TODAY = date(2026, 9, 21)
    request = through(world, change, steps=2, submit=False)
    assert (request.turn_organisation.code, request.due_on) == (OTHER_SCHOOL, date(2026, 10, 12))
    client.force_login(world.head(OTHER_SCHOOL))
    page = client.get(reverse("approvals:request", args=[request.pk])).content.decode()
    assert "教基〔2025〕1号第十五条" in page
    assert f"{request.school.short_name}：已用6个。" in page
    assert "9月21日收到、当日不计，到今日已用0个，剩10个，至10月12日。" in page
    assert "剩10个工作日" in client.get(reverse("approvals:desk")).content.decode()


def test_a_transfer_is_late_where_one_party_was(world, settings, moving):
    change, _ = moving
    world.day = settings.DEMO_TODAY = date(2026, 9, 29)
    assert through(world, change, submit=False).closed_on_time is False


@pytest.fixture
def done(world, settings):
    """A suspension approved on the world's day, its clock ending with 国网办结."""
    choose(world, "clock.ends_with", "national")
    settings.DEMO_TODAY = world.day
    change = suspension(world)
    return change, through(world, change)


def test_until_it_is_done_in_the_national_system_the_clock_runs(world, client, done):
    change, request = done
    assert (request.status, request.closed_on, request.closed_on_time) == ("已准予休学", world.day, None)
    assert request.due_on == clock_of(request, world.day).due and clock_of(request, world.day).running
    assert not Closings.objects.filter(decided__gt=0).exists()
    client.force_login(world.registrar())
    page = client.get(reverse("approvals:request", args=[request.pk])).content.decode()
    assert "到登记国网办结为止" in page and "个工作日" in page
    assert f"{request.due_on:%Y-%m-%d}" in client.get(reverse("transfers:nationals")).content.decode()


@pytest.mark.parametrize("late", [False, True])
def test_the_national_day_says_whether_it_was_in_time(world, settings, done, late):
    change, request = done
    due = request.due_on
    on = date(2026, 10, 30) if late else due
    settings.DEMO_TODAY = on
    record_national(change=change, national_on=on, national_by="马国网", on=on, by=world.registrar())
    request.refresh_from_db()
    assert (request.closed_on_time, request.due_on, request.nationally_on) == (not late, None, on)
    assert Closings.objects.get().in_time == (not late)


def test_what_is_late_in_the_national_system_stands_among_the_overdue(world, client, settings, done):
    change, request = done

    def listed(user) -> bool:
        client.force_login(user)
        page = client.get(reverse("approvals:overdue")).content.decode()
        assert (request.number in page) == ("已通过，国网未办结" in page)
        return request.number in page

    assert not listed(world.centre), "its last day has not passed"
    settings.DEMO_TODAY = world.day = date(2026, 10, 30)
    assert listed(world.centre) and listed(world.head())
    assert not listed(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    record_national(change=change, national_on=world.day, national_by="马国网", on=world.day, by=world.registrar())
    assert not listed(world.centre)


def test_a_calendar_that_changes_moves_it_too(world, done):
    _, request = done
    Request.objects.filter(pk=request.pk).update(due_on=None)
    assert recompute_due(organisation=None, why="更正") == 1


def test_by_default_the_approval_ends_it_and_a_request_keeps_its_setting(world, settings):
    settings.DEMO_TODAY = world.day
    change = suspension(world)
    through(world, change, steps=0)
    choose(world, "clock.ends_with", "national")
    request = through(world, change, submit=False)
    assert (request.closed_on_time, request.due_on) == (True, None)
    record_national(change=change, national_on=world.day, national_by="马国网", on=world.day, by=world.registrar())
    request.refresh_from_db()
    assert request.nationally_on is None


def test_a_batch_knows_neither_setting(world):
    choose(world, "clock.ends_with", "national")
    choose(world, "clock.transfer_per_party", 10)
    request = world.to(world.batch(1), 1).request
    assert (request.due_on, offices_of(request, world.day)) == (date(2026, 9, 30), ())
    assert course_of(request).policy["clock.transfer_per_party"] == 10
