"""Racing clients on PostgreSQL, each with a connection of its own: whatever the order, one outcome.

RACE_ROUNDS says how often each race is run (8 here; bin/prove runs 2,000).
"""

import os
from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from approvals.chain import advance, next_number, open_request
from approvals.enums import State
from approvals.kinds import kind_named
from approvals.models import Request
from linxia_xueji.access import access_of, make_post, revoke
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission, Role
from linxia_xueji.models import Appointment, User
from linxia_xueji.refusal import Refusal, Stale
from registry.batches import open_batch
from registry.models import (
    Admission,
    Candidate,
    EnrolmentBatch,
    Intake,
    IssuedNumber,
)
from tests.registry.support import paper, workbook
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, PREFECTURE, PROVINCE, id_number

ROUNDS = int(os.environ.get("RACE_ROUNDS", "8"))

pytestmark = pytest.mark.django_db(transaction=True)


def race(*deeds: Callable[[], Any]) -> list[Any]:
    """Let all deeds start at once, each on its own connection; what each returned or raised, in their order."""
    barrier, outcomes = Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            outcomes[place] = deed()
        except BaseException as error:  # noqa: BLE001
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n, deed)) for n, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a deed waits for ever"
    return outcomes


def one_goes_in(outcomes: list[Any]) -> Any:
    """Exactly one deed was done; every other was refused in a sentence, none broke."""
    done = [o for o in outcomes if not isinstance(o, BaseException)]
    rest = [o for o in outcomes if isinstance(o, BaseException)]
    assert len(done) == 1, outcomes
    assert all(isinstance(o, Refusal) for o in rest), outcomes
    return done[0]


def move(
    request: Request, name: str, by: User, *, seen: bool = False, note: str = "", **inputs
) -> Callable[[], Request]:
    """One move from a page that showed the request as it is now."""
    version = request.version if seen else None
    return lambda: advance(request=request, move=name, by=by, note=note, inputs=inputs, seen=version, on=DAY)


def person(world, role: str, code: str) -> User:
    """One more person on a further post of that role."""
    user = User.objects.create_user(f"more-{role}-{code}", "correct horse", full_name="另一人")
    post = make_post(organisation=world.organisation(code), role=role)
    Appointment.objects.create(user=user, post=post, starts_on=DAY.replace(day=1))
    return user


class Reset:
    """Puts a request and all that hangs on it back to where it stood, as the owner of the database may."""

    def __init__(self, batch: EnrolmentBatch):
        self.batch = batch
        self.request = self.values(Request.objects.get(pk=batch.request_id))
        self.candidates = [self.values(c) for c in batch.candidates.all()]
        self.steps = [self.values(s) for s in batch.request.steps.all()]

    @staticmethod
    def values(row) -> dict[str, Any]:
        return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}

    def __call__(self) -> Request:
        self.batch.figures.filter(signed_at__isnull=False).exclude(level__in=self.signed()).delete()
        for candidate in self.candidates:
            Candidate.objects.filter(pk=candidate["id"]).update(seat=candidate["seat"], struck_on=None, struck_by=None)
        Request.objects.filter(pk=self.request["id"]).update(**self.request)
        self.batch.request.steps.exclude(pk__in=[s["id"] for s in self.steps]).delete()
        for step in self.steps:
            self.batch.request.steps.filter(pk=step["id"]).update(**step)
        return Request.objects.get(pk=self.request["id"])

    def signed(self) -> list[str]:
        return [s["level"] for s in self.steps if s["decided_at"]]


def held() -> int:
    return Intake.objects.get(school__code=COUNTY_SCHOOL, year=2026).held


def twin(world, batch: EnrolmentBatch, candidate: Candidate) -> EnrolmentBatch:
    """A second open batch of the same school and year, which the code never makes: the seats must hold even then."""
    request = open_request(
        kind=kind_named("enrolment_batch"), school=batch.school, subject="第二批次", lock_key="forged", by=world.registrar(),
        on=DAY, year=2026,
    )  # fmt: skip
    second = EnrolmentBatch.objects.create(request=request, school=batch.school, year=2026, sequence=99)
    Candidate.objects.filter(pk=candidate.pk).update(batch=second)
    return second


def test_two_submissions_for_the_last_place(world):
    batch = world.batch(2, plan=1)
    second = twin(world, batch, batch.candidates.first())
    resets, wins = (Reset(batch), Reset(second)), Counter()
    for _ in range(ROUNDS):
        winner = one_goes_in(race(*(move(r(), "submit", world.registrar()) for r in resets)))
        wins[winner.pk] += 1
        assert held() == Candidate.objects.filter(seat=True).count() == 1
        assert Request.objects.filter(state=State.PENDING).count() == 1
    assert sum(wins.values()) == ROUNDS


