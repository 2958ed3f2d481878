"""What the pages of the chain cost the database: at most twelve queries, and no more for a long list than for a short one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.enums import State
from approvals.models import Closings, Message, Request
from linxia_xueji.dates import now
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation
from tests.approvals.test_desk import waiting
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, OTHER_SCHOOL

MOST = 12
DESK = reverse("approvals:desk")


def queries(client, address: str) -> int:
    """How many queries the page takes once it has been opened before."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
    return len(seen)


def fill(world, count: int, first: int = 0) -> None:
    """Requests of all schools of the county on its desk, some late, some back with their schools; messages about them."""
    schools = Organisation.objects.filter(level=Level.SCHOOL, parent__code=COUNTY).values_list("code", flat=True)
    for n in range(count):
        made = waiting(world, 1, school=schools[n % len(schools)], first=first + n)
        if n % 2:
            Request.objects.filter(pk=made[0].pk).update(due_on="2026-09-01")
        if n % 3 == 2:
            Request.objects.filter(pk=made[0].pk).update(state=State.RETURNED)
        Message.objects.create(to=world.county, request=made[0], text="待县级审批", at=now())


@pytest.mark.parametrize(
    "address",
    [
        DESK,
        *(f"{DESK}?due={due}" for due in ("over", "today", "soon")),
        f"{DESK}?kind=enrolment_batch",
        f"{DESK}?verdict=allowed",
        *(reverse(f"approvals:{name}") for name in ("done", "returned", "overdue", "messages")),
        f"{reverse('approvals:done')}?since=month",
    ],
)
def test_lists_take_few_queries_and_long_ones_no_more(world, client, address):
    client.force_login(world.county)
    fill(world, 3)
    few = queries(client, address)
    fill(world, 24, first=100)
    assert queries(client, address) == few <= MOST


def test_the_decisions_of_a_year_are_counted_by_the_database(world):
    first, second = waiting(world, 2)
    assert not Closings.objects.exists()
    closed = {"state": State.APPROVED, "turn_organisation": None, "closed_on": DAY}
    Request.objects.filter(pk=first.pk).update(**closed, closed_on_time=True)
    Request.objects.filter(pk=second.pk).update(**closed, closed_on_time=False)
    kept = Closings.objects.get()
    assert (kept.school.code, kept.year, kept.decided, kept.in_time) == (COUNTY_SCHOOL, DAY.year, 2, 1)
    Request.objects.filter(pk=second.pk).update(closed_on_time=True, school=world.organisation(OTHER_SCHOOL))
    assert sorted(Closings.objects.values_list("school__code", "decided", "in_time")) == [
        (OTHER_SCHOOL, 1, 1),
        (COUNTY_SCHOOL, 1, 1),
    ]
    Request.objects.filter(pk=first.pk).update(subject="已改")
    assert sum(Closings.objects.values_list("decided", flat=True)) == 2
