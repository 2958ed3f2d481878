"""Overdue: by office and person in the list; the head is told, then the office above, each once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from approvals.jobs import tell_of_overdue_requests
from approvals.models import Message, OverdueNotice, Request
from approvals.overdue import tell_of_overdue
from linxia_xueji.enums import Role
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, PREFECTURE

OVERDUE = reverse("approvals:overdue")
LATE = date(2026, 10, 20)


@pytest.fixture
def late(settings, world):
    """A batch long on the county's desk after its last day."""
    batch = world.to(world.batch(2), 1)
    settings.DEMO_TODAY = LATE
    Message.objects.all().delete()
    return Request.objects.get(pk=batch.request_id)


def told() -> list[str]:
    """To whom the messages about it went, and nobody else's."""
    return sorted(message.to.username for message in Message.objects.filter(text__startswith="超期"))


def test_the_head_then_the_level_above_each_once(world, late):
    assert tell_of_overdue(late.due_on) == 0
    assert tell_of_overdue_requests(timestamp=0) == 1 and tell_of_overdue(LATE) == 0
    assert told() == [f"{Role.COUNTY_HEAD}-{COUNTY}"]
    text = Message.objects.get().text
    assert late.number in text and "广河县" in text and "请尽快办理" in text
    assert tell_of_overdue(LATE + timedelta(days=1)) == 1 and tell_of_overdue(LATE + timedelta(days=2)) == 0
    assert told() == sorted([f"{Role.COUNTY_HEAD}-{COUNTY}", f"{Role.CENTRE}-{PREFECTURE}"])
    assert OverdueNotice.objects.count() == 2


def test_what_was_decided_or_sent_back_meanwhile_is_left_alone(world, late):
    batch = late.batch
    tell_of_overdue(LATE)
    world.day = LATE
    world.advance(batch, "send_back", world.county, note="补")
    Message.objects.all().delete()
    assert tell_of_overdue(LATE + timedelta(days=1)) == 0 and told() == []


def test_a_last_day_that_moved_is_told_of_anew(world, late):
    tell_of_overdue(LATE)
    Request.objects.filter(pk=late.pk).update(due_on=LATE)
    assert tell_of_overdue(LATE) == 0
    assert tell_of_overdue(LATE + timedelta(days=1)) == 1
    assert told() == [f"{Role.COUNTY_HEAD}-{COUNTY}"] * 2


def test_the_list_names_office_and_people_to_whoever_may_see_it(world, late, client):
    client.force_login(world.centre)
    page = client.get(OVERDUE).content.decode()
    people = "、".join(sorted((world.county.full_name, world.user(Role.COUNTY_HEAD, COUNTY).full_name)))
    assert "按机构和经办人" in page and people in page and f"{late.due_on}" in page
    client.force_login(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    assert "按机构和经办人" not in client.get(OVERDUE).content.decode()
    client.logout()
    assert client.get(OVERDUE).url.startswith("/login/")


def test_a_head_sees_that_their_own_request_is_late_elsewhere(world, late, client):
    client.force_login(world.head(COUNTY_SCHOOL))
    assert client.get(OVERDUE).context["desks"][0].count == 1
