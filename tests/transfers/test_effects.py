"""Each business from the draft to the register: what the last decision does, and what it leaves as history."""

from datetime import date, timedelta

import pytest

from approvals.chain import advance
from approvals.enums import State
from approvals.models import Request
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import Secret
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts
from tests.transfers.support import announce_terms, filed, pupil, suspension, through, with_papers
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL, World, id_number
from transfers.enrolled import enrolled_of, enrolments_for_pages
from transfers.enums import Direction, SuspensionReason
from transfers.models import (
    Departure,
    Expulsion,
    IncomingPupil,
    KeyInfoChange,
    Resumption,
    Suspension,
    Transfer,
    Withdrawal,
)
from transfers.national import record_national
from transfers.outside import record_outside


def school(code: str) -> Organisation:
    return Organisation.objects.select_related("profile", "parent__parent__parent").get(code=code)


def transferred(world: World, **more) -> tuple[Enrolment, Request]:
    announce_terms(world)
    former = pupil(world, OTHER_SCHOOL, grade=11, stage="senior")
    detail = Transfer(
        to_school=school(COUNTY_SCHOOL), to_stage="senior", to_grade=11, to_class="3班", agreed_on=world.day
    )
    change = with_papers(world, filed(world, "transfer", former, detail, school=COUNTY_SCHOOL, **more))
    return former, through(world, change)


def test_transfer_ends_one_enrolment_and_begins_the_other(world):
    former, request = transferred(world)
    assert request.state == State.APPROVED and request.status == "已转学"
    former.refresh_from_db()
    assert (former.ending, former.ends_on) == ("transferred", world.day)
    now = Enrolment.objects.get(student=former.student, ends_on=None)
    assert (now.school.code, now.stage, now.entry_year) == (COUNTY_SCHOOL, "senior", former.entry_year)
    assert enrolled_of(now).grade == 11 and enrolled_of(now).school_class == "3班"
    assert not EnrolmentStatus.objects.filter(enrolment=former, valid_to=None).exists()
    assert not EnrolmentGrade.objects.filter(enrolment=former, valid_to=None).exists()


def test_transfer_between_two_counties_is_decided_by_both_sides_and_the_prefecture(world):
    _, request = transferred(world)
    decided = [(s.organisation.code, s.level) for s in request.steps.order_by("position")]
    assert decided == [
        (COUNTY_SCHOOL, "school"), ("622924", "county"), (OTHER_SCHOOL, "school"), ("622922", "county"), ("622900", "prefecture"),
    ]  # fmt: skip


def test_the_other_side_sees_a_transfer_and_a_third_does_not(world):
    _, request = transferred(world)
    seen = Request.objects.filter(pk=request.pk)
    assert seen.visible_to(world.registrar(OTHER_SCHOOL)).exists()
    assert seen.visible_to(world.user("county_reviewer", "622922")).exists()
    assert not seen.visible_to(world.registrar(PREFECTURE_SCHOOL)).exists()


def test_a_school_of_the_prefecture_has_no_county_step(world):
    announce_terms(world)
    former = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")
    detail = Transfer(to_school=school(PREFECTURE_SCHOOL), to_stage="senior", to_grade=11)
    request = through(world, with_papers(world, filed(world, "transfer", former, detail, school=PREFECTURE_SCHOOL)))
    assert [s.level for s in request.steps.order_by("position")] == ["school", "school", "county", "prefecture"]
    assert request.state == State.APPROVED


def test_suspension_keeps_the_enrolment_and_its_grade(world):
    request = through(world, suspension(world))
    enrolled = enrolled_of(enrolments_for_pages().get(pk=request.change.enrolment_id))
    assert (enrolled.status, enrolled.grade, enrolled.suspended_until) == ("suspended", 11, date(2027, 8, 31))
    assert enrolled.suspension_cause == SuspensionReason.ILLNESS and enrolled.consecutive == 1


def test_extension_follows_the_day_after_and_counts(world):
    first = through(world, suspension(world, ends_on=date(2026, 9, 30)))
    enrolment = enrolments_for_pages().get(pk=first.change.enrolment_id)
    longer = Suspension(
        starts_on=date(2026, 10, 1),
        ends_on=date(2027, 8, 31),
        cause=SuspensionReason.ILLNESS,
        extension=True,
        consecutive_before=1,
    )
    through(world, with_papers(world, filed(world, "suspension", enrolment, longer)))
    enrolled = enrolled_of(enrolment)
    assert (enrolled.consecutive, enrolled.suspended_until) == (2, date(2027, 8, 31))
    assert EnrolmentStatus.objects.filter(enrolment=enrolment, status="suspended").count() == 1


@pytest.mark.parametrize("grade", [11, 12])
def test_resumption_into_either_grade(world, grade):
    request = through(world, suspension(world))
    enrolment = enrolments_for_pages().get(pk=request.change.enrolment_id)
    EnrolmentStatus.objects.filter(enrolment=enrolment, valid_to=None).update(valid_from=date(2026, 3, 2))
    Suspension.objects.update(starts_on=date(2026, 3, 2))
    back = with_papers(world, filed(world, "resumption", enrolment, Resumption(grade=grade, school_class="2班")))
    assert through(world, back).state == State.APPROVED
    enrolled = enrolled_of(enrolment)
    assert (enrolled.status, enrolled.grade, enrolled.school_class) == ("enrolled", grade, "2班")


