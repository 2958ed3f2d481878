"""What holds whatever the code does: the database counts seats, keeps secrets sealed and keeps what was written."""

import re
from datetime import date

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from approvals.models import Entry
from linxia_xueji.dates import now
from linxia_xueji.management.commands.grant_web_role import append_only_tables
from linxia_xueji.models import TrailEntry
from registry.enums import Ending
from registry.models import Candidate, CorrectionLetter, Enrolment, EnrolmentGrade, EnrolmentStatus, Intake, KeyFacts
from registry.voiding import open_voiding
from tests.registry.admissions_walk import import_list, sound_number
from tests.registry.support import another_batch, defer, differ, first, letter
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL


def held(code: str = COUNTY_SCHOOL) -> int:
    return Intake.objects.get(school__code=code, year=2026).held


def over(message: str = "seats_within_plan"):
    return pytest.raises(IntegrityError, match=message)


def test_seats_are_counted_on_insert_update_and_delete(world):
    batch = world.batch(3, plan=5)
    Candidate.objects.update(seat=True)
    assert held() == 3
    first(batch).delete()
    assert held() == 2
    extra = first(batch)
    Candidate.objects.bulk_create(
        Candidate(
            batch=batch, school=batch.school, year=2026, exam_number=f"X{n}", name="新", sex="1", ethnicity="01", seat=True,
            birth_date=date(2010, 1, 1), id_number=f"62292420100101{n:04d}", score=1, admission=extra.admission,
        )
        for n in range(3)
    )  # fmt: skip
    assert held() == 5
    Candidate.objects.filter(exam_number="X0").update(seat=False)
    assert held() == 4
    Candidate.objects.all().delete()
    assert held() == 0


def test_one_statement_over_the_plan_is_refused_whole(world):
    world.batch(3, plan=2)
    with over(), transaction.atomic():
        Candidate.objects.update(seat=True)
    assert held() == 0


def test_one_row_over_the_plan_is_refused(world):
    batch = world.batch(2, plan=1)
    one, two = batch.candidates.all()
    Candidate.objects.filter(pk=one.pk).update(seat=True)
    with over(), transaction.atomic():
        Candidate.objects.filter(pk=two.pk).update(seat=True)
    with over(), transaction.atomic():
        two.seat = True
        two.save()
    assert held() == 1


