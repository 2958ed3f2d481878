"""The demonstration as a whole: what it must hold, that it is repeatable, and its commands."""

import io
import json
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from approvals.calendar_queries import calendar_for
from approvals.enums import State
from approvals.models import DueChange, Entry, Request
from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.enums import Level, Role
from linxia_xueji.models import Organisation, TrailEntry, User
from linxia_xueji.rules import Verdict
from linxia_xueji.settings import _field_keys
from registry.archive.due import by_school
from registry.comparing.enums import ComparisonState, DifferenceKind
from registry.demo.accounts import PASSWORD
from registry.enums import Arrival, Fate
from registry.models import (
    ApiToken,
    ArchiveHandover,
    Candidate,
    Comparison,
    CorrectionLetter,
    Deferral,
    Difference,
    Enrolment,
    EnrolmentBatch,
    EnrolmentGrade,
    IssuedNumber,
    YearTurn,
)
from registry.year_turn import opening, running, settling, undoing
from registry.year_turn.fates import people
from registry.year_turn.handed_on import coming, going
from tests.databases import connect_to, demo_secrets, demonstrated
from transfers.demo.chapters import POINT, TAKER
from transfers.demo.pictures import picture
from transfers.demo.point import GRADES, LAST
from transfers.models import Change, Proof
from transfers.national import waiting

DAY = date(2026, 9, 16)


