"""The whole way through, without a browser: submission, four decisions, numbers."""

import pytest

from approvals.enums import State
from linxia_xueji.refusal import Refusal, Stale
from registry.enums import Arrival
from registry.models import Enrolment, Intake, IssuedNumber
from tests.world import PREFECTURE_SCHOOL


def test_county_school_goes_through_four_levels(world):
    batch = world.to(world.batch(3), 4)
    assert batch.request.state == State.APPROVED
    assert list(IssuedNumber.objects.order_by("number").values_list("number", flat=True)) == [
        "261324010001",
        "261324010002",
        "261324010003",
    ]
    assert Enrolment.objects.filter(ends_on=None).count() == 3
    assert [s.level for s in batch.request.steps.all()] == ["school", "county", "prefecture", "province"]


def test_prefecture_school_has_no_county_step(world):
    batch = world.to(world.batch(2, school=PREFECTURE_SCHOOL), 3)
    assert batch.request.state == State.APPROVED
    assert [s.level for s in batch.request.steps.all()] == ["school", "prefecture", "province"]


def test_over_the_plan_nothing_goes_in(world):
    batch = world.batch(3, plan=2)
    with pytest.raises(Refusal) as refusal:
        world.advance(batch, "submit", world.registrar())
    assert refusal.value.rule == "enrolment.over_plan"
    assert Intake.objects.get().held == 0


def test_send_back_and_resubmit_keeps_the_first_day_and_pauses(world):
    batch = world.to(world.batch(2), 1)
    world.advance(batch, "send_back", world.county, note="缺更正便函")
    assert (batch.request.state, batch.request.due_on) == (State.RETURNED, None)
    world.advance(batch, "submit", world.registrar())
    assert batch.request.round == 2
    assert batch.request.submitted_on == world.day


def test_strike_frees_the_seat_and_shrinks_the_range(world):
    batch = world.to(world.batch(3), 1)
    first = batch.candidates.order_by("exam_number").first()
    world.advance(batch, "strike", world.county, note="重复", candidate=first.pk, rule="enrolment.duplicate")
    assert Intake.objects.get().held == 2
    world.approve(batch, world.county, graduates=2146, plan=600)
    figures = batch.figures.get(level="county")
    assert (figures.agreed, figures.first_number, figures.last_number) == (2, "261324010001", "261324010002")


def test_stale_page_is_told(world):
    batch = world.to(world.batch(2), 0)
    seen = batch.request.version
    world.approve(batch, world.head())
    from approvals.chain import advance

    with pytest.raises(Stale):
        advance(request=batch.request, move="approve", by=world.county, seen=seen)


def test_retract_frees_seats_and_the_marks_survive(world):
    from registry.batches import open_batch

    batch = world.to(world.batch(2), 1)
    world.advance(batch, "retract", world.registrar(), note="补充材料")
    assert Intake.objects.get().held == 0
    again = open_batch(school=batch.school, year=2026, by=world.registrar(), on=world.day)
    assert set(again.candidates.values_list("arrival", flat=True)) == {Arrival.REPORTED}
