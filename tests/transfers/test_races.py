"""Two people at once on PostgreSQL: one clear state each time, and whoever comes second is told in a sentence.

Each race is run RACE_ROUNDS times (2 here; bin/prove runs 2,000), every round with a student and a request of its own.
"""

import os
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest

from approvals.enums import OPEN, State
from approvals.models import Request
from linxia_xueji.enums import Role
from linxia_xueji.refusal import Refusal, Stale
from registry.models import Enrolment, EnrolmentStatus
from tests.registry.test_races import move, one_goes_in, race
from tests.transfers.support import announce_terms, decider, filed, pupil, scan, through, with_papers
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE_SCHOOL
from transfers.models import Change, Expulsion, Proof, Transfer, Withdrawal
from transfers.models.details import Detail
from transfers.proofs import put_proof
from transfers.slots import slot_of

ROUNDS = int(os.environ.get("RACE_ROUNDS", "2"))

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def students(world):
    """New students of a school, one after the other, the terms announced."""
    announce_terms(world)

    serial = count()

    def one(school: str = COUNTY_SCHOOL) -> Enrolment:
        return pupil(world, school, grade=11, stage="senior", serial=next(serial), name="马小明")

    return one


def withdrawal(world, enrolment: Enrolment, *, steps: int | None = None, **more) -> Change:
    """A 退学 with its papers, submitted and approved by so many levels; a draft where that is None."""
    change = with_papers(world, filed(world, "withdrawal", enrolment, Withdrawal(ground="guardian_applies"), **more))
    if steps is not None:
        through(world, change, steps=steps)
    return change


def request_of(change: Change) -> Request:
    return Request.objects.select_related("turn_organisation").get(pk=change.request_id)


def asking(world, enrolment: Enrolment, detail: Detail, school: str) -> Callable[[], Change]:
    """A school applies."""
    return partial(filed, world, detail._meta.model_name, enrolment, detail, school=school)


def transfer_to(world, code: str) -> Transfer:
    return Transfer(to_school=world.organisation(code), to_stage="senior", to_grade=11)


def test_two_officers_decide_one_step(world, students):
    """The second is told who was quicker, or that it is no more their turn; the step is taken once."""
    both = (world.county, world.user(Role.COUNTY_HEAD, COUNTY))
    for seen in [True, False] * ROUNDS:
        request = request_of(withdrawal(world, students(), steps=1))
        outcomes = race(*(move(request, "approve", by, seen=seen, note="同意") for by in both))
        assert one_goes_in(outcomes).turn_level == "prefecture"
        assert any(isinstance(o, Stale) for o in outcomes) is seen
        assert request.steps.exclude(decided_at=None).count() == 2
    for _ in range(ROUNDS):
        request = request_of(withdrawal(world, students(), steps=1))
        outcomes = race(
            move(request, "approve", world.county, seen=True),
            move(request, "refuse", world.user(Role.COUNTY_HEAD, COUNTY), seen=True, note="不符合"),
        )
        assert one_goes_in(outcomes).state in {State.PENDING, State.REFUSED}
        assert Enrolment.objects.get(pk=request.change.enrolment_id).ends_on is None


def test_the_applicant_takes_it_back_while_the_last_step_approves(world, students):
    """Either it is taken back and nothing happened to the enrolment, or it is decided and cannot be taken back any more."""
    for _ in range(ROUNDS):
        request = request_of(withdrawal(world, students(), steps=2))
        outcomes = race(
            move(request, "approve", world.centre, seen=True),
            move(request, "retract", world.registrar(), seen=True, note="家长不退了"),
        )
        done, enrolment = one_goes_in(outcomes), Enrolment.objects.get(pk=request.change.enrolment_id)
        assert (done.state, enrolment.ending) in {(State.APPROVED, "withdrawn"), (State.RETRACTED, "")}
        assert request.entries.count() == 4


