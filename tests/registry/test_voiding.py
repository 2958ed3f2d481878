"""Voiding an issued number is a request on its batch's route; the number stays as void, the seat is free."""

import pytest
from django.db import transaction

from approvals.chain import advance
from approvals.enums import State
from linxia_xueji.refusal import Refusal
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, Intake, IssuedNumber, NumberVoiding
from registry.voiding import open_voiding
from tests.world import OTHER_SCHOOL, PREFECTURE_SCHOOL


@pytest.fixture
def number(world) -> IssuedNumber:
    world.to(world.batch(2), 4)
    return IssuedNumber.objects.order_by("number").first()


def begin(world, number, reason="重复注册，经核查属误报", by=None) -> NumberVoiding:
    with transaction.atomic():
        return open_voiding(number=number, reason=reason, by=by or world.registrar(), on=world.day)


def move(world, voiding, move, by, note="", **inputs):
    with transaction.atomic():
        voiding.request = advance(request=voiding.request, move=move, by=by, note=note, inputs=inputs, on=world.day)


def through(world, voiding, school=None):
    move(world, voiding, "submit", world.registrar(school) if school else world.registrar())
    for user, _ in world.deciders(*([school] if school else [])):
        move(world, voiding, "approve", user)


def test_it_takes_the_whole_route_and_nothing_changes_before_the_end(world, number):
    voiding = begin(world, number)
    move(world, voiding, "submit", world.registrar())
    for user, _ in world.deciders():
        number.refresh_from_db()
        assert number.voided_on is None
        move(world, voiding, "approve", user)
    number.refresh_from_db()
    assert voiding.request.state == State.APPROVED
    assert [s.level for s in voiding.request.steps.all()] == ["school", "county", "prefecture", "province"]
    assert (number.voided_on, number.void_reason) == (world.day, "重复注册，经核查属误报")


def test_enrolment_and_its_dated_rows_end_and_the_seat_is_free(world, number):
    through(world, begin(world, number))
    enrolment = Enrolment.objects.get(student_number=number)
    assert (enrolment.ends_on, enrolment.ending) == (world.day, "voided")
    assert EnrolmentStatus.objects.get(enrolment=enrolment).valid_to == world.day
    assert EnrolmentGrade.objects.get(enrolment=enrolment).valid_to == world.day
    assert Intake.objects.get().held == 1
    assert Enrolment.objects.filter(ends_on=None).count() == 1


def test_the_route_is_that_of_the_batch(world):
    world.to(world.batch(1, school=PREFECTURE_SCHOOL), 3)
    voiding = begin(world, IssuedNumber.objects.get(), by=world.registrar(PREFECTURE_SCHOOL))
    through(world, voiding, PREFECTURE_SCHOOL)
    assert [s.level for s in voiding.request.steps.all()] == ["school", "prefecture", "province"]


@pytest.mark.parametrize("who", ["head", "county", "centre", "stranger"])
def test_only_the_school_begins_it(world, number, who):
    users = {
        "head": world.head(),
        "county": world.county,
        "centre": world.centre,
        "stranger": world.registrar(OTHER_SCHOOL),
    }
    with pytest.raises(Refusal, match="学籍管理员"):
        begin(world, number, by=users[who])


def test_a_reason_is_needed(world, number):
    with pytest.raises(Refusal, match="原因"):
        begin(world, number, reason=" ")


def test_one_open_one_a_number(world, number):
    begin(world, number)
    with pytest.raises(Refusal, match="在办的作废申请"):
        begin(world, number)


def test_a_void_number_is_not_voided_again(world, number):
    through(world, begin(world, number))
    number.refresh_from_db()
    with pytest.raises(Refusal, match="作废"):
        begin(world, number)


def test_it_may_be_refused_as_a_whole_and_then_nothing_is_void(world, number):
    voiding = begin(world, number)
    move(world, voiding, "submit", world.registrar())
    with pytest.raises(Refusal, match="写明理由"):
        move(world, voiding, "refuse", world.head())
    move(world, voiding, "refuse", world.head(), note="没有根据")
    number.refresh_from_db()
    assert (voiding.request.state, number.voided_on) == (State.REFUSED, None)
    begin(world, number)


def test_no_student_is_struck_from_it(world, number):
    voiding = begin(world, number)
    move(world, voiding, "submit", world.registrar())
    with pytest.raises(Refusal, match="不能核减"):
        move(world, voiding, "strike", world.head(), note="x")


def test_a_batch_may_be_open_at_the_same_time(world, number):
    from registry.batches import open_batch

    begin(world, number)
    world.plan(5)
    world.admit(1, first=30)
    batch = open_batch(school=number.batch.school, year=2026, by=world.registrar(), on=world.day)
    assert batch.request.is_open


def test_where_the_province_works_on_paper_it_can_still_be_finished(world, number):
    from datetime import date

    from linxia_xueji.policy import decide

    decide(
        organisation=world.organisation("622900"), key="province.in_portal", value=False,
        effective_from=date(2026, 1, 1), document_number="临州教发〔2026〕2号", by=world.centre,
    )  # fmt: skip
    voiding = begin(world, number)
    move(world, voiding, "submit", world.registrar())
    for user, _ in world.deciders()[:3]:
        move(world, voiding, "approve", user)
    with pytest.raises(Refusal, match="文号"):
        move(world, voiding, "record", world.centre, note="同意作废")
    move(
        world,
        voiding,
        "record",
        world.centre,
        note="同意作废",
        document_number="甘教函〔2026〕9号",
        replied_on=world.day,
    )
    voiding.number.refresh_from_db()
    assert voiding.number.voided_on == world.day
    assert voiding.request.entries.last().detail["document"] == "甘教函〔2026〕9号"