def test_a_submission_and_a_resubmission_for_the_last_place(world):
    batch = world.batch(2, plan=1)
    second = twin(world, batch, batch.candidates.first())
    world.advance(second, "submit", world.registrar())
    world.advance(second, "send_back", world.head(), note="补")
    Candidate.objects.update(seat=False)
    second.request = Request.objects.get(pk=second.request_id)
    resets = (Reset(batch), Reset(second))
    for _ in range(ROUNDS):
        one_goes_in(race(*(move(r(), "submit", world.registrar()) for r in resets)))
        assert held() == Candidate.objects.filter(seat=True).count() == 1


def test_one_batch_submitted_by_two_clicks(world):
    batch = world.batch(2)
    reset = Reset(batch)
    for _ in range(ROUNDS):
        request = reset()
        one_goes_in(race(*[move(request, "submit", world.registrar(), seen=True)] * 3))
        assert (held(), Request.objects.get().round) == (2, 1)


def test_the_database_alone_forbids_the_last_place_twice(world):
    """Without any lock of the code: two rows, one seat."""
    batch = world.batch(4, plan=1)
    people = list(batch.candidates.all())

    def take(candidate):
        return lambda: Candidate.objects.filter(pk=candidate.pk).update(seat=True)

    for _ in range(ROUNDS):
        outcomes = race(*map(take, people))
        assert sum(o == 1 for o in outcomes) == 1, outcomes
        assert sum("seats_within_plan" in str(o) for o in outcomes) == 3, outcomes
        assert held() == Candidate.objects.filter(seat=True).count() == 1
        Candidate.objects.update(seat=False)


def test_a_cut_of_the_plan_and_a_submission(world):
    """Either the cut is refused for the seats held, or the submission for the plan cut."""
    batch = world.batch(2, plan=2)
    reset, ends = Reset(batch), Counter()
    for _ in range(ROUNDS):
        world.plan(2)
        submitted, cut = race(move(reset(), "submit", world.registrar()), lambda: world.plan(1))
        one_goes_in([submitted, cut])
        intake = Intake.objects.get()
        assert (intake.plan, intake.held) in {(2, 2), (1, 0)}
        ends[intake.plan] += 1
        Candidate.objects.update(seat=False)
    assert sum(ends.values()) == ROUNDS


@pytest.mark.parametrize("seen", [True, False])
def test_reviewer_and_head_of_the_county_decide_one_step(world, seen):
    batch = world.to(world.batch(1), 1)
    reset = Reset(batch)
    both = (world.county, world.user(Role.COUNTY_HEAD, COUNTY))
    figures = {"agreed": 1, "graduates": 1, "plan": 1}
    for _ in range(ROUNDS):
        request = reset()
        outcomes = race(*(move(request, "approve", by, seen=seen, **figures) for by in both))
        done = one_goes_in(outcomes)
        assert any(isinstance(o, Stale) for o in outcomes) is seen
        assert done.turn_level == "prefecture"
        assert batch.request.steps.exclude(decided_at=None).count() == 2
        assert batch.figures.filter(level="county").count() == 1


def test_approval_against_sending_back(world):
    batch = world.to(world.batch(1), 1)
    reset, ends = Reset(batch), Counter()
    for _ in range(ROUNDS):
        request = reset()
        outcomes = race(
            move(request, "approve", world.county, seen=True, agreed=1, graduates=1, plan=1),
            move(request, "send_back", world.user(Role.COUNTY_HEAD, COUNTY), seen=True, note="补"),
        )
        ends[one_goes_in(outcomes).state] += 1
        assert batch.request.steps.exclude(decided_at=None).count() == 2
    assert set(ends) <= {State.PENDING, State.RETURNED}


def test_taking_back_against_an_approval(world):
    """The applicant takes it back while the next level approves: both may happen one after the other, never half of one."""
    batch = world.to(world.batch(1), 1)
    reset = Reset(batch)
    for _ in range(ROUNDS):
        request = reset()
        outcomes = race(
            move(request, "approve", world.county, seen=True, agreed=1, graduates=1, plan=1),
            move(request, "retract", world.registrar(), seen=True, note="漏报"),
        )
        done = one_goes_in(outcomes)
        assert held() == (0 if done.state == State.RETRACTED else 1)


def test_an_approval_and_the_revocation_of_its_grant(world):
    """After the revocation is committed nothing more is decided; what was decided before stands."""
    batch = world.to(world.batch(1), 1)
    reset, county = Reset(batch), world.organisation(COUNTY)
    from linxia_xueji.access import grant

    post = access_of(world.county).post
    for _ in range(ROUNDS):
        grant(post=post, permission=Permission.DECIDE_AS_COUNTY, organisation=county)
        request = reset()
        outcome, _ = race(
            move(request, "approve", world.county, agreed=1, graduates=1, plan=1),
            lambda: revoke(post=post, permission=Permission.DECIDE_AS_COUNTY, organisation=county),
        )
        assert isinstance(outcome, Request | Refusal), outcome
        with pytest.raises(Refusal):
            move(reset(), "approve", world.county, agreed=1, graduates=1, plan=1)()


