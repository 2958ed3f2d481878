"""督办: only of what is late, only from above, once a day; it is a message, and stays on the request."""

from datetime import date

import pytest
from django.urls import reverse

from approvals.models import Message, Supervision
from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from tests.world import COUNTY, OTHER_COUNTY, PREFECTURE

LATE = date(2026, 10, 20)
NOTE = "请于本周内办结"


@pytest.fixture
def batch(world):
    """A batch that waits for the county."""
    return world.to(world.batch(2), 1)


@pytest.fixture
def late(settings, batch):
    """The same, long after its last day."""
    settings.DEMO_TODAY = LATE
    Message.objects.all().delete()
    return batch.request


def url(request) -> str:
    return reverse("approvals:supervision", args=[request.pk])


def test_signed_out_goes_to_the_sign_in_page(batch, client):
    assert client.get(url(batch.request)).url.startswith("/login/")
    assert client.post(url(batch.request), {"note": NOTE}).url.startswith("/login/")


def test_a_stranger_finds_nothing(world, late, client):
    client.force_login(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    assert client.get(url(late)).status_code == client.post(url(late), {"note": NOTE}).status_code == 404


def test_the_level_above_writes_and_it_is_told_and_kept(world, late, client):
    client.force_login(world.centre)
    listed = client.get(reverse("approvals:overdue")).content.decode()
    assert url(late) in listed and "广河县" in listed
    answer = client.post(url(late), {"note": NOTE}, follow=True)
    assert "已向广河县教育局发出督办" in answer.content.decode() and "1次" in answer.content.decode()
    told = {m.to.username: m.text for m in Message.objects.select_related("to")}
    assert set(told) == {f"county_reviewer-{COUNTY}", f"county_head-{COUNTY}"}
    assert all(NOTE in text and "已超期" in text and late.number in text for text in told.values())
    assert TrailEntry.objects.filter(action="督办").exists()
    client.force_login(world.county)
    shown = client.get(reverse("approvals:request", args=[late.pk])).content.decode()
    assert NOTE in shown and url(late) not in shown


def test_once_a_day(world, late, client):
    client.force_login(world.centre)
    client.post(url(late), {"note": NOTE})
    assert "今日已督办" in client.get(url(late)).content.decode()
    assert client.post(url(late), {"note": NOTE}).status_code == 302 and Supervision.objects.count() == 1


@pytest.mark.parametrize(("role", "code"), [(Role.COUNTY_REVIEWER, COUNTY), (Role.AUDITOR, PREFECTURE)])
def test_nobody_else_can(world, late, client, role, code):
    client.force_login(world.user(role, code))
    assert "只有其上级可以督办" in client.get(url(late)).content.decode()
    client.post(url(late), {"note": NOTE})
    assert not Supervision.objects.exists()
    assert url(late) not in client.get(reverse("approvals:overdue")).content.decode()


def test_what_is_in_time_needs_none(world, batch, client):
    client.force_login(world.centre)
    assert "没有超期" in client.get(url(batch.request)).content.decode()
    client.post(url(batch.request), {"note": NOTE})
    assert not Supervision.objects.exists()


def test_it_says_what_is_asked(world, late, client):
    client.force_login(world.centre)
    answer = client.post(url(late), {"note": " "})
    assert answer.status_code == 422 and "请填写督办要求" in answer.content.decode()
