"""What the pages of the register cost the database: at most twelve queries, and no more for many students than for few."""

import pytest
from django.urls import reverse

from linxia_xueji.enums import Role
from registry.models import IssuedNumber
from registry.voiding import open_voiding
from tests.approvals.test_page_queries import MOST, queries
from tests.registry.support import first
from tests.registry.test_voiding import move
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL

ADDRESSES = {
    "decision": lambda batch: reverse("approvals:request", args=[batch.request_id]),
    "batch": lambda batch: reverse("registry:batch", args=[batch.pk]),
    "student": lambda batch: reverse("registry:candidate", args=[first(batch).pk]),
}
READERS = {
    Role.REGISTRAR: ((COUNTY_SCHOOL, COUNTY_SCHOOL, 0), (OTHER_SCHOOL, OTHER_SCHOOL, 0)),
    Role.HEAD: ((COUNTY_SCHOOL, COUNTY_SCHOOL, 0), (OTHER_SCHOOL, OTHER_SCHOOL, 0)),
    Role.COUNTY_REVIEWER: ((COUNTY, COUNTY_SCHOOL, 1), (OTHER_COUNTY, OTHER_SCHOOL, 1)),
    Role.CENTRE: ((PREFECTURE, COUNTY_SCHOOL, 2), (PREFECTURE, PREFECTURE_SCHOOL, 1)),
}
"""Role → twice: where its reader sits, the school of the batch, and how many levels have approved by then."""


@pytest.mark.parametrize("reader", READERS)
def test_pages_of_a_batch_take_few_queries_and_of_a_large_one_no_more(world, client, reader):
    cost = []
    for (office, school, levels), count in zip(READERS[reader], (2, 60), strict=True):
        batch = world.to(world.batch(count, school=school), levels)
        client.force_login(world.user(reader, office))
        cost.append({page: queries(client, address(batch)) for page, address in ADDRESSES.items()})
    assert cost[1] == cost[0]
    assert max(cost[0].values()) <= MOST, cost[0]


def test_a_draft_takes_few_queries_too(world, client):
    batch = world.batch(3)
    client.force_login(world.registrar())
    assert {page: n for page, a in ADDRESSES.items() if (n := queries(client, a(batch))) > MOST} == {}


def test_a_voiding_takes_few_queries(world, client):
    world.to(world.batch(2), 4)
    voiding = open_voiding(number=IssuedNumber.objects.first(), reason="重复注册", by=world.registrar(), on=world.day)
    move(world, voiding, "submit", world.registrar())
    move(world, voiding, "approve", world.head())
    client.force_login(world.county)
    assert queries(client, ADDRESSES["decision"](voiding)) <= MOST


@pytest.mark.parametrize("name", ["batches", "intake", "annexes", "letters"])
def test_lists_take_few_queries(world, client, name):
    client.force_login(world.centre)
    address = reverse(f"registry:{name}")
    world.to(world.batch(2), 1)
    few = queries(client, address)
    world.to(world.batch(20, school=PREFECTURE_SCHOOL), 1)
    assert queries(client, address) == few <= MOST
