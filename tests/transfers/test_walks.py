"""Each forbidden circumstance of 转学 is refused by its own clause when the school submits; discretion goes on with reasons."""

from datetime import date

import pytest

from approvals.chain import advance
from approvals.enums import State
from approvals.models import Request
from linxia_xueji.refusal import Refusal
from registry.deeds import end_enrolment, set_status
from registry.enums import Ending
from registry.models import Programme
from tests.transfers.support import announce_terms, decider, filed, pupil, see_originals, with_papers
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL
from transfers.changes import judge_change
from transfers.enrolled import enrolments_for_pages
from transfers.enums import SuspensionReason
from transfers.models import Suspension, Transfer

CLAUSE = "三（二）1"
FORBIDDEN = {
    "transfer.initial_grade": {"grade": 10, "to_grade": 10},
    "transfer.final_grade": {"grade": 12, "to_grade": 12},
    "transfer.cross_grade": {"to_grade": 12},
    "transfer.suspended": {"status": "suspended"},
    "transfer.not_enrolled": {"ending": Ending.WITHDRAWN},
    "transfer.same_area": {"at": COUNTY_SCHOOL},
    "transfer.same_school": {"at": COUNTY_SCHOOL},
    "transfer.vocational_to_general": {"stage": "vocational"},
    "transfer.window": {"applied_on": date(2026, 9, 15)},
    "transfer.stage_not_offered": {"stage": "junior", "grade": 8, "to_grade": 8, "to_stage": "junior"},
}
"""Rule → what is otherwise than in a transfer that would pass."""


def transfer(
    world,
    *,
    grade=11,
    to_grade=11,
    stage="senior",
    to_stage="senior",
    at=OTHER_SCHOOL,
    status="",
    ending="",
    applied_on=None,
):
    """A transfer to the county's school, filed with its papers."""
    enrolment = pupil(world, at, grade=grade, stage=stage)
    if status:
        set_status(enrolment, status, valid_from=date(2026, 3, 2), by=None)
    if ending:
        end_enrolment(enrolment, ending=ending, on=date(2026, 6, 30))
    detail = Transfer(to_school=world.organisation(COUNTY_SCHOOL), to_stage=to_stage, to_grade=to_grade)
    former = enrolments_for_pages().get(pk=enrolment.pk)
    return with_papers(world, filed(world, "transfer", former, detail, school=COUNTY_SCHOOL, applied_on=applied_on))


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_a_forbidden_transfer_is_refused_by_its_own_clause(world, rule):
    announce_terms(world)
    request = Request.objects.get(pk=transfer(world, **FORBIDDEN[rule]).request_id)
    finding = next(f for f in judge_change(request, world.day).findings if f.rule.id == rule)
    assert finding.broken and finding.rule.clause == CLAUSE
    with pytest.raises(Refusal, match="依据：临州教学管发〔2022〕5号 三（二）1") as refused:
        advance(request=request, move="submit", by=world.registrar(), on=world.day)
    assert refused.value.rule.startswith("transfer.")
    assert Request.objects.get(pk=request.pk).state == State.DRAFT


def test_the_same_transfer_without_any_of_them_is_taken_in(world):
    announce_terms(world)
    request = Request.objects.get(pk=transfer(world).request_id)
    assert advance(request=request, move="submit", by=world.registrar(), on=world.day).state == State.PENDING


def test_a_suspension_in_the_spring_of_the_last_year_goes_on_with_reasons_to_the_last_level(world, settings):
    """初三和高三年级学生第二学期原则上不予休学: the school's reason, and that of the prefecture, which decides it."""
    announce_terms(world)
    world.day = settings.DEMO_TODAY = date(2027, 3, 10)
    enrolment = pupil(world, COUNTY_SCHOOL, grade=12, stage="senior")
    period = Suspension(starts_on=date(2027, 3, 11), ends_on=date(2028, 3, 10), cause=SuspensionReason.ILLNESS)
    change = with_papers(world, filed(world, "suspension", enrolment, period, applied_on=world.day))
    request = Request.objects.get(pk=change.request_id)
    with pytest.raises(Refusal, match="须写明理由"):
        advance(request=request, move="submit", by=world.registrar(), on=world.day)
    request = advance(request=request, move="submit", by=world.registrar(), note="住院治疗", on=world.day)
    for _ in ("head", "county"):
        see_originals(world, request)
        request = advance(request=request, move="approve", by=decider(world, request), on=world.day)
        assert request.verdict == "discretion"
    with pytest.raises(Refusal, match="须写明理由"):
        advance(request=request, move="approve", by=world.centre, on=world.day)
    assert (
        advance(request=request, move="approve", by=world.centre, note="病情属实", on=world.day).state == State.APPROVED
    )


def test_the_county_s_own_schools_teach_what_the_case_says(world):
    """The cases above stand on this: one senior high a county, teaching nothing else."""
    taught = Programme.objects.filter(organisation__code__in=(COUNTY_SCHOOL, OTHER_SCHOOL)).values_list(
        "stage", flat=True
    )
    assert set(taught) == {"senior"}