def test_withdrawal_ends_for_good_and_cannot_be_resumed(world):
    announce_terms(world)
    enrolment = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")
    through(world, with_papers(world, filed(world, "withdrawal", enrolment, Withdrawal(ground="guardian_applies"))))
    enrolment.refresh_from_db()
    assert enrolment.ending == "withdrawn"
    back = with_papers(
        world, filed(world, "resumption", enrolments_for_pages().get(pk=enrolment.pk), Resumption(grade=11))
    )
    with pytest.raises(Refusal, match="一律不得复学") as refused:
        advance(request=back.request, move="submit", by=world.registrar(), on=world.day)
    assert refused.value.rule == "resumption.withdrawn"


def test_expulsion_death_and_going_abroad(world):
    announce_terms(world)
    out = {
        "expulsion": Expulsion(document_number="校〔2026〕1号", issued_on=world.day),
        "death": Departure(happened_on=world.day - timedelta(days=3)),
        "abroad": Departure(happened_on=world.day, place="法国"),
    }
    found = {}
    for n, (kind, detail) in enumerate(out.items()):
        enrolment = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=10 + n)
        through(world, with_papers(world, filed(world, kind, enrolment, detail)))
        found[kind] = enrolled_of(enrolments_for_pages().get(pk=enrolment.pk)).status
    assert found == {"expulsion": "expelled", "death": "died", "abroad": "suspended"}


def test_key_information_changes_and_what_was_stays(world):
    announce_terms(world)
    enrolment = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")
    before = KeyFacts.objects.get(student=enrolment.student, valid_to=None)
    new = KeyInfoChange(
        before=before,
        name="𬱖阿丹·穆罕",
        sex="1",
        birth_date=before.birth_date,
        id_type="1",
        id_number=Secret(id_number(7)),
    )
    request = through(world, with_papers(world, filed(world, "key_info", enrolment, new)))
    assert request.entries.last().detail["changed"] == ["name", "id_number"]
    rows = KeyFacts.objects.filter(student=enrolment.student).order_by("pk")
    assert [(r.name, r.valid_to) for r in rows] == [("马小明", world.day), ("𬱖阿丹·穆罕", None)]


def test_outside_decision_is_recorded_before_the_last_step(world):
    announce_terms(world)
    detail = Transfer(
        direction=Direction.INCOMING,
        to_school=school(COUNTY_SCHOOL),
        to_stage="senior",
        to_grade=11,
        outside_school="兰州某中学",
    )
    detail.pupil = IncomingPupil(
        name="周新", sex="2", birth_date=date(2009, 5, 6), id_number=Secret("620102200905061226"), ethnicity="01",
        national_number=Secret(""), stage="senior", grade=11, entry_year=2025,
    )  # fmt: skip
    change = with_papers(world, filed(world, "transfer", None, detail, school=COUNTY_SCHOOL))
    request = through(world, change, steps=2)
    with pytest.raises(Refusal, match="州外主管部门"):
        through(world, change, submit=False)
    decided = {
        "outside_authority": "兰州市教育局",
        "outside_document": "兰教〔2026〕5号",
        "outside_decided_on": world.day,
    }
    record_outside(request=request, detail=change.transfer, decided=decided, on=world.day, by=world.centre)
    assert through(world, change, submit=False).state == State.APPROVED
    made = Enrolment.objects.get(school__code=COUNTY_SCHOOL, student__key_facts__name="周新")
    change.refresh_from_db()
    assert (made.pk, made.ends_on) == (change.enrolment_id, None)


def test_completion_in_the_national_system_is_recorded_once(world):
    request = through(world, suspension(world))
    with pytest.raises(Refusal, match="学籍管理员"):
        record_national(change=request.change, national_on=world.day, national_by="马丽", on=world.day, by=world.head())
    record_national(
        change=request.change, national_on=world.day, national_by="马丽", on=world.day, by=world.registrar()
    )
    with pytest.raises(Refusal, match="已登记"):
        record_national(
            change=request.change, national_on=world.day, national_by="马丽", on=world.day, by=world.registrar()
        )


def test_one_open_request_a_student_says_which_to_whoever_may_know(world):
    change = suspension(world)
    enrolment = enrolments_for_pages().get(pk=change.enrolment_id)
    with pytest.raises(Refusal, match="该生有在办业务：休学申请，.*草稿，尚未提交，办结后可申请退学"):
        filed(world, "withdrawal", enrolment, Withdrawal(ground="guardian_applies"))
    with pytest.raises(Refusal, match="详情请向广河县教育局查询"):
        filed(
            world,
            "transfer",
            enrolment,
            Transfer(to_school=school(PREFECTURE_SCHOOL), to_stage="senior", to_grade=11),
            school=PREFECTURE_SCHOOL,
        )
