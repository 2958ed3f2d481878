"""Nobody falls off the list: 延缓入学 and its day, urging, the letter to the township, and what came of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from approvals.models import Message
from linxia_xueji.policy import decide
from linxia_xueji.refusal import Refusal
from registry.entry import following, page
from registry.entry.states import counted
from registry.models import Entrant, EntryOutcome
from tests.registry.entry.children import asks_for_deferral, decided, listed, mark, move, ordered, urged
from tests.world import COUNTY, OTHER_COUNTY, PREFECTURE

DAY = date(2026, 9, 16)


def state(entrant: Entrant, on: date = DAY) -> str:
    """The one state that is counted."""
    return next(s.value for s, n in counted(Entrant.objects.filter(pk=entrant.pk), on).items() if n)


@pytest.fixture
def absent(world) -> Entrant:
    """A child that did not come, beside one that did."""
    batch = listed(world, 2)
    here, gone = batch.entrants.order_by("pk")
    mark(world, batch, "reported", here)
    mark(world, batch, "no_show", gone)
    return gone


def told(entrant: Entrant) -> set[str]:
    """Who was told of it, by a line that leads to the child's page."""
    found = Message.objects.filter(link=reverse("registry:entrant", args=[entrant.pk]))
    return set(found.values_list("to__username", flat=True))


def test_deferral_is_decided_by_the_county_and_the_child_comes_back_on_the_day(world, absent):
    deferral = asks_for_deferral(world, absent)
    assert told(absent) == {f"county_reviewer-{COUNTY}", f"county_head-{COUNTY}"}
    assert state(absent) == "asked"
    move(world, absent.batch, "submit", world.registrar())
    move(world, absent.batch, "approve", world.head())
    with pytest.raises(Refusal, match="1件延缓入学申请尚未决定"):
        move(world, absent.batch, "approve", world.county)
    for stranger in (world.head(), world.user("county_reviewer", OTHER_COUNTY)):
        with pytest.raises(Refusal, match="由广河县教育局决定"):
            following.decide_deferral(deferral=deferral, accepted=True, note="", by=stranger, on=DAY)
    following.decide_deferral(deferral=deferral, accepted=True, note="", by=world.county, on=DAY)
    assert world.registrar().username in told(absent)
    assert state(absent) == "deferred"
    move(world, absent.batch, "approve", world.county)
    assert state(absent, date(2026, 10, 19)) == "deferred" and state(absent, date(2026, 10, 20)) == "due"
    with pytest.raises(Refusal, match="已同意，页面已更新"):
        following.decide_deferral(deferral=deferral, accepted=False, note="x", by=world.county, on=DAY)


def test_a_declined_deferral_says_why_and_the_child_is_expected(world, absent):
    deferral = asks_for_deferral(world, absent)
    with pytest.raises(Refusal, match="须写明理由"):
        following.decide_deferral(deferral=deferral, accepted=False, note=" ", by=world.county, on=DAY)
    following.decide_deferral(deferral=deferral, accepted=False, note="证明不符", by=world.county, on=DAY)
    assert state(absent) == "no_show"
    asks_for_deferral(world, absent)
    with pytest.raises(Refusal, match="已有一件延缓入学申请"):
        asks_for_deferral(world, absent)


def test_a_deferral_says_a_later_day(world, absent):
    with pytest.raises(Refusal, match="须晚于今天"):
        asks_for_deferral(world, absent, until=DAY)


def test_the_school_urges_then_writes_to_the_township_then_records_the_end(world, absent):
    asked = {"entrant": absent, "office": "三甲集镇人民政府", "number": "1号", "by": world.registrar(), "on": DAY}
    urged(world, absent)
    assert state(absent) == "urged"
    with pytest.raises(Refusal, match="已督促1次，须先督促2次"):
        following.write_letter(**asked)
    decide(organisation=world.organisation(PREFECTURE), key=following.BEFORE_LETTER, value=1, effective_from=DAY,
           document_number="1号", by=world.centre)  # fmt: skip
    following.write_letter(**asked)
    assert state(absent) == "ordered"
    with pytest.raises(Refusal, match="已出具"):
        following.write_letter(**asked)
    ended = {"entrant": absent, "happened_on": DAY, "document_number": "镇函复2号", "by": world.registrar(), "on": DAY}
    with pytest.raises(Refusal, match="请写明说明"):
        following.end_chase(kind="other", note="", **ended)
    following.end_chase(kind="moved", note="随父母迁往兰州", **ended)
    assert state(absent) == "elsewhere"
    assert page.followed(world.registrar(), DAY, "entry_urging", {})["rows"] == []
    with pytest.raises(Refusal, match="不需要督促"):
        urged(world, absent)


def test_who_came_after_urging_is_registered_with_the_others(world, absent):
    ordered(world, absent)
    following.end_chase(
        entrant=absent, kind="came", happened_on=DAY, document_number="镇函复2号", note="", by=world.county, on=DAY
    )
    assert state(absent) == "reported"
    decided(world, absent.batch)
    assert state(absent) == "registered" and EntryOutcome.objects.get().kind == "came"


def test_only_the_school_and_the_office_above_it_write_down_what_was_done(world, absent):
    entered = {"urged_by": "马", "manner": "visit", "spoken_to": "母亲", "said": "在外地"}
    with pytest.raises(Refusal, match="学籍管理员登记"):
        following.urge(entrant=absent, by=world.head(), on=DAY, urged_on=DAY, **entered)
    with pytest.raises(Refusal, match="不能晚于今天"):
        following.urge(entrant=absent, by=world.county, on=DAY, urged_on=DAY + timedelta(days=1), **entered)
    following.urge(entrant=absent, by=world.county, on=DAY, urged_on=DAY, **entered)
    assert absent.urgings.count() == 1


def test_lists_count_by_state_and_by_school(world, absent):
    urged(world, absent)
    mine, above = (page.followed(user, DAY, "entry_urging", {}) for user in (world.registrar(), world.county))
    assert [row.entrant for row in mine["rows"]] == [absent] and mine["by_school"] == []
    assert above["by_school"] == [{"school": absent.school.short_name, "counts": {"督促中": 1}, "all": 1}]
    assert [kpi["value"] for kpi in above["kpis"]] == [0, 1, 0]
    assert page.followed(world.user("county_reviewer", OTHER_COUNTY), DAY, "entry_urging", {})["rows"] == []
