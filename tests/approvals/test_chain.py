"""The chain: which move leads where, sending back and its pause, taking back, stale pages, one transaction for a deed."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from approvals.chain import advance
from approvals.due import clock_of
from approvals.enums import OPEN, TRANSITIONS, Move, State, state_after
from approvals.models import Entry, Request, Step
from linxia_xueji.enums import Level
from linxia_xueji.refusal import Refusal, Stale
from registry.batches import mark, open_batch
from registry.enums import Arrival
from registry.models import Intake, IssuedNumber
from tests.world import PREFECTURE_SCHOOL


def test_nothing_leads_out_of_a_closed_state():
    assert {state for state, _ in TRANSITIONS} == set(OPEN)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_the_table_is_all_there_is(state, move):
    expected = TRANSITIONS.get((state, move))
    assert state_after(state, move, last_step=False) == expected
    if (state, move) != (State.PENDING, Move.APPROVE):
        assert state_after(state, move, last_step=True) == expected


def test_the_last_approval_closes():
    assert state_after(State.PENDING, Move.APPROVE, last_step=True) == State.APPROVED


def test_each_level_in_turn_and_whose_turn_it_is(world):
    batch = world.to(world.batch(1), 0)
    seen = [batch.request.status]
    for user, figures in world.deciders():
        world.approve(batch, user, **figures)
        seen.append(batch.request.status)
    assert seen == ["待校长确认", "待县级审批", "待州级审核", "已上报省厅", "省厅已批复"]
    assert batch.request.turn_organisation is None
    assert batch.request.closed_on == world.day
    assert [s.decided_by for s in batch.request.steps.all()] == [u for u, _ in world.deciders()]


def test_a_prefecture_school_has_three_steps(world):
    batch = world.to(world.batch(1, school=PREFECTURE_SCHOOL), 3)
    assert [s.level for s in batch.request.steps.all()] == [Level.SCHOOL, Level.PREFECTURE, Level.PROVINCE]
    assert batch.request.county is None
    assert batch.request.state == State.APPROVED


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_every_level_can_send_back_with_reasons(world, steps):
    batch = world.to(world.batch(1), steps)
    user, _ = world.deciders()[steps]
    with pytest.raises(Refusal, match="写明理由"):
        world.advance(batch, "send_back", user)
    world.advance(batch, "send_back", user, note="户口簿不清晰")
    assert batch.request.state == State.RETURNED
    assert batch.request.turn_permission == "prepare_business"
    assert Intake.objects.get().held == 1, "sent back for mending, the seat is kept"


def test_sending_back_begins_a_new_round_of_signatures(world):
    batch = world.to(world.batch(1), 2)
    world.advance(batch, "send_back", world.centre, note="缺材料")
    world.advance(batch, "submit", world.registrar())
    assert batch.request.round == 2
    assert batch.request.turn_level == Level.SCHOOL
    for user, figures in world.deciders():
        world.approve(batch, user, **figures)
    assert batch.request.state == State.APPROVED
    assert batch.request.steps.filter(round=1).exclude(decided_at=None).count() == 3
    assert {f.round for f in batch.figures.all()} == {1, 2}


def test_the_clock_pauses_while_it_is_back_with_the_school(world):
    """With `pause` the day of sending back still counts, the day of coming in again does not."""
    batch = world.to(world.batch(1), 0)
    first = batch.request.due_on
    assert first == date(2026, 9, 30)  # ten working days after the 16th, one of them the make-up Sunday of the 20th
    world.day += timedelta(days=1)
    world.advance(batch, "send_back", world.head(), note="缺材料")
    assert batch.request.due_on is None
    assert clock_of(batch.request, world.day).due is None
    world.day += timedelta(days=4)
    world.advance(batch, "submit", world.registrar())
    assert batch.request.due_on > first
    assert batch.request.submitted_on == batch.request.applied_on == date(2026, 9, 16)
    assert [e.on for e in batch.request.entries.all()] == [date(2026, 9, d) for d in (16, 17, 21)]


def test_the_state_of_a_page_must_be_the_present_one(world):
    batch = world.to(world.batch(1), 0)
    seen = batch.request.version
    world.approve(batch, world.head())
    with pytest.raises(Stale, match=f"已由{world.head().full_name}于.*审核通过.*未生效"):
        advance(request=batch.request, move="approve", by=world.county, seen=seen, on=world.day)
    assert Request.objects.get().status == "待县级审批"


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_the_applicant_may_take_it_back_until_the_last_decision(world, steps):
    batch = world.to(world.batch(2), steps)
    world.advance(batch, "retract", world.registrar(), note="漏报一人")
    assert batch.request.state == State.RETRACTED
    assert Intake.objects.get().held == 0


def test_after_the_last_decision_it_cannot_be_taken_back(world):
    batch = world.to(world.batch(1), 4)
    with pytest.raises(Refusal, match="已办结，不能撤回"):
        world.advance(batch, "retract", world.registrar(), note="漏报一人")


def test_taking_back_needs_a_reason_and_is_the_schools(world):
    batch = world.to(world.batch(1), 1)
    with pytest.raises(Refusal, match="撤回须写明理由"):
        world.advance(batch, "retract", world.registrar())
    with pytest.raises(Refusal, match="学籍管理员可以撤回"):
        world.advance(batch, "retract", world.county, note="漏报")


def test_a_batch_is_never_refused_as_a_whole(world):
    """May be sent back or single students struck out, not refused (rules, Routes)."""
    batch = world.to(world.batch(1), 1)
    with pytest.raises(Refusal, match="不能不予办理"):
        world.advance(batch, "refuse", world.county, note="不予")


def test_a_deed_that_breaks_leaves_nothing_behind(world, monkeypatch):
    batch = world.to(world.batch(2), 3)
    before = (Entry.objects.count(), Request.objects.get().version)

    def broken(*args):
        raise RuntimeError("the line went dead")

    monkeypatch.setattr("approvals.chain.announce", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        world.approve(batch, world.province)
    assert (Entry.objects.count(), Request.objects.get().version) == before
    assert not IssuedNumber.objects.exists()
    assert Step.objects.filter(decided_at=None).count() == 1


def test_the_judgement_is_kept_with_the_decision(world):
    batch = world.to(world.batch(1), 1)
    entry = batch.request.entries.get(move="approve")
    assert entry.rule_version == batch.request.rule_version == "2022-5/1"
    assert {f["rule"] for f in entry.findings} >= {"enrolment.over_plan", "enrolment.mismatch"}
    assert not any(f["broken"] for f in entry.findings)


def test_one_open_batch_a_school_and_year(world):
    batch = world.batch(1)
    with pytest.raises(Refusal, match="已有在办批次"):
        open_batch(school=batch.school, year=2026, by=world.registrar(), on=world.day)
    with pytest.raises(IntegrityError, match="one_open_request_per_subject"), transaction.atomic():
        Request.objects.create(
            kind="x", number="X", subject="x", lock_key=batch.request.lock_key, rule_version="1", created_at="2026-09-16T00:00Z",
            school=batch.school,
        )  # fmt: skip


def test_numbers_of_requests_follow_one_another(world):
    first = world.batch(1).request
    second = world.batch(1, school=PREFECTURE_SCHOOL).request
    assert first.number == f"ZC-{first.school.division_id}-2026-0001"
    assert second.number == f"ZC-{second.school.division_id}-2026-0001"


def test_a_draft_is_not_in_the_clock(world):
    assert clock_of(world.batch(1).request, world.day) is None


def test_nothing_is_submitted_while_someone_is_unmarked(world):
    batch = world.batch(2)
    one = batch.candidates.first()
    mark(batch=batch, candidates=[one.pk], arrival=Arrival.UNMARKED, by=world.registrar())
    with pytest.raises(Refusal, match="还有1名学生未登记"):
        world.advance(batch, "submit", world.registrar())


def test_the_route_is_the_one_the_request_began_with(world):
    batch = world.to(world.batch(1), 0)
    world.advance(batch, "send_back", world.head(), note="补")
    school = batch.request.school
    school.parent = school.parent.parent
    school.save()
    world.advance(batch, "submit", world.registrar())
    assert [s["level"] for s in batch.request.route] == ["school", "county", "prefecture", "province"]
    assert batch.request.steps.filter(round=2).count() == 4