def test_an_exchange_of_seats_in_one_statement_is_none_too_many(world):
    batch = world.batch(2, plan=1)
    one, two = batch.candidates.all()
    Candidate.objects.filter(pk=one.pk).update(seat=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_candidate SET seat = NOT seat")
    assert held() == 1
    two.refresh_from_db()
    assert two.seat


def test_without_a_row_of_seats_there_is_none(world):
    batch = world.batch(1, plan=1)
    Intake.objects.all().delete()
    with over("no plan for this school"), transaction.atomic():
        batch.candidates.update(seat=True)


def test_moving_to_another_year_or_school_takes_the_seat_along(world):
    batch = world.batch(1, plan=1)
    Candidate.objects.update(seat=True)
    world.plan(1, OTHER_SCHOOL)
    batch.candidates.update(school=world.organisation(OTHER_SCHOOL))
    assert (held(), held(OTHER_SCHOOL)) == (0, 1)
    with over("no plan for this school"), transaction.atomic():
        batch.candidates.update(year=2027)


def test_a_struck_student_holds_no_seat(world):
    batch = world.batch(1)
    with over("struck_holds_no_seat"), transaction.atomic():
        batch.candidates.update(seat=True, struck_on=world.day, struck_by=world.county, strike_reason="x")


def test_only_who_has_reported_is_registered(world):
    batch = world.to(world.batch(1), 4)
    with over("registered_has_reported"), transaction.atomic():
        batch.candidates.update(arrival="no_show")


@pytest.mark.parametrize("ending", [Ending.WITHDRAWN, Ending.EXPELLED, Ending.VOIDED])
def test_an_enrolment_that_ended_for_good_never_lives_again(world, ending):
    world.to(world.batch(1), 4)
    Enrolment.objects.update(ends_on=world.day, ending=ending, closed_at=now())
    for revival in ({"ends_on": None, "ending": "", "closed_at": None}, {"ending": Ending.TRANSFERRED}):
        with over("no_revival|一律不得复学"), transaction.atomic():
            Enrolment.objects.update(**revival)


def test_an_enrolment_ends_whole_and_after_it_began(world):
    world.to(world.batch(1), 4)
    for wrong in (
        {"ends_on": world.day, "closed_at": now()},
        {"ends_on": world.day, "ending": Ending.TRANSFERRED},
        {"ending": Ending.TRANSFERRED},
        {"ends_on": date(2026, 8, 1), "ending": "died", "closed_at": now()},
    ):
        with over("enrolment_"), transaction.atomic():
            Enrolment.objects.update(**wrong)


@pytest.mark.parametrize(
    "model, name", [(KeyFacts, "one_set_of"), (EnrolmentStatus, "one_present"), (EnrolmentGrade, "one_present")]
)
def test_one_present_row_and_closing_makes_room_for_the_next(world, model, name):
    world.to(world.batch(1), 4)
    row = model.objects.get()
    old = row.pk
    row.pk = None
    with over(name), transaction.atomic():
        row.save(force_insert=True)
    model.objects.filter(pk=old).update(valid_to=world.day, closed_at=now())
    row.pk, row.valid_from = None, world.day
    row.save(force_insert=True)
    assert model.objects.count() == 2


def test_grades_are_those_of_a_school(world):
    world.to(world.batch(1), 4)
    with over("grade_1_to_12"), transaction.atomic():
        EnrolmentGrade.objects.update(grade=13)


PLAIN_LOOKING = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")


def everything_written() -> dict[str, str]:
    """Every textual or JSON column of every table, as one text each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY', 'USER-DEFINED')"
        )
        found = {}
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT string_agg("{column}"::text, chr(10)) FROM "{table}"')  # noqa: S608
            found[f"{table}.{column}"] = cursor.fetchone()[0] or ""
        return found


def test_after_a_whole_walk_no_id_number_stands_anywhere_in_plain(world, caplog):
    batch = world.batch(4, plan=9)
    one, two, three, four = batch.candidates.order_by("exam_number")
    letter(world, differ(world, one, name="周新", id_number="622924201003050033"))
    letter(world, differ(world, four, score="600.00"))
    defer(world, two)
    world.advance(batch, "submit", world.registrar(), note="改名换号")
    world.approve(batch, world.head())
    world.advance(batch, "strike", world.county, note="重复", candidate=three.pk, rule="enrolment.duplicate")
    world.advance(batch, "send_back", world.county, note="补")
    world.advance(batch, "submit", world.registrar(), note="已补")
    world.approve(batch, world.head())
    world.approve(batch, world.county, graduates=2146, plan=600)
    world.advance(batch, "approve", world.centre, note="已核对", agreed=2)
    world.approve(batch, world.province)
    open_voiding(number=batch.issued.first(), reason="误", by=world.registrar(), on=world.day)
    another_batch(world, batch)
    upload_list(world)

    known = {c.id_number.reveal() for c in Candidate.objects.all()} | {UPLOADED}
    known |= {f"{number[:17]}{number[17:].lower()}" for number in known}
    assert len(known) >= 5
    assert CorrectionLetter.objects.filter(issued_on__isnull=False).count() == 2
    written = everything_written()
    assert len(written) > 100
    for place, text in written.items():
        assert not any(number in text for number in known), place
        assert not PLAIN_LOOKING.search(text), place
    assert not any(number in caplog.text for number in known)


UPLOADED = sound_number("622924201003050190")


def upload_list(world) -> None:
    """A list with faults and clean rows, checked, staged and imported as the prefecture does it."""
    import_list(world, UPLOADED)


def test_what_was_written_cannot_be_changed_by_the_web_role(transactional_db, world, web_role):
    world.to(world.batch(1), 4)
    assert {Entry._meta.db_table, TrailEntry._meta.db_table} <= set(append_only_tables())
    for table in append_only_tables():
        for deed in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web_role.execute(deed.format(f'"{table}"'))


def test_the_web_role_counts_seats_by_the_same_triggers(transactional_db, world, web_role):
    batch = world.batch(2, plan=1)
    with pytest.raises(psycopg.errors.CheckViolation):
        web_role.execute("UPDATE registry_candidate SET seat = true")
    pk = first(batch).pk
    web_role.execute("UPDATE registry_candidate SET seat = true WHERE id = %s", [pk])
    assert held() == 1
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute("ALTER TABLE registry_candidate DISABLE TRIGGER ALL")


def test_the_web_role_cannot_delete_a_number(transactional_db, world, web_role):
    world.to(world.batch(1), 4)
    with pytest.raises(psycopg.errors.CheckViolation):
        web_role.execute("DELETE FROM registry_issuednumber")
