"""学号: contiguous, ascending by 准考证号, unique, issued once, never reused; and the dated rows that come with them."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localtime

from linxia_xueji.enums import Stage
from linxia_xueji.refusal import Refusal
from registry.enums import Bucket, EnrolmentState
from registry.models import (
    Enrolment,
    EnrolmentGrade,
    EnrolmentStatus,
    Intake,
    IssuedNumber,
    KeyFacts,
    SchoolProfile,
    Student,
)
from registry.numbers import issue, number, proposed_range
from tests.registry.support import another_batch, first
from tests.registry.test_facts import enrolled
from tests.world import COUNTY_SCHOOL, PREFECTURE_SCHOOL


def numbers() -> list[str]:
    return list(IssuedNumber.objects.order_by("number").values_list("number", flat=True))


def test_twelve_digits_of_year_region_school_and_serial():
    assert number(2022, "13", "0001", 7) == "221300010007"


@pytest.mark.parametrize("code, serial, says", [("", 1, "学号学校码"), ("0001", 10000, "用完"), ("0001", 0, "用完")])
def test_no_number_can_be_made_without_code_or_past_the_last(code, serial, says):
    with pytest.raises(Refusal, match=says):
        number(2022, "13", code, serial)


def test_contiguous_and_ascending_by_exam_number(world):
    batch = world.to(world.batch(4), 4)
    assert numbers() == [f"26132401{n:04d}" for n in range(1, 5)]
    by_exam = batch.candidates.order_by("exam_number").values_list("enrolment__student_number__number", flat=True)
    assert list(by_exam) == numbers()


def test_none_before_the_province_has_approved(world):
    batch = world.to(world.batch(2), 3)
    assert numbers() == []
    assert proposed_range(batch) == ("261324010001", "261324010002")
    assert not Student.objects.exists()


def test_the_range_shrinks_with_a_strike_and_has_no_gap(world):
    batch = world.to(world.batch(3), 3)
    world.advance(batch, "strike", world.province, note="重复", candidate=first(batch).pk, rule="enrolment.duplicate")
    assert proposed_range(batch) == ("261324010001", "261324010002")
    world.approve(batch, world.province)
    assert numbers() == ["261324010001", "261324010002"]


def test_a_supplementary_batch_continues_the_range(world):
    batch = world.to(world.batch(2, plan=5), 4)
    world.admit(2, first=10)
    second = another_batch(world, batch)
    second.candidates.update(arrival="reported")
    world.to(second, 4)
    assert numbers() == [f"26132401{n:04d}" for n in range(1, 5)]
    assert set(second.issued.values_list("number", flat=True)) == {"261324010003", "261324010004"}


def test_schools_and_years_have_ranges_of_their_own(world):
    world.to(world.batch(1), 4)
    world.to(world.batch(1, school=PREFECTURE_SCHOOL), 3)
    assert numbers() == ["261300010001", "261324010001"]


def test_a_school_without_its_code_is_told_before_anything_is_issued(world):
    batch = world.batch(1)
    SchoolProfile.objects.filter(pk=batch.school_id).update(number_code=None)
    batch.refresh_from_db()
    with pytest.raises(Refusal, match="学号学校码"), transaction.atomic():
        world.advance(batch, "submit", world.registrar())


def test_issuing_twice_changes_nothing(world):
    batch = world.to(world.batch(2), 4)
    with pytest.raises(Refusal), transaction.atomic():
        world.approve(batch, world.province)
    assert len(numbers()) == 2


def test_where_one_number_is_taken_nothing_is_issued(world):
    other = world.to(world.batch(1, school=PREFECTURE_SCHOOL), 2)
    batch = world.to(world.batch(2), 3)
    taken = enrolled(world, first(other), Stage.PRIMARY)
    IssuedNumber.objects.create(number="261324010002", batch=other, enrolment=taken, issued_at="2026-09-16T00:00Z")
    with pytest.raises(Refusal, match="没有下发任何学号"), transaction.atomic():
        world.approve(batch, world.province)
    assert numbers() == ["261324010002"]
    assert not batch.candidates.exclude(enrolment=None).exists()


def test_a_number_is_never_changed_moved_revived_or_deleted(world):
    world.to(world.batch(2), 4)
    one, two = IssuedNumber.objects.order_by("number")
    IssuedNumber.objects.filter(pk=two.pk).update(voided_on=world.day, void_reason="误注册")
    for deed in (
        lambda: IssuedNumber.objects.filter(pk=one.pk).update(number="261324019999"),
        lambda: IssuedNumber.objects.filter(pk=two.pk).update(voided_on=None, void_reason=""),
        lambda: one.delete(),
        lambda: IssuedNumber.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="number_stays|issued number"), transaction.atomic():
            deed()
    assert len(numbers()) == 2


@pytest.mark.parametrize("text", ["26132401000", "2613240100011", "26132401000A", "２６１３２４０１０００１"])
def test_the_database_knows_a_number(world, text):
    batch = world.to(world.batch(1), 4)
    enrolment = enrolled(world, first(batch), Stage.PRIMARY)
    with pytest.raises((IntegrityError, Exception), match="number_has_twelve_digits|too long"), transaction.atomic():
        IssuedNumber.objects.create(number=text, batch=batch, enrolment=enrolment, issued_at="2026-09-16T00:00Z")


def test_a_serial_is_not_used_again_after_its_number_was_voided(world):
    batch = world.to(world.batch(1, plan=5), 4)
    IssuedNumber.objects.update(voided_on=world.day, void_reason="误")
    world.admit(1, first=20)
    second = another_batch(world, batch)
    second.candidates.update(arrival="reported")
    world.to(second, 4)
    assert numbers() == ["261324010001", "261324010002"]


def test_dated_rows_come_with_the_number(world):
    batch = world.to(world.batch(1), 4)
    person = first(batch)
    enrolment = Enrolment.objects.get()
    begins = date(2026, 9, 1)
    assert (enrolment.begins_on, enrolment.ends_on, enrolment.bucket, enrolment.entry_year) == (
        begins,
        None,
        Bucket.BEYOND,
        2026,
    )
    status, grade, facts = EnrolmentStatus.objects.get(), EnrolmentGrade.objects.get(), KeyFacts.objects.get()
    assert (status.status, status.valid_from, status.valid_to) == (EnrolmentState.ENROLLED, begins, None)
    assert (grade.grade, grade.valid_from, grade.valid_to) == (10, begins, None)
    assert (facts.name, facts.id_number, facts.valid_from) == (person.name, person.id_number, person.birth_date)
    assert {localtime(r.recorded_at).date() for r in (status, grade, facts)} == {world.day}
    assert {r.recorded_by for r in (status, grade, facts)} == {world.province}
    assert (enrolment.county, enrolment.prefecture) == (batch.request.county, batch.request.prefecture)


def test_a_known_student_is_not_made_twice(world):
    batch = world.batch(2)
    junior = enrolled(world, first(batch), Stage.JUNIOR)
    world.to(batch, 4)
    assert Student.objects.count() == 2
    assert {e.stage for e in junior.student.enrolments.all()} == {Stage.JUNIOR, Stage.SENIOR}


def test_one_active_enrolment_beyond_junior(world):
    batch = world.to(world.batch(1), 4)
    with pytest.raises(IntegrityError, match="one_active_enrolment"), transaction.atomic():
        enrolled(world, first(batch), Stage.VOCATIONAL)
    enrolled(world, first(batch), Stage.VOCATIONAL, ended=True)


def test_issuing_takes_few_queries_whatever_the_size(world):
    from django.test.utils import CaptureQueriesContext

    counted = []
    for size, school in ((2, PREFECTURE_SCHOOL), (80, COUNTY_SCHOOL)):
        batch = world.to(world.batch(size, school=school), 2 if school == PREFECTURE_SCHOOL else 3)
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            issue(batch, by=world.province, on=world.day)
        counted.append(len(queries))
    assert counted[1] <= counted[0] + 1


def test_the_school_uses_up_its_numbers(world):
    batch = world.batch(2)
    Intake.objects.update(last_serial=9998)
    with pytest.raises(Refusal, match="用完"), transaction.atomic():
        world.advance(batch, "submit", world.registrar())
