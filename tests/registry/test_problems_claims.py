"""Who claims to be a registered student in a roster: beside whom it is shown, who decides, and when the claim ends."""

import pytest
from django.urls import reverse

from linxia_xueji.enums import Stage
from registry.deeds import end_enrolment, enrol
from registry.enums import Ending, ProblemEnd, ProblemKind
from registry.models import Enrolment, Problem, ProblemParty
from registry.problems.deeds import not_same
from registry.problems.searching import recheck, search
from registry.roster.staging import receive, stage
from registry.roster.tasks import put_in_force
from registry.roster.undoing import undo
from tests.registry.roster.export import export
from tests.registry.roster.export import pupil as row
from tests.registry.test_problems import acts, facts
from tests.transfers.support import pupil
from tests.world import COUNTY_SCHOOL, DAY, OTHER_SCHOOL, World, id_number


def listed(world: World):
    """A roster of the one school, checked: its own pupil, and one who is registered at the other."""
    content = export([row(1), row(2, 姓名="马另名")])
    upload = receive(
        content=content, name="export.xlsx", organisation=world.organisation(COUNTY_SCHOOL), by=world.registrar()
    )
    stage(upload, on=DAY)
    assert upload.summary["blocked"] == 1
    return upload


@pytest.fixture
def held(world) -> Enrolment:
    return pupil(world, OTHER_SCHOOL, grade=11, stage="senior", serial=2, name="马海二", sex="2")


@pytest.fixture
def claim(world, held) -> Problem:
    """The problem of the student of the one school whom the other lists."""
    listed(world)
    assert search().found == 1
    return Problem.objects.get()


def standing(problem: Problem) -> Problem:
    problem.refresh_from_db()
    return problem


def test_both_schools_see_it_each_its_own_side(world, client, held, claim):
    assert claim.kind == ProblemKind.SAME_NUMBER and "在校生名册第3行" in [p.origin for p in claim.parties.all()]
    url = reverse("registry:problem", args=[claim.pk])
    for user, own, other in (
        (world.registrar(), "马另名", "马海二"), (world.registrar(OTHER_SCHOOL), "马海二", "马另名"),
    ):  # fmt: skip
        client.force_login(user)
        page = client.get(url).content.decode()
        assert own in page and other not in page and "不显示" in page and id_number(2, "2") not in page
    client.force_login(world.centre)
    page = client.get(url).content.decode()
    assert "马另名" in page and "马海二" in page and "problem_deletion" not in page


def test_the_head_of_the_school_that_lists_him_decides_until_the_facts_change(world, held, claim):
    not_same(claim, reason="号码抄错，另有其人", by=world.head())
    assert search().found == 0 and standing(claim).settled_as == ProblemEnd.NOT_SAME
    facts(held, name="马改名")
    assert search().found == 1 and acts(claim) == ["found", "not_same", "again"]


def test_it_ends_when_he_has_come_to_the_school_that_lists_him(world, held, claim):
    end_enrolment(held, ending=Ending.TRANSFERRED, on=DAY)
    enrol(
        student=held.student, school=world.organisation(COUNTY_SCHOOL), stage=Stage.SENIOR, entry_year=2025, grade=11,
        school_class="2班", on=DAY, by=None,
    )  # fmt: skip
    assert search().gone == 1 and standing(claim).settled_as == ProblemEnd.GONE
    assert search() == recheck([held.student_id]).__class__()


def test_it_ends_with_the_enrolment_and_is_no_hindrance_later(world, held, claim):
    """Nobody enrolled is claimed: neither is the problem left without a student, nor made a second time."""
    end_enrolment(held, ending=Ending.WITHDRAWN, on=DAY)
    assert search().gone == 1
    facts(held, name="马改名")
    assert recheck([held.student_id]).found == 0 and Problem.objects.count() == 1
    enrol(
        student=held.student, school=world.organisation(OTHER_SCHOOL), stage=Stage.SENIOR, entry_year=2025, grade=11,
        school_class="1班", on=DAY, by=None,
    )  # fmt: skip
    assert search().found == 1 and standing(claim).settled_on is None


def test_what_concerns_nobody_any_more_by_its_rows_is_known_by_its_key(world, held, claim):
    ProblemParty.objects.filter(problem=claim, student__isnull=False).delete()
    recheck([held.student_id])
    assert claim.parties.count() == 2 and Problem.objects.count() == 1


def test_a_roster_that_was_taken_back_claims_nobody(world, held):
    upload = put_in_force(listed(world), by=world.county, only_clean=True)
    search()
    undo(upload, by=world.county)
    assert search().gone == 1


def test_rows_held_up_for_another_reason_claim_nobody(world):
    pupil(world, COUNTY_SCHOOL, grade=12, stage="senior", serial=1, name="马一", sex="2")
    upload = receive(
        content=export([row(1, 姓名="马一")]), name="export.xlsx", organisation=world.organisation(COUNTY_SCHOOL),
        by=world.registrar(),
    )  # fmt: skip
    stage(upload, on=DAY)
    assert upload.summary["blocked"] == 1 and search().found == 0
