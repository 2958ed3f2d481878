"""From the list to the enrolment: marking, the route, one student an ID number, and what is pending until the former closes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from approvals.enums import State
from linxia_xueji.enums import Stage
from linxia_xueji.refusal import Refusal
from registry.deeds import end_enrolment
from registry.entry import batches, following
from registry.entry.states import EntryState, counted
from registry.enums import Ending, EnrolmentState
from registry.models import Enrolment, EnrolmentStatus, Entrant, KeyFacts, Student
from tests.registry.entry.children import child, decided, enrolled, listed, mark, move, number, teaches, values
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL

DAY = date(2026, 9, 16)


def states(batch) -> dict[str, int]:
    return {state.value: n for state, n in counted(batch.entrants.all(), DAY).items() if n}


def test_a_list_goes_from_the_school_to_the_county_and_everybody_who_came_is_enrolled(world):
    batch = listed(world, 3)
    with pytest.raises(Refusal, match="还有3名学生未登记"):
        move(world, batch, "submit", world.registrar())
    mark(world, batch, "reported")
    decided(world, batch)
    assert batch.request.state == State.APPROVED and batch.request.status == "已注册"
    assert [s["level"] for s in batch.request.route] == ["school", "county"]
    made = Enrolment.objects.filter(school=batch.school)
    assert {(e.stage, e.entry_year, e.begins_on, e.pending) for e in made} == {
        ("primary", 2026, date(2026, 9, 1), False)
    }
    assert {e.grades.get().grade for e in made} == {1}
    assert KeyFacts.objects.filter(id_number=number(1)).get().name == values(1)["name"]
    assert states(batch) == {"registered": 3}


def test_a_school_of_the_prefecture_is_decided_by_the_prefecture(world):
    batch = listed(world, 1, PREFECTURE_SCHOOL, Stage.JUNIOR)
    mark(world, batch, "reported")
    decided(world, batch)
    assert [s["level"] for s in batch.request.route] == ["school", "prefecture"]
    assert Enrolment.objects.get(school=batch.school).grades.get().grade == 7


def test_one_open_list_a_stage_and_only_where_it_is_taught(world):
    batch = listed(world, 0)
    with pytest.raises(Refusal, match="已有在办批次"):
        batches.open_batch(school=batch.school, stage=Stage.PRIMARY, by=world.registrar(), on=world.day)
    with pytest.raises(Refusal, match="没有开设该学段"):
        batches.open_batch(school=batch.school, stage=Stage.JUNIOR, by=world.registrar(), on=world.day)
    with pytest.raises(Refusal, match="只有.*学籍管理员"):
        batches.open_batch(school=batch.school, stage=Stage.PRIMARY, by=world.head(), on=world.day)


def test_a_child_is_on_a_list_once_and_may_be_removed_only_as_a_mistake(world):
    batch = listed(world, 1)
    with pytest.raises(Refusal, match="已在本校今年的名单中"):
        child(world, batch, 1)
    entrant = batch.entrants.get()
    batches.remove(entrant=entrant, reason="重复录入", by=world.registrar(), on=world.day)
    assert states(batch) == {"removed": 1}
    again = child(world, batch, 1)
    mark(world, batch, "no_show", again)
    following.urge(entrant=again, by=world.registrar(), on=world.day, urged_on=world.day, urged_by="马", manner="phone",
                   spoken_to="父亲", said="送来")  # fmt: skip
    with pytest.raises(Refusal, match="不能移出名单"):
        batches.remove(entrant=again, reason="不来了", by=world.registrar(), on=world.day)


def test_arrivals_do_not_change_while_others_decide_and_go_on_in_a_supplementary_list(world):
    batch = listed(world, 2)
    here, late = batch.entrants.order_by("pk")
    mark(world, batch, "reported", here)
    mark(world, batch, "no_show", late)
    with pytest.raises(Refusal, match="须写明理由"):
        move(world, batch, "submit", world.registrar())
    move(world, batch, "submit", world.registrar(), "昨日刚查明住址，正在督促")
    with pytest.raises(Refusal, match="正在审核"):
        mark(world, batch, "reported", late)
    move(world, batch, "approve", world.head(), "同意")
    move(world, batch, "approve", world.county, "同意")
    assert states(batch) == {"registered": 1, "no_show": 1}
    mark(world, batch, "reported", late)
    more = batches.open_batch(school=batch.school, stage=Stage.PRIMARY, by=world.registrar(), on=world.day)
    assert "补录1" in more.request.subject and list(more.entrants.all()) == [late]
    decided(world, more)
    assert Entrant.objects.get(pk=late.pk).enrolment.begins_on == DAY


def test_a_known_child_is_the_same_student_and_waits_until_the_former_record_closes(world):
    former = enrolled(world, 1, OTHER_SCHOOL)
    batch = listed(world, 2)
    mark(world, batch, "reported")
    decided(world, batch)
    entrant = batch.entrants.get(known=former.student)
    waiting = entrant.enrolment
    assert Student.objects.count() == 2 and waiting.student == former.student and waiting.pending
    assert waiting.statuses.get().status == EnrolmentState.PENDING
    assert states(batch) == {"registered": 1, "pending": 1}
    end_enrolment(former, ending=Ending.TRANSFERRED, on=date(2026, 9, 20))
    waiting.refresh_from_db()
    assert not waiting.pending
    now = EnrolmentStatus.objects.get(enrolment=waiting, valid_to=None)
    assert (now.status, now.valid_from) == (EnrolmentState.ENROLLED, date(2026, 9, 20))
    assert states(batch) == {"registered": 2}


def test_the_database_lets_one_be_active_and_one_wait(world):
    former = enrolled(world, 1, OTHER_SCHOOL)
    same = {"student": former.student, "school": former.school, "stage": "primary", "bucket": "primary", "entry_year": 2026,
            "begins_on": DAY, "recorded_at": former.recorded_at}  # fmt: skip
    Enrolment.objects.create(pending=True, **same)
    for pending, name in ((True, "one_pending_enrolment"), (False, "one_active_enrolment")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Enrolment.objects.create(pending=pending, **same)


def test_with_a_death_nothing_waits_any_longer(world):
    former = enrolled(world, 1, OTHER_SCHOOL)
    batch = listed(world, 1)
    mark(world, batch, "reported")
    decided(world, batch)
    end_enrolment(former, ending=Ending.DIED, on=DAY)
    waiting = batch.entrants.get().enrolment
    assert waiting.ending == Ending.DIED and waiting.ends_on == DAY


def test_a_record_outside_is_closed_by_hand(world):
    batch = listed(world, 0)
    entrant = child(world, batch, 1, former_outside="西宁市示例小学")
    mark(world, batch, "reported")
    decided(world, batch)
    assert states(batch) == {"pending": 1}
    closed = following.close_outside(
        entrant=entrant, closed_on=DAY, document_number="转出证明3号", by=world.registrar(), on=DAY
    )
    assert closed and states(batch) == {"registered": 1}


def test_a_record_at_this_very_school_is_a_duplicate(world):
    enrolled(world, 1, COUNTY_SCHOOL)
    batch = listed(world, 1)
    mark(world, batch, "reported")
    with pytest.raises(Refusal, match="本校已有该生同学段学籍"):
        move(world, batch, "submit", world.registrar())


def test_a_primary_record_blocks_nothing_in_grade_seven(world):
    former = enrolled(world, 1, OTHER_SCHOOL, grade=6, year=2020)
    batch = listed(world, 0, stage=Stage.JUNIOR)
    batches.add(batch=batch, values=values(1), by=world.registrar())
    mark(world, batch, "reported")
    decided(world, batch)
    made = Enrolment.objects.get(stage=Stage.JUNIOR)
    assert made.student == former.student and not made.pending


def test_another_name_under_the_number_is_for_people_to_decide(world):
    enrolled(world, 1, OTHER_SCHOOL)
    batch = listed(world, 0)
    child(world, batch, 1, name="马大明")
    mark(world, batch, "reported")
    with pytest.raises(Refusal, match="与已有学籍记录是同一人”须写明理由"):
        move(world, batch, "submit", world.registrar())
    decided(world, batch, "户口簿已更名，另办关键信息变更")
    assert KeyFacts.objects.get(id_number=number(1)).name == values(1)["name"]


def test_graduates_of_the_year_are_taken_up_by_number_or_from_the_own_school(world):
    graduate = enrolled(world, 1, OTHER_SCHOOL, grade=6, year=2020)
    end_enrolment(graduate, ending=Ending.GRADUATED, on=date(2026, 7, 10))
    enrolled(world, 2, COUNTY_SCHOOL, grade=6, year=2020)
    enrolled(world, 3, COUNTY_SCHOOL, grade=5, year=2021)
    batch = listed(world, 0, stage=Stage.JUNIOR)
    asked = {"batch": batch, "township": "三甲集镇", "by": world.registrar()}
    assert batches.take_up(numbers=[number(1), number(3)], **asked) == (1, [number(3)])
    assert batches.take_up(numbers=[], **asked) == (1, [])
    assert batches.take_up(numbers=[number(1)], **asked) == (0, [])
    assert batch.entrants.count() == 2
    teaches(world)
    first = batches.open_batch(school=batch.school, stage=Stage.PRIMARY, by=world.registrar(), on=world.day)
    with pytest.raises(Refusal, match="只有初一批次"):
        batches.take_up(**asked | {"batch": first, "numbers": []})


@pytest.mark.parametrize("day, year", [(date(2026, 8, 1), 2026), (date(2027, 3, 1), 2026), (date(2026, 6, 1), 2026)])
def test_the_year_of_a_list(day, year):
    assert batches.year_on(day) == year


def test_every_state_is_named_and_counted(world):
    batch = listed(world, 1)
    assert set(counted(batch.entrants.all(), DAY)) == set(EntryState)
