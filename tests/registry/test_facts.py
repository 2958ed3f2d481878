"""The facts of a batch: asked in a few queries, whatever its size, and never by the rules themselves."""

from datetime import date

import pytest

from linxia_xueji.dates import now
from linxia_xueji.enums import Stage
from linxia_xueji.policy import decide
from registry.enums import BUCKET_OF, Ending
from registry.facts import applicants, differing_fields, gather
from registry.models import Admission, Enrolment, KeyFacts, Reopening, Student
from tests.registry.support import defer, differ, first, letter
from tests.world import OTHER_SCHOOL, PREFECTURE


def enrolled(world, candidate, stage, code=OTHER_SCHOOL, ended=False) -> Enrolment:
    """The candidate's student has an enrolment of that stage at another school."""
    facts = KeyFacts.objects.filter(id_number=candidate.id_number).first()
    student = facts.student if facts else Student.objects.create(recorded_at=now())
    if facts is None:
        KeyFacts.objects.create(
            student=student, name=candidate.name, sex="1", ethnicity="03", birth_date=date(2010, 3, 5),
            id_number=candidate.id_number, valid_from=date(2010, 3, 5), recorded_at=now(),
        )  # fmt: skip
    return Enrolment.objects.create(
        student=student, school=world.organisation(code), stage=stage, bucket=BUCKET_OF[stage], entry_year=2023,
        begins_on=date(2023, 9, 1), ends_on=date(2026, 7, 1) if ended else None, closed_at=now() if ended else None,
        ending=Ending.GRADUATED if ended else "", recorded_at=now(),
    )  # fmt: skip


def facts_of(world, batch) -> list:
    batch.refresh_from_db()
    return [f for _, f in gather(batch, world.day)]


def test_the_number_of_queries_does_not_grow_with_the_batch(world, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    small = world.batch(2)
    with CaptureQueriesContext(
        connection,
    ) as few:
        gather(small, world.day)
    world.admit(60, school=OTHER_SCHOOL)
    world.plan(60, OTHER_SCHOOL)
    from registry.batches import mark, open_batch

    large = open_batch(
        school=world.organisation(OTHER_SCHOOL), year=2026, by=world.registrar(OTHER_SCHOOL), on=world.day
    )
    pks = list(large.candidates.values_list("pk", flat=True))
    mark(batch=large, candidates=pks, arrival="reported", by=world.registrar(OTHER_SCHOOL))
    with django_assert_num_queries(len(few)):
        assert len(gather(large, world.day)) == 60


def test_in_the_order_of_the_numbers(world):
    batch = world.batch(3)
    assert [p.exam_number for p in applicants(batch)] == sorted(p.exam_number for p in applicants(batch))
    assert [f.already_enrolled for f in facts_of(world, batch)] == [0, 1, 2]


def test_seats_already_held_count_before_one_own(world):
    batch = world.batch(3, plan=3)
    before = facts_of(world, batch)
    world.advance(batch, "submit", world.registrar())
    assert [f.already_enrolled for f in facts_of(world, batch)] == [f.already_enrolled for f in before]


def test_a_deferred_student_counts_in_the_plan(world):
    batch = world.batch(3, plan=2)
    defer(world, first(batch))
    assert [f.already_enrolled for f in facts_of(world, batch)] == [1, 2]


@pytest.mark.parametrize(
    "field, value",
    [("name", "马海英"), ("sex", "2"), ("ethnicity", "01"), ("birth_date", date(2010, 3, 6)),
     ("id_number", "622924201003050033"), ("score", "511.50")],
)  # fmt: skip
def test_each_field_is_compared_with_the_list(world, field, value):
    batch = world.batch(1)
    person = differ(world, first(batch), **{field: value})
    person.refresh_from_db()
    assert differing_fields(person) == {field}


def test_a_letter_covers_exactly_the_value_it_states(world):
    batch = world.batch(1)
    person = differ(world, first(batch), name="马海英")
    letter(world, person)
    assert facts_of(world, batch)[0].corrected_fields == {"name"}
    differ(world, person, name="马海鹰")
    assert facts_of(world, batch)[0].corrected_fields == frozenset()


def test_a_letter_not_yet_issued_covers_nothing(world):
    from registry.papers import ask_for_letter

    batch = world.batch(1)
    person = differ(world, first(batch), name="马海英")
    ask_for_letter(candidate=person, note="", by=world.registrar())
    assert facts_of(world, batch)[0].corrected_fields == frozenset()


@pytest.mark.parametrize("stage", Stage)
def test_where_else_the_student_is_active(world, stage):
    batch = world.batch(1)
    enrolled(world, first(batch), stage)
    (facts,) = facts_of(world, batch)
    assert facts.active_elsewhere == stage
    school = world.organisation(OTHER_SCHOOL)
    assert facts.elsewhere == f"{school.division.short_name}{school.short_name}"


def test_an_ended_enrolment_does_not_count(world):
    batch = world.batch(1)
    enrolled(world, first(batch), Stage.SENIOR, ended=True)
    enrolled(world, first(batch), Stage.JUNIOR)
    assert facts_of(world, batch)[0].active_elsewhere == Stage.JUNIOR


def test_the_gravest_of_several_is_told(world):
    batch = world.batch(1)
    enrolled(world, first(batch), Stage.JUNIOR)
    enrolled(world, first(batch), Stage.VOCATIONAL)
    enrolled(world, first(batch), Stage.PRIMARY)
    assert facts_of(world, batch)[0].active_elsewhere == Stage.VOCATIONAL


def test_a_superseded_line_is_not_the_list(world):
    batch = world.batch(1)
    Admission.objects.update(superseded_at=now())
    assert facts_of(world, batch)[0].on_admission_list is False


def test_reopening_and_another_last_day(world):
    batch = world.batch(1)
    decide(
        organisation=world.organisation(PREFECTURE), key="enrolment.deadline.last_day", value="09-20",
        effective_from=date(2026, 9, 1), document_number="临州教发〔2026〕6号", by=world.centre,
    )  # fmt: skip
    world.advance(batch, "submit", world.registrar())
    assert facts_of(world, batch)[0].deadline == date(2026, 9, 20)
    assert facts_of(world, batch)[0].reopened is False
    Reopening.objects.create(
        school=batch.school, year=2026, reason="暴雨", document_number="临州教发〔2026〕7号", by=world.centre, at=now()
    )
    assert facts_of(world, batch)[0].reopened is True
