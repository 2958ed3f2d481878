"""招生计划: prefecture or county issues it, the latest in force counts, and a cut below the seats held is refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from linxia_xueji.access import access_of, revoke
from linxia_xueji.enums import Permission, Role
from linxia_xueji.refusal import Refusal
from registry.models import AdmissionPlan, Intake
from registry.plans import in_force, set_plan
from tests.registry.support import first
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL


def issue(
    world,
    count,
    *,
    by=None,
    issuer=PREFECTURE,
    school=COUNTY_SCHOOL,
    issued_on=date(2026, 7, 1),
    document="临州教基〔2026〕1号",
):
    with transaction.atomic():
        return set_plan(
            school=world.organisation(school), year=2026, count=count, issuer=world.organisation(issuer),
            document_number=document, issued_on=issued_on, by=by or world.centre,
        )  # fmt: skip


def plan() -> int:
    return Intake.objects.get().plan


def test_prefecture_and_county_may_issue(world):
    issue(world, 100)
    issue(world, 110, by=world.user(Role.COUNTY_HEAD, COUNTY), issuer=COUNTY, issued_on=date(2026, 7, 5))
    assert plan() == 110
    assert [p.count for p in AdmissionPlan.objects.order_by("pk")] == [100, 110], "amendments are kept"


def test_the_latest_issued_counts_not_the_latest_typed(world):
    issue(world, 100, issued_on=date(2026, 8, 1))
    issue(world, 90, issued_on=date(2026, 7, 1))
    assert plan() == in_force(world.organisation(COUNTY_SCHOOL), 2026).count == 100


def test_of_two_of_one_day_the_one_recorded_last_counts(world):
    issue(world, 100)
    issue(world, 90)
    assert plan() == 90


@pytest.mark.parametrize(
    "role, code, issuer",
    [
        (Role.COUNTY_HEAD, OTHER_COUNTY, OTHER_COUNTY),
        (Role.COUNTY_HEAD, COUNTY, PREFECTURE),
        (Role.COUNTY_REVIEWER, COUNTY, COUNTY),
        (Role.HEAD, COUNTY_SCHOOL, COUNTY_SCHOOL),
        (Role.REGISTRAR, COUNTY_SCHOOL, COUNTY),
        (Role.PROVINCE, "620000", "620000"),
    ],
)
def test_nobody_else_may(world, role, code, issuer):
    with pytest.raises(Refusal, match="州、县教育局"):
        issue(world, 100, by=world.user(role, code), issuer=issuer)
    assert not AdmissionPlan.objects.exists()


def test_a_county_has_no_plan_for_a_school_of_the_prefecture(world):
    with pytest.raises(Refusal):
        issue(world, 10, by=world.user(Role.COUNTY_HEAD, COUNTY), issuer=COUNTY, school=PREFECTURE_SCHOOL)


def test_a_revoked_grant_is_felt(world):
    post = access_of(world.centre).post
    revoke(post=post, permission=Permission.SET_PLAN, organisation=post.organisation)
    with pytest.raises(Refusal):
        issue(world, 100)


def test_a_document_number_is_needed(world):
    with pytest.raises(Refusal, match="文号"):
        issue(world, 100, document=" ")


def test_only_a_senior_high_has_one(world):
    world.organisation(COUNTY_SCHOOL).programmes.filter(stage="senior").update(valid_to=date(2025, 8, 31))
    with pytest.raises(Refusal, match="不是普通高中"):
        issue(world, 100)


def test_a_cut_below_what_is_held_is_refused_with_the_list(world):
    batch = world.to(world.batch(3, plan=5), 1)
    with pytest.raises(Refusal) as refusal:
        issue(world, 2)
    assert refusal.value.rule == "enrolment.over_plan"
    assert "2人少于已占用学位3人" in str(refusal.value)
    assert refusal.value.items == (f"{batch.request.number}：3人（待县级审批）",)
    assert plan() == 5
    assert AdmissionPlan.objects.count() == 1


def test_a_cut_to_what_is_held_goes_in(world):
    world.to(world.batch(3, plan=5), 1)
    issue(world, 3)
    assert plan() == 3


def test_after_a_strike_the_cut_goes_in(world):
    batch = world.to(world.batch(3, plan=5), 1)
    world.advance(batch, "strike", world.county, note="重复", candidate=first(batch).pk, rule="enrolment.duplicate")
    issue(world, 2)
    assert (plan(), Intake.objects.get().held) == (2, 2)


def test_a_backdated_cut_that_does_not_count_is_recorded(world):
    world.to(world.batch(3, plan=5), 1)
    issue(world, 1, issued_on=date(2026, 6, 1))
    assert plan() == 5


def test_the_database_itself_forbids_the_cut(world):
    world.to(world.batch(3, plan=5), 1)
    with pytest.raises(IntegrityError, match="seats_within_plan"), transaction.atomic():
        Intake.objects.update(plan=2)


def test_a_raised_plan_lets_the_rest_in(world):
    batch = world.batch(3, plan=2)
    with pytest.raises(Refusal), transaction.atomic():
        world.advance(batch, "submit", world.registrar())
    issue(world, 3)
    world.advance(batch, "submit", world.registrar())


def test_plans_of_schools_and_years_are_apart(world):
    world.plan(5)
    world.plan(7, OTHER_SCHOOL)
    world.plan(9, year=2027)
    assert sorted(Intake.objects.values_list("plan", flat=True)) == [5, 7, 9]
