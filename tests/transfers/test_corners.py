"""The corners of what a last decision does: days to come, numbers of others, a status that has a history."""

from datetime import date, timedelta

import pytest

from approvals.chain import advance
from approvals.enums import State
from approvals.models import Request
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import Secret
from registry.deeds import end_enrolment, set_key_facts, set_status
from registry.enums import EnrolmentState
from registry.models import Enrolment, EnrolmentStatus, Programme
from tests.transfers.support import announce_terms, filed, pupil, suspension, through, with_papers
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, World, id_number
from transfers.enrolled import enrolled_of, enrolments_for_pages
from transfers.models import Departure, IncomingPupil, KeyInfoChange, Resumption, Suspension, Transfer
from transfers.outside import record_outside


def again(enrolment: Enrolment) -> Enrolment:
    return enrolments_for_pages().get(pk=enrolment.pk)


def test_a_suspension_to_come_that_is_resumed_at_once_leaves_rows_in_order(world):
    """Decided a day before it begins, and resumed on that same day: the new row begins where the last one does."""
    change = suspension(world)
    through(world, change)
    enrolment = again(change.enrolment)
    back = filed(world, "resumption", enrolment, Resumption(grade=11, school_class="1班"))
    through(world, with_papers(world, back))
    rows = (
        EnrolmentStatus.objects.filter(enrolment=enrolment)
        .order_by("pk")
        .values_list("status", "valid_from", "valid_to")
    )
    first = date(2026, 9, 17)
    assert list(rows) == [
        ("enrolled", date(2025, 9, 1), first), ("suspended", first, first), ("enrolled", first, None),
    ]  # fmt: skip


def test_an_end_before_a_status_to_come_closes_it_all_the_same(world):
    announce_terms(world)
    enrolment = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")
    set_status(enrolment, EnrolmentState.SUSPENDED, valid_from=world.day + timedelta(days=9), by=None)
    assert end_enrolment(enrolment, ending="died", on=world.day) == world.day
    assert not EnrolmentStatus.objects.filter(enrolment=enrolment, valid_to=None).exists()


def test_going_abroad_is_no_part_of_a_suspension_that_is_over(world):
    change = suspension(world)
    through(world, change)
    enrolment = again(change.enrolment)
    through(world, with_papers(world, filed(world, "resumption", enrolment, Resumption(grade=11))))
    through(
        world, with_papers(world, filed(world, "abroad", enrolment, Departure(happened_on=world.day, place="法国")))
    )
    away = enrolled_of(enrolment)
    assert (away.status, away.periods, away.suspended_until, away.suspension_cause) == ("suspended", [], None, "")
    first = Suspension(
        starts_on=world.day, ends_on=date(2027, 1, 1), cause="other", extension=True, consecutive_before=1
    )
    longer = with_papers(world, filed(world, "suspension", enrolment, first))
    advance(request=longer.request, move="submit", by=world.registrar(), note="仍在国外", on=world.day)
    request = Request.objects.get(pk=longer.request_id)
    assert request.state == State.PENDING


def test_a_number_is_one_student_s_even_where_that_one_has_left(world):
    """The database holds it; the last decision says so in the words of the rule."""
    announce_terms(world)
    gone, enrolment = (pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=n) for n in (1, 2))
    end_enrolment(gone, ending="graduated", on=world.day)
    facts = enrolled_of(enrolment).facts
    new = KeyInfoChange(
        before=facts, name=facts.name, sex="1", birth_date=facts.birth_date, id_type="1", id_number=Secret(id_number(1))
    )
    change = with_papers(world, filed(world, "key_info", enrolment, new))
    with pytest.raises(Refusal, match="属于另一名学生") as refused:
        through(world, change)
    assert refused.value.rule == "key_info.id_taken"
    assert Request.objects.get(pk=change.request_id).state == State.PENDING
    assert enrolled_of(enrolment).facts == facts


def test_key_information_that_changed_meanwhile_is_not_overwritten(world):
    announce_terms(world)
    enrolment = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")
    facts = enrolled_of(enrolment).facts
    new = KeyInfoChange(
        before=facts, name="马晓明", sex="1", birth_date=facts.birth_date, id_type="1", id_number=facts.id_number
    )
    change = with_papers(world, filed(world, "key_info", enrolment, new))
    values = {n: getattr(facts, n) for n in ("sex", "ethnicity", "birth_date", "id_number")} | {"name": "马小铭"}
    set_key_facts(enrolment.student_id, values, valid_from=world.day, by=None)
    with pytest.raises(Refusal, match="在申请之后已有变动"):
        through(world, change)


def newcomer(world: World, *, name: str, number: str) -> Request:
    """From outside, at its last step, the decision outside recorded."""
    detail = Transfer(
        direction="incoming",
        to_school=world.organisation(COUNTY_SCHOOL),
        to_stage="senior",
        to_grade=11,
        outside_school="兰州某中学",
    )
    detail.pupil = IncomingPupil(
        name=name, sex="1", birth_date=date(2010, 3, 5), id_number=Secret(number), ethnicity="01", national_number=Secret(""),
        stage="senior", grade=11, entry_year=2025,
    )  # fmt: skip
    change = with_papers(world, filed(world, "transfer", None, detail, school=COUNTY_SCHOOL))
    request = through(world, change, steps=2)
    decided = {"outside_authority": "兰州市教育局", "outside_document": "5号", "outside_decided_on": world.day}
    record_outside(request=request, detail=change.transfer, decided=decided, on=world.day, by=world.centre)
    return request


def test_who_comes_back_is_known_by_the_number_and_only_with_the_name(world):
    announce_terms(world)
    former = pupil(world, OTHER_SCHOOL, grade=11, stage="senior", serial=1)
    end_enrolment(former, ending="transferred", on=world.day)
    wrong = newcomer(world, name="周新", number=id_number(1))
    with pytest.raises(Refusal, match="属于另一名学生"):
        advance(request=wrong, move="approve", by=world.centre, on=world.day)
    advance(request=wrong, move="refuse", by=world.centre, note="号码有误", on=world.day)
    advance(request=newcomer(world, name="马小明", number=id_number(1)), move="approve", by=world.centre, on=world.day)
    made = Enrolment.objects.get(ends_on=None)
    assert (made.student_id, made.school.code) == (former.student_id, COUNTY_SCHOOL)


def test_a_grade_is_offered_in_its_own_stage_alone(world):
    """A school that teaches junior and senior does not take a senior student as a junior one, past the prefecture."""
    announce_terms(world)
    school = world.organisation(COUNTY_SCHOOL)
    template = Programme.objects.get(organisation=school, stage="senior")
    template.pk, template.stage = None, "junior"
    template.save()
    former = pupil(world, OTHER_SCHOOL, grade=11, stage="senior")
    to = Transfer(to_school=school, to_stage="junior", to_grade=11)
    change = with_papers(world, filed(world, "transfer", former, to, school=COUNTY_SCHOOL))
    with pytest.raises(Refusal, match="未开设高二") as refused:
        through(world, change)
    assert refused.value.rule == "transfer.stage_not_offered"
