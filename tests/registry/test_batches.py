"""The batch: who is in it, what is held and freed, strike, hold back, deadline, supplementary batches."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from approvals.enums import State
from linxia_xueji.dates import now
from linxia_xueji.enums import Stage
from linxia_xueji.policy import decide
from linxia_xueji.refusal import Refusal
from registry.batches import (
    enter_reported,
    follow_amended_list,
    hold_back,
    mark,
    open_batch,
    take_up_new,
    tick_intake,
    waiting_admissions,
)
from registry.enums import Arrival
from registry.models import Admission, Candidate, Enrolment, Intake, Reopening
from tests.registry.admissions_walk import import_list, sound_number
from tests.registry.support import another_batch, defer, differ, first
from tests.registry.test_facts import enrolled
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL


def held() -> int:
    return Intake.objects.get(school__code=COUNTY_SCHOOL, year=2026).held


def refusal_of(world, batch, move="submit", by=None, **more) -> Refusal:
    with pytest.raises(Refusal) as error, transaction.atomic():
        world.advance(batch, move, by or world.registrar(), **more)
    return error.value


def test_everybody_on_the_list_is_in_it_and_nobody_else(world):
    world.admit(2, school=OTHER_SCHOOL)
    batch = world.batch(3)
    assert set(batch.candidates.values_list("exam_number", flat=True)) == set(
        Admission.objects.filter(school=batch.school).values_list("exam_number", flat=True)
    )


def test_without_a_list_there_is_no_batch(world):
    with pytest.raises(Refusal, match="没有待注册的录取学生"), transaction.atomic():
        open_batch(school=world.organisation(COUNTY_SCHOOL), year=2026, by=world.registrar(), on=world.day)


@pytest.mark.parametrize("who", ["head", "county", "centre", "stranger"])
def test_only_its_registrar_prepares_it(world, who):
    batch = world.batch(2)
    users = {
        "head": world.head(),
        "county": world.county,
        "centre": world.centre,
        "stranger": world.registrar(OTHER_SCHOOL),
    }
    by, one = users[who], first(batch)
    for deed in (
        lambda: open_batch(school=batch.school, year=2027, by=by, on=world.day),
        lambda: mark(batch=batch, candidates=[one.pk], arrival="no_show", by=by),
        lambda: enter_reported(candidate=one, values={"name": "马"}, by=by),
        lambda: hold_back(candidate=one, reason="x", by=by),
        lambda: take_up_new(batch=batch, by=by),
    ):
        with pytest.raises(Refusal, match="学籍管理员"), transaction.atomic():
            deed()


@pytest.mark.parametrize("steps", [0, 4])
def test_under_way_or_closed_it_is_not_changed(world, steps):
    batch = world.to(world.batch(2), steps)
    with pytest.raises(Refusal, match="不能修改"):
        mark(batch=batch, candidates=[first(batch).pk], arrival="no_show", by=world.registrar())
    with pytest.raises(Refusal, match="不能修改"):
        differ(world, first(batch), name="马")


def test_marks_of_another_schools_students_do_nothing(world):
    mine, theirs = world.batch(1), world.batch(1, school=PREFECTURE_SCHOOL)
    assert mark(batch=mine, candidates=[first(theirs).pk], arrival="no_show", by=world.registrar()) == 0
    assert first(theirs).arrival == Arrival.REPORTED


def test_deferral_is_not_a_mark(world):
    batch = world.batch(1)
    with pytest.raises(Refusal, match="逐人登记"):
        mark(batch=batch, candidates=[first(batch).pk], arrival="deferred", by=world.registrar())


def test_seats_are_held_from_submission_on(world):
    batch = world.batch(3, plan=5)
    assert held() == 0
    world.advance(batch, "submit", world.registrar())
    assert held() == 3
    for user, figures in world.deciders():
        world.approve(batch, user, **figures)
        assert held() == 3


def test_over_the_plan_nothing_goes_in_and_the_students_over_it_are_named(world):
    batch = world.batch(4, plan=2)
    refusal = refusal_of(world, batch)
    assert refusal.rule == "enrolment.over_plan"
    assert [i.split("：")[0] for i in refusal.items] == [c.name for c in batch.candidates.order_by("exam_number")[2:]]
    assert held() == 0
    assert batch.request.entries.count() == 0


def test_without_a_plan_nothing_goes_in(world):
    world.admit(1)
    batch = open_batch(school=world.organisation(COUNTY_SCHOOL), year=2026, by=world.registrar(), on=world.day)
    mark(batch=batch, candidates=[first(batch).pk], arrival="reported", by=world.registrar())
    assert refusal_of(world, batch).rule == "enrolment.over_plan"


def test_the_last_place_can_be_taken(world):
    batch = world.batch(2, plan=2)
    world.advance(batch, "submit", world.registrar())
    assert held() == 2


def test_a_no_show_frees_the_seat_and_is_not_registered(world):
    batch = world.to(world.batch(3), 0)
    world.advance(batch, "send_back", world.head(), note="一人未到")
    gone = first(batch)
    mark(batch=batch, candidates=[gone.pk], arrival="no_show", by=world.registrar())
    assert held() == 2
    world.to(batch, 4)
    gone.refresh_from_db()
    assert (gone.enrolment, gone.seat) == (None, False)
    assert Enrolment.objects.count() == 2


def test_a_no_show_never_comes_back_in_a_supplementary_batch(world):
    batch = world.batch(2)
    mark(batch=batch, candidates=[first(batch).pk], arrival="no_show", by=world.registrar())
    world.to(batch, 4)
    with pytest.raises(Refusal, match="没有待注册"), transaction.atomic():
        another_batch(world, batch)


def test_a_strike_needs_reason_and_clause_and_frees_the_seat(world):
    batch = world.to(world.batch(3), 1)
    one = first(batch)
    assert "须写明理由" in str(
        refusal_of(world, batch, "strike", world.county, candidate=one.pk, rule="enrolment.duplicate")
    )
    assert "条款" in str(refusal_of(world, batch, "strike", world.county, note="重", candidate=one.pk))
    world.advance(batch, "strike", world.county, note="重复注册", candidate=one.pk, rule="enrolment.duplicate")
    one.refresh_from_db()
    assert (one.struck_on, one.struck_by, one.strike_rule, one.seat) == (
        world.day,
        world.county,
        "enrolment.duplicate",
        False,
    )
    assert held() == 2
    assert batch.request.status == "待县级审批", "a strike is no decision of the step"
    assert "不在本批次" in str(refusal_of(world, batch, "strike", world.county, note="重", candidate=one.pk, rule="x"))


@pytest.mark.parametrize("steps", range(4))
def test_every_level_may_strike(world, steps):
    batch = world.to(world.batch(2), steps)
    user, figures = world.deciders()[steps]
    world.advance(batch, "strike", user, note="查无此人", candidate=first(batch).pk, rule="enrolment.not_admitted")
    world.approve(batch, user, **figures)
    assert held() == 1


def test_nobody_strikes_a_student_of_another_batch(world):
    batch = world.to(world.batch(1), 1)
    other = world.to(world.batch(1, school=PREFECTURE_SCHOOL), 1)
    assert "不在本批次" in str(
        refusal_of(
            world, batch, "strike", world.county, note="x", candidate=first(other).pk, rule="enrolment.duplicate"
        )
    )


def test_a_struck_student_is_not_taken_up_again(world):
    batch = world.to(world.batch(2), 1)
    world.advance(
        batch, "strike", world.county, note="查无此人", candidate=first(batch).pk, rule="enrolment.not_admitted"
    )
    for user, figures in world.deciders()[1:]:
        world.approve(batch, user, **figures)
    with pytest.raises(Refusal, match="没有待注册"), transaction.atomic():
        another_batch(world, batch)
    assert Enrolment.objects.count() == 1


def test_an_accepted_deferral_keeps_the_seat_and_goes_on_in_a_supplementary_batch(world):
    batch = world.batch(3, plan=3)
    late = first(batch)
    defer(world, late)
    world.to(batch, 4)
    late.refresh_from_db()
    assert (held(), late.seat, late.enrolment) == (3, True, None)
    world.day = date(2026, 10, 19)
    second = another_batch(world, batch)
    late.refresh_from_db()
    assert (second.sequence, list(second.candidates.all()), late.arrival) == (2, [late], Arrival.DEFERRED)
    assert "补录" in second.request.subject
    mark(batch=second, candidates=[late.pk], arrival="reported", by=world.registrar())
    world.to(second, 4)
    late.refresh_from_db()
    assert late.enrolment.student_number.number == "261324010003", "the range goes on where it stopped"
    assert held() == 3


def test_a_deferred_student_keeps_the_seat_when_the_supplementary_batch_is_taken_back(world):
    batch = world.batch(2, plan=2)
    late = first(batch)
    defer(world, late)
    world.to(batch, 4)
    second = another_batch(world, batch)
    mark(batch=second, candidates=[late.pk], arrival="reported", by=world.registrar())
    world.to(second, 1)
    world.advance(second, "retract", world.registrar(), note="材料不齐")
    assert held() == 2


@pytest.mark.parametrize("kind", ["deferral", "force_majeure"])
def test_an_excuse_not_yet_accepted_stops_the_submission(world, kind):
    batch = world.batch(2)
    defer(world, first(batch), kind, accept=False)
    assert "尚未经校长同意" in str(refusal_of(world, batch))


def test_who_is_held_back_keeps_the_seat_and_goes_on_later(world):
    batch = world.batch(2, plan=2)
    person = first(batch)
    enrolled(world, person, Stage.SENIOR)
    assert refusal_of(world, batch).rule == "enrolment.duplicate"
    hold_back(candidate=person, reason="原校学籍未转出", by=world.registrar())
    world.to(batch, 4)
    person.refresh_from_db()
    assert (held(), person.seat, person.enrolment) == (2, True, None)
    Enrolment.objects.filter(school__code=OTHER_SCHOOL).update(ends_on=world.day, ending="transferred", closed_at=now())
    second = another_batch(world, batch)
    person.refresh_from_db()
    hold_back(candidate=person, reason="", by=world.registrar())
    world.to(second, 4)
    person.refresh_from_db()
    assert person.enrolment.student_number.number.endswith("0002")


def test_a_duplicate_is_told_with_school_and_county_and_nothing_else(world):
    batch = world.batch(1)
    enrolled(world, first(batch), Stage.VOCATIONAL)
    refusal = refusal_of(world, batch)
    school = world.organisation(OTHER_SCHOOL)
    assert refusal.rule == "enrolment.duplicate"
    assert f"在{school.division.short_name}{school.short_name}有高中阶段学籍" in str(refusal)


def test_a_duplicate_that_comes_up_while_under_way_stops_the_next_decision(world):
    batch = world.to(world.batch(1), 2)
    enrolled(world, first(batch), Stage.SENIOR)
    assert refusal_of(world, batch, "approve", world.centre, agreed=1).rule == "enrolment.duplicate"


def test_a_junior_record_still_open_or_none_at_all_stops_nobody(world):
    batch = world.batch(2)
    enrolled(world, first(batch), Stage.JUNIOR)
    world.to(batch, 4)
    assert Enrolment.objects.filter(stage=Stage.SENIOR, ends_on=None).count() == 2
    assert Enrolment.objects.filter(stage=Stage.JUNIOR, ends_on=None).count() == 1


def test_the_thirtieth_is_in_time_and_the_day_after_is_not(world):
    batch = world.batch(1)
    world.day = date(2026, 10, 8)
    assert refusal_of(world, batch).rule == "enrolment.deadline"
    world.day = date(2026, 9, 30)
    world.advance(batch, "submit", world.registrar())
    assert batch.request.submitted_on == date(2026, 9, 30)


def test_first_submitted_in_time_it_may_come_in_again_later(world):
    batch = world.to(world.batch(1), 0)
    world.day = date(2026, 9, 29)
    world.advance(batch, "send_back", world.head(), note="补")
    world.day = date(2026, 10, 9)
    world.advance(batch, "submit", world.registrar())
    assert batch.request.state == State.PENDING


def test_the_prefecture_reopens_with_reason(world):
    batch = world.batch(1)
    world.day = date(2026, 10, 9)
    Reopening.objects.create(
        school=batch.school, year=2026, reason="暴雨", document_number="临州教发〔2026〕7号", by=world.centre, at=now()
    )
    world.advance(batch, "submit", world.registrar())
    assert batch.request.state == State.PENDING


def test_the_deadline_may_be_set_to_discretion(world):
    batch = world.batch(1)
    decide(
        organisation=world.organisation(PREFECTURE), key="enrolment.deadline", value="discretion",
        effective_from=date(2026, 9, 1), document_number="临州教发〔2026〕8号", by=world.centre,
    )  # fmt: skip
    world.day = date(2026, 10, 9)
    assert "须写明理由" in str(refusal_of(world, batch))
    world.advance(batch, "submit", world.registrar(), note="道路中断")
    assert batch.request.verdict == "discretion"


def test_a_supplementary_list_is_seen_and_taken_up(world):
    batch = world.batch(1, plan=5)
    world.admit(2, first=10)
    assert waiting_admissions(batch) == 2
    assert take_up_new(batch=batch, by=world.registrar()) == 2
    assert (batch.candidates.count(), waiting_admissions(batch)) == (3, 0)


def amended(admission: Admission, **changes) -> Admission:
    Admission.objects.filter(pk=admission.pk).update(superseded_at=now())
    fields = {f.attname: getattr(admission, f.attname) for f in Admission._meta.concrete_fields if f.name != "id"}
    return Admission.objects.create(**{**fields, **changes})


def test_an_amended_list_is_followed_and_what_the_school_entered_stays(world):
    batch = world.batch(2)
    person = differ(world, first(batch), name="马海英")
    new = amended(person.admission, name="马海鹰", score="520.00")
    assert follow_amended_list(new.upload) == 1
    person.refresh_from_db()
    assert (person.admission, person.name, str(person.score)) == (new, "马海英", "520.00")
    assert refusal_of(world, batch).rule == "enrolment.mismatch"


def test_an_imported_amendment_is_followed_by_a_draft(world):
    """Nothing differs for the student whom the school left as listed, old list or new."""
    number = sound_number("622924201003050190")
    import_list(world, number)
    world.plan(1)
    batch = open_batch(school=world.organisation(COUNTY_SCHOOL), year=2026, by=world.registrar(), on=world.day)
    mark(batch=batch, candidates=[first(batch).pk], arrival="reported", by=world.registrar())
    import_list(world, number, score=499)
    assert (first(batch).score, first(batch).admission.score) == (499, 499)
    world.advance(batch, "submit", world.registrar())


def test_an_amended_list_does_not_touch_what_is_under_way(world):
    batch = world.to(world.batch(1), 1)
    new = amended(first(batch).admission, score="520.00")
    assert follow_amended_list(new.upload) == 0
    assert (
        refusal_of(world, batch, "approve", world.county, agreed=1, graduates=1, plan=1).rule
        == "enrolment.not_admitted"
    )


def test_who_was_moved_to_another_school_by_the_list_is_not_registered(world):
    batch = world.batch(2)
    person = first(batch)
    amended(person.admission, school_id=world.organisation(OTHER_SCHOOL).pk)
    assert follow_amended_list(person.admission.upload) == 0
    assert refusal_of(world, batch).rule == "enrolment.not_admitted"


def test_intake_in_the_national_system_is_ticked_by_school_and_county_once(world):
    batch = world.batch(2)
    pks = list(Candidate.objects.values_list("pk", flat=True))
    assert tick_intake(batch=batch, candidates=pks[:1], by=world.registrar(), on=world.day) == 1
    assert tick_intake(batch=batch, candidates=pks, by=world.county, on=date(2026, 9, 20)) == 1
    assert set(batch.candidates.values_list("intake_done_by__username", "intake_done_on")) == {
        (world.registrar().username, world.day),
        (world.county.username, date(2026, 9, 20)),
    }
    for stranger in (world.registrar(OTHER_SCHOOL), world.centre, world.head()):
        with pytest.raises(Refusal, match="学校和县市教育局"):
            tick_intake(batch=batch, candidates=pks, by=stranger, on=world.day)


def test_a_strike_is_whole_in_the_database(world):
    batch = world.batch(1)
    with pytest.raises(IntegrityError, match="strike_is_whole"), transaction.atomic():
        batch.candidates.update(struck_on=world.day)