def more_students(world, count: int, start: int) -> None:
    """Further lines of the list, every one with an ID number of its own however many rounds are run."""
    template = Admission.objects.first()
    school = world.organisation(COUNTY_SCHOOL)
    Admission.objects.bulk_create(
        Admission(
            year=2026, exam_number=f"2699{n:06d}", name="新生", sex="1", ethnicity="03", birth_date=DAY.replace(year=2010),
            id_number=id_number(n, birth=f"20{10 + n // 500 // 28:02d}01{n // 500 % 28 + 1:02d}", area="622925"),
            exam_county=template.exam_county, school=school, score="500", upload=template.upload, row=n + 1000, recorded_at=now(),
        )
        for n in range(start, start + count)
    )  # fmt: skip


def at_the_province(world, start: int, count: int) -> EnrolmentBatch:
    """A supplementary batch, approved by all but the province."""
    more_students(world, count, start)
    batch = open_batch(school=world.organisation(COUNTY_SCHOOL), year=2026, by=world.registrar(), on=DAY)
    batch.candidates.update(arrival="reported")
    return world.to(batch, 3)


def contiguous() -> bool:
    numbers = [int(n[-4:]) for n in IssuedNumber.objects.order_by("number").values_list("number", flat=True)]
    return numbers == list(range(1, len(numbers) + 1))


def test_the_province_approves_twice_and_numbers_are_issued_once(world):
    world.to(world.batch(1, plan=9000), 4)
    both = (world.province, person(world, Role.PROVINCE, PROVINCE))
    for n in range(ROUNDS):
        batch = at_the_province(world, n * 2, 2)
        one_goes_in(race(*(move(batch.request, "approve", by) for by in both)))
        assert IssuedNumber.objects.filter(batch=batch).count() == 2
        assert contiguous()


def test_a_strike_and_the_last_approval(world):
    """Whichever comes first, there is no gap and no number for the struck."""
    world.to(world.batch(1, plan=9000), 4)
    other = person(world, Role.PROVINCE, PROVINCE)
    for n in range(ROUNDS):
        batch = at_the_province(world, n * 2, 2)
        struck = batch.candidates.order_by("exam_number").first()
        outcomes = race(
            move(batch.request, "approve", world.province),
            move(batch.request, "strike", other, note="重复", candidate=struck.pk, rule="enrolment.duplicate"),
        )
        assert not any(isinstance(o, BaseException) and not isinstance(o, Refusal) for o in outcomes), outcomes
        struck.refresh_from_db()
        assert (struck.enrolment is None) == (struck.struck_on is not None)
        assert contiguous()


def test_the_reply_of_the_province_recorded_twice(world):
    from linxia_xueji.policy import decide

    decide(
        organisation=world.organisation(PREFECTURE), key="province.in_portal", value=False,
        effective_from=DAY.replace(month=1), document_number="临州教发〔2026〕2号", by=world.centre,
    )  # fmt: skip
    both = (world.centre, person(world, Role.CENTRE, PREFECTURE))
    world.plan(9000)
    world.admit(1)
    for n in range(ROUNDS):
        batch = at_the_province(world, n + 1, 1)
        numbers = {c.pk: f"26132401{n * 2 + i + 1:04d}" for i, c in enumerate(batch.candidates.all())}
        scan = paper(world, COUNTY_SCHOOL, content=workbook())
        inputs = {"numbers": numbers, "scan": scan, "sheet": scan, "document_number": "甘教", "replied_on": DAY}
        one_goes_in(race(*(move(batch.request, "record", by, note="批复", **inputs) for by in both)))
        assert IssuedNumber.objects.filter(batch=batch).count() == len(numbers)


def test_two_batches_opened_at_once_for_one_school_and_year(world):
    world.plan(5)
    world.admit(2)
    school = world.organisation(COUNTY_SCHOOL)
    colleague = person(world, Role.REGISTRAR, COUNTY_SCHOOL)

    def opening(by):
        return lambda: open_batch(school=school, year=2026, by=by, on=DAY)

    for _ in range(ROUNDS):
        batch = one_goes_in(race(opening(world.registrar()), opening(colleague), opening(world.registrar())))
        assert Request.objects.filter(state=State.DRAFT).count() == 1
        assert Candidate.objects.filter(batch=batch).count() == 2
        advance(request=batch.request, move="retract", by=world.registrar(), note="重来", on=DAY)


def test_two_counters_under_one_key_give_two_numbers():
    for n in range(ROUNDS):
        given = race(*[lambda key=f"K{n}": next_number(key)] * 4)
        assert sorted(given) == [f"K{n}-{i:04d}" for i in range(1, 5)]