def test_two_applications_for_one_student(world, students):
    """The database keeps one; another school is told that there is one and which bureau to ask, one's own what it is."""
    for _ in range(ROUNDS):
        enrolment = students(OTHER_SCHOOL)
        schools = (COUNTY_SCHOOL, PREFECTURE_SCHOOL)
        outcomes = race(*(asking(world, enrolment, transfer_to(world, code), code) for code in schools))
        made = one_goes_in(outcomes)
        (told,) = (o for o in outcomes if isinstance(o, Refusal))
        assert "该生有在办业务" in told.message and "查询" in told.message
        assert told.rule == "transfer.open_business"
        assert Request.objects.filter(lock_key=f"student:{enrolment.student_id}", state__in=OPEN).count() == 1
        assert Change.objects.filter(enrolment=enrolment).get() == made
    for _ in range(ROUNDS):
        enrolment = students()
        wanted = Withdrawal(ground="guardian_applies"), Expulsion(document_number="1号", issued_on=world.day)
        outcomes = race(*(asking(world, enrolment, detail, COUNTY_SCHOOL) for detail in wanted))
        one_goes_in(outcomes)
        (told,) = (o for o in outcomes if isinstance(o, Refusal))
        assert "草稿，尚未提交，办结后可" in told.message


def beside(change: Change) -> Change:
    """Let it go of its student's lock key, which never happens: what the last decision does must hold even then."""
    Request.objects.filter(pk=change.request_id).update(lock_key=f"forged:{change.request_id}")
    return change


def test_two_last_decisions_do_not_both_end_one_enrolment(world, students):
    """The second finds the enrolment ended, and is told so by the rule."""
    for _ in range(ROUNDS):
        enrolment = students()
        first, second = (beside(withdrawal(world, enrolment, steps=2)) for _ in "12")
        outcomes = race(*(move(request_of(c), "approve", world.centre) for c in (first, second)))
        done = one_goes_in(outcomes)
        (told,) = (o for o in outcomes if isinstance(o, Refusal))
        assert told.rule == "withdrawal.not_enrolled"
        enrolment.refresh_from_db()
        assert enrolment.ending == "withdrawn"
        (left,) = {first.request_id, second.request_id} - {done.pk}
        assert Request.objects.get(pk=left).state == State.PENDING
        assert not EnrolmentStatus.objects.filter(enrolment=enrolment, valid_to=None).exists()


def test_a_scan_comes_in_while_the_request_is_submitted_and_two_sides_decide(world, students):
    """Either the head sees the new scan, or it is not taken in any more; never a scan nobody judged."""
    slot = slot_of("withdrawal", "report")
    for _ in range(ROUNDS):
        change = withdrawal(world, students())
        request, before = request_of(change), Proof.objects.get(change=change, slot="report", replaced_at=None)
        outcomes = race(
            move(request, "submit", world.registrar(), seen=True),
            partial(put_proof, change=change, slot=slot, scan=scan(content=b"\xff\xd8\xff new"), by=world.registrar()),
        )
        submitted, uploaded = outcomes
        one_goes_in(outcomes)
        now = Proof.objects.get(change=change, slot="report", replaced_at=None)
        if isinstance(uploaded, Refusal):
            assert "不能更换材料" in uploaded.message and now == before
            assert request_of(change).state == State.PENDING
        else:
            assert isinstance(submitted, Stale) and now == uploaded
            assert request_of(change).state == State.DRAFT
    both_sides_of_a_transfer(world, students)


def both_sides_of_a_transfer(world, students):
    """Only the side whose turn it is; the other waits for its own."""
    for _ in range(ROUNDS):
        enrolment = students(OTHER_SCHOOL)
        to = transfer_to(world, COUNTY_SCHOOL)
        change = with_papers(world, filed(world, "transfer", enrolment, to, school=COUNTY_SCHOOL))
        request = through(world, change, steps=1)
        assert decider(world, request) == world.county
        outcomes = race(
            move(request, "approve", world.county), move(request, "approve", world.head(OTHER_SCHOOL)),
            move(request, "approve", world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY)),
        )  # fmt: skip
        done = [o for o in outcomes if isinstance(o, Request)]
        assert isinstance(outcomes[0], Request) and all(isinstance(o, Request | Refusal) for o in outcomes)
        assert [s.decided_at is not None for s in request.steps.order_by("position")] == [True] * (len(done) + 1) + [
            False
        ] * (4 - len(done))
