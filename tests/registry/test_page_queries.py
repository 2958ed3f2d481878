"""What the pages of the register cost the database: at most twelve queries, and no more for many students than for few."""

import pytest
from django.urls import reverse

from linxia_xueji.enums import Role
from registry.models import IssuedNumber
from registry.voiding import open_voiding
from tests.approvals.test_page_queries import MOST, queries
from tests.registry.entry import children
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


def test_pages_of_grade_one_take_few_queries_and_of_many_children_no_more(world, client):
    """The child is known elsewhere, was urged and written about; another one is to come later."""
    children.teaches(world)
    children.enrolled(world, 1, OTHER_SCHOOL)
    batch = children.listed(world, 3)
    gone, later, here = batch.entrants.order_by("pk")
    children.mark(world, batch, "no_show", gone, later)
    children.mark(world, batch, "reported", here)
    children.asks_for_deferral(world, later)
    children.urged(world, gone, 3)
    children.ordered(world, gone)
    pages = {
        "child": reverse("registry:entrant", args=[gone.pk]),
        "later": reverse("registry:entrant", args=[later.pk]),
        "batch": reverse("registry:entry_batch", args=[batch.pk]),
        "decision": reverse("approvals:request", args=[batch.request_id]),
    }
    for reader in (world.registrar(), world.county):
        client.force_login(reader)
        cost = {page: queries(client, address) for page, address in pages.items()}
        assert max(cost.values()) <= MOST, cost
    few = cost["batch"], cost["decision"]
    children.mark(world, batch, "reported", *(children.child(world, batch, serial) for serial in range(50, 70)))
    assert (queries(client, pages["batch"]), queries(client, pages["decision"])) == few
    children.move(world, batch, "submit", world.registrar(), note="情况属实")
    children.move(world, batch, "approve", world.head())
    # One more where a child is known: what is open of it elsewhere.
    assert queries(client, pages["decision"]) <= MOST + 1
