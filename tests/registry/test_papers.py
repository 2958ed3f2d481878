"""更正便函 of the county of exam registration, identity swap, 延期注册 and 不可抗力."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from approvals.enums import State
from linxia_xueji.enums import Role
from linxia_xueji.models import FileUse
from linxia_xueji.policy import decide
from linxia_xueji.refusal import Refusal
from registry.models import CorrectionItem, CorrectionLetter
from registry.papers import accept_deferral, apply_for_deferral, ask_for_letter, decline_letter, issue_letter
from tests.registry.support import defer, differ, first, letter, paper
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE


@pytest.fixture
def batch(world):
    """A batch of a school in one county, its students registered for the exam in another."""
    batch = world.batch(2)
    batch.school.admissions.update(exam_county=world.organisation(OTHER_COUNTY))
    return batch


def elsewhere(world):
    return world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY)


def rule_broken(world, batch) -> str | None:
    with pytest.raises(Refusal) as error, transaction.atomic():
        world.advance(batch, "submit", world.registrar())
    return error.value.rule


def test_a_difference_needs_the_letter_of_the_county_of_exam_registration(world, batch):
    person = differ(world, first(batch), name="马海英")
    assert rule_broken(world, batch) == "enrolment.mismatch"
    issued = letter(world, person)
    assert issued.issuer.code == OTHER_COUNTY
    world.advance(batch, "submit", world.registrar())
    assert batch.request.state == State.PENDING


def test_another_value_than_the_letter_states_is_again_a_difference(world, batch):
    person = differ(world, first(batch), name="马海英")
    letter(world, person)
    differ(world, person, name="马海鹰")
    assert rule_broken(world, batch) == "enrolment.mismatch"


def test_another_field_than_the_letter_states_is_again_a_difference(world, batch):
    person = differ(world, first(batch), name="马海英")
    letter(world, person)
    differ(world, person, score="513.00")
    assert rule_broken(world, batch) == "enrolment.mismatch"
    letter(world, person)
    world.advance(batch, "submit", world.registrar())


def test_a_letter_of_one_student_does_not_cover_another(world, batch):
    one, two = batch.candidates.order_by("exam_number")
    letter(world, differ(world, one, name="马海英"))
    differ(world, two, name="马海英")
    assert rule_broken(world, batch) == "enrolment.mismatch"


@pytest.mark.parametrize(
    "role, code",
    [
        (Role.COUNTY_REVIEWER, COUNTY),
        (Role.CENTRE, PREFECTURE),
        (Role.REGISTRAR, COUNTY_SCHOOL),
        (Role.HEAD, OTHER_SCHOOL),
    ],
)
def test_nobody_else_issues_it(world, batch, role, code):
    """The county of the school, the prefecture, the school itself: none of them is the county of exam registration."""
    person = differ(world, first(batch), name="马海英")
    asked = ask_for_letter(candidate=person, note="", by=world.registrar())
    for deed in (
        lambda by: issue_letter(letter=asked, number="1", proof=paper(world, OTHER_COUNTY), by=by, on=world.day),
        lambda by: decline_letter(letter=asked, reason="x", by=by, on=world.day),
    ):
        with pytest.raises(Refusal, match="中考报名所在"), transaction.atomic():
            deed(world.user(role, code))


def test_the_issuing_county_sees_the_letter_and_not_the_batch(world, batch):
    from registry.models import Candidate, EnrolmentBatch

    asked = ask_for_letter(candidate=differ(world, first(batch), name="马海英"), note="", by=world.registrar())
    assert list(CorrectionLetter.objects.visible_to(elsewhere(world))) == [asked]
    assert not EnrolmentBatch.objects.visible_to(elsewhere(world)).exists()
    assert not Candidate.objects.visible_to(elsewhere(world)).exists()
    assert not CorrectionLetter.objects.visible_to(world.registrar(OTHER_SCHOOL)).exists()


def test_a_letter_needs_number_and_proof(world, batch):
    asked = ask_for_letter(candidate=differ(world, first(batch), name="马海英"), note="", by=world.registrar())
    proof = paper(world, OTHER_COUNTY)
    with pytest.raises(Refusal, match="编号"), transaction.atomic():
        issue_letter(letter=asked, number=" ", proof=proof, by=elsewhere(world), on=world.day)
    with pytest.raises(IntegrityError, match="letter_issued_whole"), transaction.atomic():
        CorrectionLetter.objects.update(number="1", issued_on=world.day, issued_by=elsewhere(world))


def test_a_letter_is_asked_for_once_and_issued_once(world, batch):
    person = differ(world, first(batch), name="马海英")
    asked = ask_for_letter(candidate=person, note="", by=world.registrar())
    with pytest.raises(Refusal, match="尚未出具"), transaction.atomic():
        ask_for_letter(candidate=person, note="", by=world.registrar())
    proof = paper(world, OTHER_COUNTY)
    issue_letter(letter=asked, number="1", proof=proof, by=elsewhere(world), on=world.day)
    with pytest.raises(Refusal, match="已出具"), transaction.atomic():
        issue_letter(letter=asked, number="2", proof=proof, by=elsewhere(world), on=world.day)


def test_a_declined_letter_covers_nothing_and_can_be_asked_for_again(world, batch):
    person = differ(world, first(batch), name="马海英")
    asked = ask_for_letter(candidate=person, note="", by=world.registrar())
    with pytest.raises(Refusal, match="理由"), transaction.atomic():
        decline_letter(letter=asked, reason=" ", by=elsewhere(world), on=world.day)
    decline_letter(letter=asked, reason="无证明", by=elsewhere(world), on=world.day)
    assert rule_broken(world, batch) == "enrolment.mismatch"
    ask_for_letter(candidate=person, note="补证明", by=world.registrar())


def test_no_letter_without_a_difference(world, batch):
    with pytest.raises(Refusal, match="不需要更正便函"):
        ask_for_letter(candidate=first(batch), note="", by=world.registrar())


def test_only_the_school_asks(world, batch):
    person = differ(world, first(batch), name="马海英")
    for by in (world.registrar(OTHER_SCHOOL), world.head(), world.county):
        with pytest.raises(Refusal, match="学籍管理员"), transaction.atomic():
            ask_for_letter(candidate=person, note="", by=by)


def test_what_a_letter_says_is_sealed(world, batch):
    ask_for_letter(candidate=differ(world, first(batch), id_number="622924201003050033"), note="", by=world.registrar())
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT listed || corrected FROM registry_correctionitem")
        (text,) = cursor.fetchone()
    assert "62292420100305" not in text
    assert CorrectionItem.objects.get().corrected.reveal() == "622924201003050033"


def test_an_identity_swap_needs_the_written_reason_of_school_and_prefecture_though_a_letter_covers_it(world, batch):
    person = differ(world, first(batch), name="周新", id_number="622924201003050033")
    assert rule_broken(world, batch) == "enrolment.mismatch"
    letter(world, person)
    with pytest.raises(Refusal, match="不是换了一个人.*须写明理由"), transaction.atomic():
        world.advance(batch, "submit", world.registrar())
    world.advance(batch, "submit", world.registrar(), note="户籍登记改名换号")
    assert batch.request.verdict == "discretion"
    world.approve(batch, world.head())
    world.approve(batch, world.county, graduates=2146, plan=600)
    with pytest.raises(Refusal, match="不是换了一个人.*须写明理由"), transaction.atomic():
        world.approve(batch, world.centre)
    world.advance(batch, "approve", world.centre, note="已核对户籍证明原件", agreed=2)
    world.approve(batch, world.province)
    assert batch.request.state == State.APPROVED


def test_with_mismatch_set_to_discretion_a_written_reason_will_do(world, batch):
    decide(
        organisation=world.organisation(PREFECTURE), key="enrolment.mismatch", value="discretion",
        effective_from=date(2026, 9, 1), document_number="临州教发〔2026〕9号", by=world.centre,
    )  # fmt: skip
    differ(world, first(batch), name="马海英")
    with pytest.raises(Refusal, match="须写明理由"), transaction.atomic():
        world.advance(batch, "submit", world.registrar())
    world.advance(batch, "submit", world.registrar(), note="便函在途")


@pytest.mark.parametrize("kind", ["deferral", "force_majeure"])
def test_the_head_of_the_school_accepts_an_excuse(world, batch, kind):
    asked = defer(world, first(batch), kind, accept=False)
    assert first(batch).arrival == ("deferred" if kind == "deferral" else "force_majeure")
    for by in (world.registrar(), world.county, world.head(OTHER_SCHOOL), world.centre):
        with pytest.raises(Refusal, match="校长同意"), transaction.atomic():
            accept_deferral(deferral=asked, by=by, on=world.day)
    accepted = accept_deferral(deferral=asked, by=world.head(), on=world.day)
    assert (accepted.accepted_on, accepted.accepted_by) == (world.day, world.head())
    with pytest.raises(Refusal, match="已同意"), transaction.atomic():
        accept_deferral(deferral=asked, by=world.head(), on=world.day)


def test_a_deferral_says_why_and_until_when(world, batch):
    proof = paper(world, COUNTY_SCHOOL)

    def apply(**changed):
        said = {"kind": "deferral", "reason": "住院", "until": date(2026, 10, 20), **changed}
        with transaction.atomic():
            return apply_for_deferral(candidate=first(batch), proof=proof, by=world.registrar(), on=world.day, **said)

    for changed in ({"reason": " "}, {"until": None}, {"until": world.day}):
        with pytest.raises(Refusal):
            apply(**changed)
    assert apply().applied_on == world.day


def test_force_majeure_needs_no_date(world, batch):
    assert defer(world, first(batch), "force_majeure").until is None


def test_a_proof_is_seen_by_the_school_and_those_above(world, batch):
    defer(world, first(batch))
    assert FileUse.objects.visible_to(world.county).filter(purpose="证明材料").exists()
    assert not FileUse.objects.visible_to(elsewhere(world)).filter(purpose="证明材料").exists()
