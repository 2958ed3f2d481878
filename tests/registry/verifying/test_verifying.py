"""信息核查: the roster is frozen, each school attests and two persons sign, deviations end when the register agrees."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from approvals.models import Message
from linxia_xueji.refusal import Refusal
from registry.deeds import end_enrolment, enrol, set_grade, set_key_facts, set_status
from registry.models import ClassAttestation, Deviation, EnrolmentGrade, SampledStudent, SchoolVerification, Student
from registry.verifying import deeds, figures, noting, opening, reminding, roster, sampling, settling, tasks
from registry.verifying.noting import Noted
from registry.verifying.pages import progress_page
from tests.registry.verifying.support import class_of, noted, opened, pupil_named, school_of
from tests.transfers.support import pupil
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_SCHOOL, id_number


def facts(**more):
    return {
        "name": "马一", "sex": "1", "ethnicity": "03", "birth_date": date(2010, 3, 5), "id_number": id_number(1),
    } | more  # fmt: skip


def test_every_school_gets_one_row_and_every_class_one(world):
    made = opened(world)
    assert made.schools.count() == world.organisation("622900").__class__.objects.filter(level="school").count()
    assert (school_of(made).students, school_of(made, OTHER_SCHOOL).students) == (3, 1)
    assert list(ClassAttestation.objects.order_by("students").values_list("grade", "school_class", "students")) == [
        (12, "1班", 1),
        (11, "1班", 3),
    ]
    told = set(Message.objects.filter(text__contains="已发起").values_list("to", flat=True))
    assert {world.registrar().pk, world.registrar(OTHER_SCHOOL).pk} <= told
    assert world.head().pk not in told


def test_the_same_campaign_is_opened_once_and_only_by_the_centre(world):
    made = opened(world)
    with pytest.raises(Refusal, match="已经发起"):
        opened(world, people=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.pk = None
        made.save(force_insert=True)
    opened(world, people=False, phase="begin")
    with pytest.raises(Refusal, match="学管中心"):
        opening.open_verification(
            prefecture=world.organisation("622900"), term="2026-autumn", phase="end", on=world.day, by=world.county
        )


def test_the_roster_stays_as_it_was_when_the_campaign_was_opened(world):
    made = opened(world)
    one = class_of(made)

    def names():
        return [line["name"] for line in roster.lines(roster.of_class(made, one, one.school_verification.school_id))]

    before = names()
    assert sorted(before) == ["马一", "马三", "马二"]
    set_grade(pupil_named("马一"), 12, "9班", valid_from=date(2026, 9, 2), by=None)
    end_enrolment(pupil_named("马二"), ending="transferred", on=date(2026, 9, 3))
    pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=77, name="马新来")
    assert names() == before


def test_a_school_is_attested_class_by_class_and_signed_by_another_person(world):
    made = opened(world)
    found = school_of(made)
    with pytest.raises(Refusal, match="还有1个班没有核查"):
        deeds.attest_school(found, by=world.registrar())
    for stranger in (world.head(), world.registrar(OTHER_SCHOOL), world.county):
        with pytest.raises(Refusal, match="由学校学籍管理员核查"):
            deeds.attest_class(class_of(made), by=stranger)
    deeds.attest_class(class_of(made), by=world.registrar())
    first = class_of(made).attested_at
    assert deeds.attest_class(class_of(made), by=world.registrar()).attested_at == first
    with pytest.raises(Refusal, match="完成全部班级后"):
        deeds.sign(found, by=world.head())
    deeds.attest_school(found, by=world.registrar())
    assert Message.objects.filter(to=world.head(), text__contains="请签字").count() == 1
    with pytest.raises(Refusal, match="由校长签字"):
        deeds.sign(found, by=world.registrar())
    with pytest.raises(Refusal, match="请写明退回理由"):
        deeds.give_back(found, reason=" ", by=world.head())
    deeds.give_back(found, reason="高二1班再点一次名", by=world.head())
    assert Message.objects.filter(to=world.registrar(), text__contains="再点一次名").count() == 1
    deeds.attest_school(found, by=world.registrar())
    deeds.sign(found, by=world.head())
    found.refresh_from_db()
    assert (found.state, found.attested_by, found.signed_by) == ("signed", world.registrar(), world.head())
    with pytest.raises(Refusal, match="已签字"):
        deeds.sign(found, by=world.head())
    with pytest.raises(Refusal, match="已签字，须由校长退回"):
        noted(world, made, Noted("absent"))


def test_the_database_wants_two_persons(world):
    found = school_of(opened(world))
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolVerification.objects.filter(pk=found.pk).update(
            state="signed", attested_by=world.head(), attested_at=found.verification.opened_at, signed_by=world.head(),
            signed_at=found.verification.opened_at,
        )  # fmt: skip


def test_the_authority_is_told_when_its_last_school_has_signed(world):
    made = opened(world)
    mine = made.schools.filter(county__code=COUNTY)
    mine.exclude(school__code=COUNTY_SCHOOL).delete()
    deeds.attest_class(class_of(made), by=world.registrar())
    deeds.attest_school(school_of(made), by=world.registrar())
    assert not Message.objects.filter(text__contains="全部签字").exists()
    deeds.sign(school_of(made), by=world.head())
    assert Message.objects.filter(to=world.county, text__contains="全部签字").count() == 1


MENDED = {
    "absent": (Noted("absent"), lambda e: end_enrolment(e, ending="withdrawn", on=date(2026, 9, 20))),
    "away": (Noted("absent"), lambda e: set_status(e, "suspended", valid_from=date(2026, 9, 20), by=None)),
    "status": (Noted("status", status="suspended"), lambda e: set_status(e, "suspended", valid_from=date(2026, 9, 20), by=None)),
    "grade": (Noted("grade", grade=11, school_class="2班"), lambda e: set_grade(e, 11, "2班", valid_from=date(2026, 9, 20), by=None)),
    "name": (Noted("field", field="name", value="马一鸣"), lambda e: set_key_facts(e.student_id, facts(name="马一鸣"), valid_from=date(2026, 9, 20), by=None)),
    "number": (
        Noted("field", field="id_number", value=id_number(9)),
        lambda e: set_key_facts(e.student_id, facts(id_number=id_number(9)), valid_from=date(2026, 9, 20), by=None),
    ),
    "birth": (
        Noted("field", field="birth_date", value="2010-03-06"),
        lambda e: set_key_facts(e.student_id, facts(birth_date=date(2010, 3, 6)), valid_from=date(2026, 9, 20), by=None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MENDED)
def test_a_deviation_ends_when_the_register_agrees_and_not_before(world, case):
    made = opened(world)
    found, mend = MENDED[case]
    one = noted(world, made, found)
    assert settling.settle() == 0
    mend(pupil_named("马一"))
    tasks.settle_deviations(0)
    one.refresh_from_db()
    assert (one.ended_as, one.ended_at is not None, settling.settle()) == ("agreed", True, 0)


def test_another_mending_does_not_end_it(world):
    made = opened(world)
    one = noted(world, made, Noted("field", field="name", value="马一鸣"))
    set_key_facts(pupil_named("马一").student_id, facts(sex="2"), valid_from=date(2026, 9, 20), by=None)
    assert settling.settle() == 0
    one.refresh_from_db()
    assert one.ended_as == ""


@pytest.mark.parametrize("number", [id_number(31), ""])
def test_somebody_not_on_the_roster_is_there_once_enrolled_at_that_school(world, number):
    made = opened(world)
    noted(world, made, Noted("extra", name="马生", value=number, birth_date=date(2010, 3, 5)), name="")
    student = Student.objects.create(recorded_at=made.opened_at)
    values = {"name": "马生", "sex": "1", "ethnicity": "03", "birth_date": date(2010, 3, 5), "id_number": number}
    values |= {} if number else {"id_type": "0"}
    set_key_facts(student.pk, values, valid_from=date(2025, 9, 1), by=None)
    assert settling.settle() == 0
    school = world.organisation(COUNTY_SCHOOL)
    enrol(
        student=student,
        school=school,
        stage="senior",
        entry_year=2025,
        grade=11,
        school_class="1班",
        on=date(2026, 9, 20),
        by=None,
    )
    assert settling.settle() == 1


def test_what_is_as_registered_or_noted_already_is_refused(world):
    made = opened(world)
    for found, words in (
        (Noted("field", field="name", value="马一"), "与学籍登记相同"),
        (Noted("grade", grade=11, school_class=""), "与学籍登记相同"),
        (Noted("status", status="enrolled"), "与学籍登记相同"),
    ):
        with pytest.raises(Refusal, match=words):
            noted(world, made, found)
    noted(world, made, Noted("absent"))
    with pytest.raises(Refusal, match="已登记"):
        noted(world, made, Noted("absent"))
    with pytest.raises(Refusal, match="不在这个班"):
        noted(world, made, Noted("absent"), name="马四")


def test_a_mistake_is_withdrawn_with_a_reason_by_who_may(world):
    made = opened(world)
    one = noted(world, made, Noted("absent"))
    with pytest.raises(Refusal, match="请写明撤销理由"):
        noting.withdraw(one, reason="", by=world.registrar())
    deeds.attest_class(class_of(made), by=world.registrar())
    deeds.attest_school(school_of(made), by=world.registrar())
    with pytest.raises(Refusal, match="由校长或主管部门撤销"):
        noting.withdraw(one, reason="点错", by=world.registrar())
    noting.withdraw(one, reason="当日请假，已返校", by=world.head())
    with pytest.raises(Refusal, match="已结束"):
        noting.withdraw(one, reason="x", by=world.head())
    assert Deviation.objects.get().ended_because == "当日请假，已返校"


def test_the_same_seed_draws_the_same_students_of_its_own_schools(world):
    made = opened(world)
    county = world.organisation(COUNTY)
    once = sampling.drawn(made, county, "seed", 2)
    assert once == sampling.drawn(made, county, "seed", 2)
    assert {tuple(sampling.drawn(made, county, str(n), 2)) for n in range(20)} != {tuple(once)}
    assert {school for _, school, *_ in sampling.drawn(made, county, "seed", 30)} == {
        world.organisation(COUNTY_SCHOOL).pk
    }


def test_whom_an_undoing_has_put_into_another_class_is_not_drawn(world):
    made = opened(world)
    EnrolmentGrade.objects.filter(enrolment=pupil_named("马一")).update(school_class="9班")
    sample = sampling.draw(verification=made, by=world.county)
    drawn = set(sample.students.values_list("enrolment", flat=True))
    assert drawn == {pupil_named("马二").pk, pupil_named("马三").pk}


def test_a_county_checks_its_sample_and_what_it_finds_reaches_the_school(world):
    made = opened(world)
    with pytest.raises(Refusal, match="县市教育局或州学管中心"):
        sampling.draw(verification=made, by=world.registrar())
    sample = sampling.draw(verification=made, by=world.county)
    with pytest.raises(Refusal, match="已抽取"):
        sampling.draw(verification=made, by=world.county)
    drawn = {one.enrolment_id: one for one in sample.students.all()}
    assert set(drawn) == {pupil_named(name).pk for name in ("马一", "马二", "马三")}
    with pytest.raises(Refusal, match="请勾选"):
        sampling.found_right(sample=sample, students=["x"], by=world.county)
    with pytest.raises(Refusal, match="由抽取名单的单位登记"):
        sampling.found_right(sample=sample, students=[str(drawn[pupil_named("马二").pk].pk)], by=world.head())
    assert sampling.found_right(sample=sample, students=[str(drawn[pupil_named("马二").pk].pk)], by=world.county) == 1
    one = noted(world, made, Noted("absent"), by=world.county)
    assert one.sampled
    assert dict(SampledStudent.objects.values_list("enrolment", "result")) == {
        pupil_named("马一").pk: "deviates", pupil_named("马二").pk: "agrees", pupil_named("马三").pk: "",
    }  # fmt: skip
    assert Message.objects.filter(to__in=[world.registrar(), world.head()], text__contains="抽查发现马一").count() == 2


def test_nobody_is_reminded_twice_a_day(world):
    made = opened(world)
    Message.objects.all().delete()
    schools = made.schools.filter(county__code=COUNTY).count()
    assert reminding.remind(verification=made, on=world.day, by=world.county) == schools
    assert reminding.remind(verification=made, on=world.day, by=world.county) == 0
    assert Message.objects.filter(to=world.registrar(), text__startswith="催办").count() == 1
    assert not Message.objects.filter(to=world.registrar(OTHER_SCHOOL)).exists()
    with pytest.raises(Refusal, match="由县市教育局"):
        reminding.remind(verification=made, on=world.day, by=world.registrar())


def test_by_itself_it_reminds_from_three_days_before_and_every_third_day(world):
    made = opened(world)
    day = made.due_on - timedelta(days=4)
    assert reminding.remind_due(day) == 0
    everybody = made.schools.count()
    assert [reminding.remind_due(day + timedelta(days=n)) for n in range(1, 6)] == [everybody, 0, 0, everybody, 0]


def test_two_hundred_schools_take_as_many_queries_as_few(world):
    made = opened(world)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            progress_page(made, world.centre)
        return len(caught)

    few = queries()
    template = school_of(made)
    schools = template.school.__class__
    more = schools.objects.bulk_create(
        schools(
            code=f"X{n:05d}", level="school", parent=template.school.parent, division=template.school.division, name=f"校{n}",
            short_name=f"校{n}", valid_from=world.day,
        )
        for n in range(200)
    )  # fmt: skip
    SchoolVerification.objects.bulk_create(
        SchoolVerification(verification=made, school=school, county=template.county, prefecture=template.prefecture)
        for school in more
    )
    line = next(line for line in figures.by_county(made, world.centre) if line.county == template.county_id)
    assert line.schools > 200
    assert queries() == few <= 9