@pytest.fixture(scope="module")
def demo(django_db_setup, make_database) -> Iterator[None]:
    """This process works on a copy of the demonstration of DAY, and after the module on its own database again."""
    before = connection.settings_dict["NAME"]
    connect_to(make_database("test_demo_copy", demonstrated()[0]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "FIELD_KEYS", _field_keys(demo_secrets()["FIELD_KEYS"]))
        patch.setattr(django_settings, "DEMO_TODAY", DAY)
        yield
    connect_to(before)


@pytest.fixture(autouse=True)
def as_of_the_day(demo, db) -> None:
    """Every test here looks at the demonstration."""


def batch_of(school: str, year: int) -> EnrolmentBatch:
    return EnrolmentBatch.objects.select_related("request").get(school__name=school, year=year)


def test_there_is_a_batch_in_every_state_and_at_every_level():
    assert set(Request.objects.values_list("state", flat=True)) == set(State)
    batches = Request.objects.filter(kind="enrolment_batch")
    assert set(batches.values_list("state", flat=True)) == set(State) - {State.REFUSED}
    pending = batches.filter(state=State.PENDING)
    assert set(pending.values_list("turn_level", flat=True)) == set(Level)
    due = set(pending.values_list("due_on", flat=True))
    assert {day < DAY for day in due} == {True, False} and DAY in due


@pytest.mark.parametrize("school", ["临夏中学", "广河县示例第一中学"])
def test_last_year_is_approved_and_this_year_is_a_fresh_draft(school):
    approved, fresh = batch_of(school, 2025), batch_of(school, 2026)
    assert approved.request.state == State.APPROVED
    numbers = list(IssuedNumber.objects.filter(batch=approved).order_by("number").values_list("number", flat=True))
    assert len(numbers) > 100
    assert [int(number) - int(numbers[0]) for number in numbers] == list(range(len(numbers)))
    assert fresh.request.state == State.DRAFT
    assert set(fresh.candidates.values_list("arrival", flat=True)) == {Arrival.UNMARKED}


def test_the_special_cases_are_there():
    assert Deferral.objects.filter(kind="deferral", accepted_on__isnull=False).exists()
    assert Deferral.objects.filter(kind="force_majeure", accepted_on__isnull=False).exists()
    assert Candidate.objects.filter(arrival=Arrival.NO_SHOW).exists()
    assert Candidate.objects.exclude(struck_on=None).exists()
    letters = CorrectionLetter.objects.select_related("issuer__division", "school__division")
    issued = [letter for letter in letters if letter.issued_on]
    assert any(letter.issuer.division != letter.school.division for letter in issued)
    assert any(letter.status == "待出具" for letter in letters)
    assert DueChange.objects.exists()
    assert any("\N{MIDDLE DOT}" in name for name in Candidate.objects.values_list("name", flat=True))
    assert Candidate.objects.filter(name="妥䶮").exists() and Candidate.objects.filter(name="马𬱖").exists()


def test_one_draft_is_over_its_plan():
    batch = batch_of("广河县示例第二中学", 2026)
    assert batch.request.state == State.DRAFT
    assert batch.candidates.filter(arrival=Arrival.REPORTED).count() > batch.school.intakes.get(year=2026).plan


def test_nothing_unlawful_and_nothing_in_the_future():
    judged = Request.objects.exclude(verdict="").values_list("verdict", flat=True)
    assert set(judged) == {Verdict.ALLOWED, Verdict.DISCRETION}
    assert not Entry.objects.filter(on__gt=DAY).exists()
    # On a fixed day the time of day is the present one: who passes midnight between telling and looking has an earlier one.
    assert not TrailEntry.objects.filter(at__date__gt=DAY).exists()
    assert today() == DAY


def test_deeds_stand_in_order_under_the_people_whose_task_they_are():
    entries = Entry.objects.filter(request=batch_of("广河县示例第一中学", 2025).request).select_related("post")
    assert [(entry.move, entry.post.role) for entry in entries] == [
        ("submit", Role.REGISTRAR),
        ("approve", Role.HEAD),
        ("approve", Role.COUNTY_REVIEWER),
        ("strike", Role.CENTRE),
        ("approve", Role.CENTRE),
        ("approve", Role.PROVINCE),
    ]
    days = [entry.on for entry in entries]
    assert days == sorted(days) and days[0].year == 2025


def test_accounts_for_every_role_and_level_can_sign_in():
    out = io.StringIO()
    call_command("accounts", "--demo", stdout=out)
    accounts = json.loads(out.getvalue())
    assert {account["role"] for account in accounts} == set(Role)
    names = {name: level for name, level in Organisation.objects.values_list("name", "level")}
    assert {names[account["organisation"]] for account in accounts} == set(Level)
    for account in accounts:
        assert account["password"] == PASSWORD
        user = User.objects.get(username=account["username"])
        assert access_of(user).post.role == account["role"]
    assert user.check_password(PASSWORD)


def test_again_it_changes_nothing_and_says_so():
    before = TrailEntry.objects.count(), Candidate.objects.count(), User.objects.count()
    out, err = io.StringIO(), io.StringIO()
    call_command("demo", stdout=out, stderr=err)
    assert "already there" in err.getvalue() and out.getvalue() == ""
    assert before == (TrailEntry.objects.count(), Candidate.objects.count(), User.objects.count())


def test_a_portal_in_use_gets_no_accounts_with_a_public_password():
    User.objects.update(is_demo=False)
    with pytest.raises(CommandError, match="正式账号") as refused:
        call_command("demo")
    assert refused.value.returncode == 2


def test_accounts_are_listed_only_as_demonstration_accounts():
    with pytest.raises(CommandError) as refused:
        call_command("accounts")
    assert refused.value.returncode == 2
    User.objects.update(is_demo=False)
    out = io.StringIO()
    call_command("accounts", "--demo", stdout=out)
    assert json.loads(out.getvalue()) == []


def test_changes_of_a_student_lie_at_every_desk():
    """A transfer between two counties at each of its five steps, and each office with a change to decide."""
    changes = Request.objects.filter(kind="transfer", state=State.PENDING)
    assert {"待校长确认", "待转入地县级审核", "待转出学校审核", "待转出地县级审核", "待州级审核"} <= set(
        changes.values_list("turn_label", flat=True)
    )
    by_state = {state: Change.objects.filter(request__state=state).count() for state in State}
    assert all(by_state.values()), by_state
    assert waiting(access_of(User.objects.get(username="centre")), DAY).count() >= 3
    assert Change.objects.exclude(national_on=None).exists()
    assert Request.objects.filter(kind="suspension", state=State.PENDING, verdict=Verdict.DISCRETION).exists()
    assert {"suspended", "enrolled"} <= set(
        Enrolment.objects.filter(statuses__valid_to=None).values_list("statuses__status", flat=True)
    )


def test_hundreds_are_enrolled_and_nobody_stands_in_two_grades():
    grades = EnrolmentGrade.objects.filter(valid_to=None, enrolment__ends_on=None)
    assert grades.count() == grades.values("enrolment").distinct().count() > 600
    assert set(grades.values_list("grade", flat=True)) == set(range(1, 13))


def test_only_the_scan_drawn_to_be_doubtful_is_doubted():
    doubted = Proof.objects.exclude(doubts=[]).select_related("change__request")
    assert [(p.slot, p.change.request.turn_level, p.doubts[0]["code"]) for p in doubted] == [
        ("household_proof", Level.SCHOOL, "blurred")
    ]
    assert min(picture("SIGNED AND SEALED").measures[side] for side in ("width", "height")) >= 800


def test_a_comparison_is_done_and_its_differences_stand_open():
    assert Comparison.objects.get().state == ComparisonState.DONE
    theirs = Difference.objects.filter(school__code="3462990006", closed_in=None)
    assert {"field", "status", "grade", "only_nat", "only_prov"} <= set(theirs.values_list("kind", flat=True))
    assert set(theirs.values_list("kind", flat=True)) <= set(DifferenceKind.values)
    assert theirs.exclude(notes=None).count() == 1 and Difference.objects.exclude(school__code="3462990006").exists()


def test_archives_are_late_one_waits_to_be_received_and_a_token_is_in_use():
    centre = User.objects.get(username="centre")
    access = access_of(centre)
    lines = by_school(access, DAY, calendar_for(access.post.organisation))
    assert {line.late > 0 for line in lines} == {True, False} and sum(line.set_up for line in lines) > 0
    assert ArchiveHandover.objects.filter(received_on=None).exists()
    token = ApiToken.objects.get()
    assert token.organisation.code == "622924" and token.days.count() == 2


def test_the_teaching_point_hands_its_last_grade_on_without_a_transfer():
    """As told; taken back they stand where they were; run again and confirmed their archives follow."""
    turn, point, taker = YearTurn.objects.get(), *(Organisation.objects.get(code=code) for code in (POINT, TAKER))
    handed = turn.moves.filter(fate=Fate.HANDED_ON)
    students = set(handed.values_list("student", flat=True))
    assert set(handed.values_list("school", "receiver", "grade")) == {(point.pk, taker.pk, LAST)}
    assert len(students) == GRADES[POINT][LAST + 1]
    theirs = Enrolment.objects.filter(student__in=students, ends_on=None)

    def stand_at(school: Organisation, grade: int) -> None:
        found = theirs.filter(grades__valid_to=None).values_list("student", "school", "grades__grade")
        assert sorted(found) == [(student, school.pk, grade) for student in sorted(students)]

    stand_at(taker, LAST + 1)
    assert not Change.objects.filter(enrolment__student__in=students).exists()
    assert coming(turn, taker.pk) == [(point.short_name, len(students))]
    gone = going(turn, point.pk, people(turn, point.pk), len(students))
    assert {row["receiver"] for row in gone} == {taker.short_name} and len(gone) == len(students)
    centre = User.objects.get(username="centre")
    undoing.ask_undo(turn, by=centre, keep_touched=True)
    undoing.undo(turn.pk)
    stand_at(point, LAST)
    assert not Enrolment.objects.filter(student__in=students, school=taker).exists()
    turn.refresh_from_db()
    assert going(turn, point.pk, people(turn, point.pk), len(students)) == gone
    running.ask_run(turn, by=centre, on=DAY)
    running.run(turn.pk)
    stand_at(taker, LAST + 1)
    assert not ArchiveHandover.objects.filter(present__in=theirs).exists()
    turn.refresh_from_db()
    opening.confirm(turn, by=centre)
    turn.refresh_from_db()
    settling.settle(turn)
    archives = ArchiveHandover.objects.filter(former__school=point, present__in=theirs)
    assert archives.count() == len(students) and all(archive.listing for archive in archives)
