"""Settings of the prefecture: dated, with document and basis; a request keeps those it began with."""

from datetime import date, timedelta

import pytest

from linxia_xueji.policy import SETTINGS, decide, in_force
from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import Basis, Force
from tests.world import COUNTY_SCHOOL, DAY, PREFECTURE


def settle(world, key, value, effective_from=DAY, by=None, document_number="临州教学管发〔2026〕3号"):
    return decide(
        organisation=world.organisation(PREFECTURE),
        key=key,
        value=value,
        effective_from=effective_from,
        document_number=document_number,
        by=by or world.centre,
    )


def test_every_setting_says_what_it_rests_on():
    for setting in SETTINGS.values():
        assert setting.label and setting.why and isinstance(setting.basis, Basis)
        assert not setting.choices or setting.default in dict(setting.choices)


def test_without_a_decision_the_default_holds(world):
    policy = in_force(world.organisation(COUNTY_SCHOOL), DAY)
    assert policy["clock.days"] == 10
    assert policy["clock.send_back"] == "pause"
    ours = ("enrolment.deadline", "enrolment.mismatch", "transfer.window", "resumption.wrong_grade")
    assert policy.forces == dict.fromkeys(ours, Force.FORBID)


def test_a_decision_holds_from_its_day(world):
    settle(world, "clock.days", 8, DAY + timedelta(days=3))
    school = world.organisation(COUNTY_SCHOOL)
    assert in_force(school, DAY + timedelta(days=2))["clock.days"] == 10
    assert in_force(school, DAY + timedelta(days=3))["clock.days"] == 8


def test_of_two_for_one_day_the_later_recorded_holds(world):
    settle(world, "clock.days", 8)
    settle(world, "clock.days", 12)
    assert in_force(world.organisation(COUNTY_SCHOOL), DAY)["clock.days"] == 12


@pytest.mark.parametrize("who", ["registrar", "head", "county", "province"])
def test_only_the_prefecture_decides(world, who):
    by = getattr(world, who)
    with pytest.raises(Refusal, match="州学管中心"):
        settle(world, "clock.days", 8, by=by() if callable(by) else by)


def test_it_needs_a_document(world):
    with pytest.raises(Refusal, match="文号"):
        settle(world, "clock.days", 8, document_number=" ")


def test_only_the_values_offered(world):
    with pytest.raises(Refusal, match="没有这个取值"):
        settle(world, "clock.send_back", "forget")


def test_a_request_keeps_the_settings_of_its_first_submission(world):
    batch = world.to(world.batch(1), 0)
    settle(world, "clock.days", 3, date(2026, 9, 1))
    world.advance(batch, "send_back", world.head(), note="补材料")
    world.advance(batch, "submit", world.registrar())
    assert batch.request.policy["clock.days"] == 10


def test_a_draft_takes_the_settings_of_the_day_it_goes_in(world):
    batch = world.batch(1)
    settle(world, "clock.days", 3, date(2026, 9, 1))
    world.advance(batch, "submit", world.registrar())
    assert batch.request.policy["clock.days"] == 3


def test_a_setting_is_not_a_quotation(world):
    assert SETTINGS["clock.send_back"].basis == Basis.ASSUMED
    assert date(2026, 9, 30).strftime("%m-%d") == SETTINGS["enrolment.deadline.last_day"].default
