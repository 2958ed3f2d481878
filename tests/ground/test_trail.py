"""The audit trail: who, post, when, from where, before, after, rule version; added to, never changed."""

import psycopg
import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime

from approvals.models import Entry
from linxia_xueji.dates import today
from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import origin
from tests.world import COUNTY


def test_a_move_says_who_on_which_post_when_from_where_and_by_which_rules(world):
    batch = world.to(world.batch(1), 1)
    token = origin.set("10.1.2.3")
    try:
        world.approve(batch, world.county, graduates=2146, plan=600)
    finally:
        origin.reset(token)
    entry = TrailEntry.objects.latest("pk")
    assert (entry.by, entry.post.role, entry.organisation.code) == (world.county, Role.COUNTY_REVIEWER, COUNTY)
    assert (entry.address, localtime(entry.at).date(), entry.rule_version) == ("10.1.2.3", today(), "2022-5/1")
    assert (entry.before, entry.after["status"]) == ({"status": "待县级审批"}, "待州级审核")
    assert (entry.target_type, entry.target_id) == ("approvals.request", str(batch.request.pk))


def test_every_move_leaves_one_line(world):
    batch = world.to(world.batch(1), 4)
    lines = TrailEntry.objects.filter(target_type="approvals.request", target_id=batch.request_id).order_by("pk")
    assert [line.action for line in lines] == ["新建新生注册", "提交", *["审核通过"] * 4]


def test_a_refused_move_leaves_none(world):
    batch = world.to(world.batch(1), 1)
    before = TrailEntry.objects.count(), Entry.objects.count()
    with pytest.raises(Refusal), transaction.atomic():
        world.approve(batch, world.province)
    assert (TrailEntry.objects.count(), Entry.objects.count()) == before


def test_the_web_role_can_add_but_not_change(transactional_db, world, web_role):
    world.to(world.batch(1), 1)
    for table in ("linxia_xueji_trailentry", "approvals_entry"):
        assert web_role.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0  # noqa: S608
        for deed in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}", f"TRUNCATE {table}"):  # noqa: S608
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web_role.execute(deed)


def test_nothing_in_the_business_reads_it():
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    writers = {"linxia_xueji/trail.py", "linxia_xueji/models/trail.py", "linxia_xueji/models/__init__.py"}
    readers = {
        str(path.relative_to(root))
        for app in ("linxia_xueji", "approvals", "registry", "transfers")
        for path in (root / app).rglob("*.py")
        if "TrailEntry" in path.read_text(encoding="utf-8") and "migrations" not in path.parts
    }
    # A page that shows the trail may read it; nothing that decides.
    assert {r for r in readers - writers if "/views" not in r and "/demo/" not in r} == set()


@pytest.mark.parametrize(("trusted", "address"), [(True, "10.1.2.3"), (False, "127.0.0.1")])
def test_the_address_is_the_proxys_word_only_where_it_is_trusted(world, client, settings, trusted, address):
    settings.TRUST_PROXY = trusted
    batch = world.batch(1)
    client.force_login(world.registrar())
    page = reverse("registry:mark", args=[batch.pk])
    data = {"candidate": [batch.candidates.get().pk], "arrival": "no_show"}
    client.post(page, data, headers={"X-Forwarded-For": "192.0.2.9, 10.1.2.3"})
    assert TrailEntry.objects.order_by("pk").last().address == address
