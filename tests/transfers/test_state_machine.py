"""Random histories of a few students of two counties on PostgreSQL: whatever people try in whatever order, what must hold holds.

EXAMPLES histories (5 here; bin/prove runs 3,000), each drawn from its number alone, of STEPS attempts, most of them by whoever's
turn it is.
"""

import os
from collections import Counter
from datetime import date, timedelta
from random import Random

from django import conf
from django.db import transaction

from approvals.chain import advance
from approvals.due import clock_of
from approvals.enums import OPEN, Move, State, state_after
from approvals.models import Request, Step
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission, Role
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import Secret
from registry.enums import Ending
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts
from tests.transfers.support import BLURRED, announce_terms, decider, filed, pupil, scan, with_papers
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, World, id_number
from transfers.changes import mend_change
from transfers.enrolled import enrolled_of, enrolments_for_pages
from transfers.models import (
    Departure,
    Expulsion,
    KeyInfoChange,
    Resumption,
    Suspension,
    Transfer,
    Withdrawal,
)
from transfers.models.details import Detail
from transfers.proofs import attest, confirm_legible, present, put_proof
from transfers.slots import slots_of

EXAMPLES, STEPS = int(os.environ.get("EXAMPLES", "5")), int(os.environ.get("STEPS", "14"))
KINDS = ("transfer", "suspension", "resumption", "withdrawal", "expulsion", "key_info", "death", "abroad")
SCHOOLS = (COUNTY_SCHOOL, OTHER_SCHOOL)
SEATS = [
    *((role, school) for school in SCHOOLS for role in (Role.REGISTRAR, Role.HEAD)),
    (Role.COUNTY_REVIEWER, COUNTY), (Role.COUNTY_HEAD, OTHER_COUNTY), (Role.CENTRE, PREFECTURE),
]  # fmt: skip
FOR_GOOD = (Ending.WITHDRAWN, Ending.EXPELLED)
ATTEMPTS = {"file": 4, "forward": 5, "days_pass": 2, "anybody": 4, "turn": 1, "upload": 1, "mend": 1, "head_looks": 2}
"""How often each is drawn."""
tally: Counter[str] = Counter()
"""What the histories came to, so that the test can tell that they came to something."""


class History:
    """One history: attempts that the portal allows or refuses, and what must hold after each."""

    def __init__(self, world: World, portal, people: list[int], number: int):
        self.world, self.portal, self.people, self.random = world, portal, people, Random(number)  # noqa: S311
        self.endings: dict[int, str] = {}

    def play(self) -> None:
        """All of it, and back to where it began."""
        self.portal.DEMO_TODAY = self.world.day
        with transaction.atomic():
            for name in self.random.choices(list(ATTEMPTS), list(ATTEMPTS.values()), k=STEPS):
                getattr(self, name)(self.random.randrange(len(self.people)))
                self.holds()
            transaction.set_rollback(True)

    def enrolment(self, who: int) -> Enrolment:
        """The last one of a student."""
        return enrolments_for_pages().filter(student=self.people[who]).order_by("pk").last()

    def request(self, who: int) -> Request | None:
        """The last request of a student, mostly the open one."""
        return Request.objects.filter(lock_key=f"student:{self.people[who]}").order_by("pk").last()

    def particulars(self, kind: str, enrolment: Enrolment, n: int) -> tuple[Detail, str]:
        """Particulars of a kind, right ones more often than wrong ones, and the school that applies."""
        enrolled, own, day = enrolled_of(enrolment), enrolment.school, today()
        other = self.world.organisation(SCHOOLS[own.code == SCHOOLS[0]] if n % 5 else own.code)
        first = (enrolled.suspended_until or day) + timedelta(days=1 if n % 4 else -3)
        made = {
            "transfer": lambda: Transfer(to_school=other, to_stage="senior", to_grade=enrolled.grade + (n % 7 == 0)),
            "suspension": lambda: Suspension(
                starts_on=first, ends_on=first + timedelta(days=30 + n % 400), cause=("illness", "other")[n % 2],
                extension=enrolled.status == "suspended", consecutive_before=enrolled.consecutive,
            ),
            "resumption": lambda: Resumption(grade=min(12, enrolled.grade + (n % 5 == 0)), school_class="9班"),
            "withdrawal": lambda: Withdrawal(ground="guardian_applies" if n % 5 else ""),
            "expulsion": lambda: Expulsion(document_number="校〔2026〕1号", issued_on=day),
            "key_info": lambda: KeyInfoChange(
                before=enrolled.facts, name=f"马小{chr(0x4E00 + n % 50)}", sex="1", birth_date=date(2010, 3, 5 + (n % 5 == 0)),
                id_type="1", id_number=enrolled.facts.id_number if n % 3 else Secret(id_number(40 + n % 7)),
            ),
        }  # fmt: skip
        detail = made.get(kind, lambda: Departure(happened_on=day - timedelta(days=n % 9), place="法国"))()
        return detail, other.code if kind == "transfer" else own.code

    def file(self, who: int) -> None:
        """A student has one open request; the second is refused by the rule that says so."""
        enrolment, last, n = self.enrolment(who), self.request(who), self.random.randrange(10**6)
        likely = (
            ("resumption", "suspension") if enrolled_of(enrolment).status == "suspended" else ("transfer", "suspension")
        )
        kind = self.random.choice((*KINDS, *likely * 3))
        detail, school = self.particulars(kind, enrolment, n)
        try:
            change = filed(self.world, kind, enrolment, detail, school=school, applied_on=today())
        except Refusal as refusal:
            assert last is not None and last.is_open and refusal.rule == f"{kind}.open_business", refusal.message
            return
        assert last is None or not last.is_open
        if self.random.random() < 0.8:
            with_papers(self.world, change)

    def upload(self, who: int) -> None:
        """A scan comes in only while the request lies with the school."""
        request, n = self.request(who), self.random.randrange(10**6)
        if request is None:
            return
        slots, change = slots_of(request.kind), request.change
        by = self.world.registrar(request.school.code)
        lies_with_school = request.state in (State.DRAFT, State.RETURNED)
        try:
            put_proof(change=change, slot=slots[n % len(slots)], scan=scan(BLURRED if n % 3 == 0 else None), by=by)
        except Refusal:
            assert not lies_with_school
        else:
            assert lies_with_school

    def mend(self, who: int) -> None:
        """Written anew only while it lies with the school."""
        request = self.request(who)
        if request is None:
            return
        detail, _ = self.particulars(request.kind, request.change.enrolment, self.random.randrange(10**6))
        if isinstance(detail, Transfer):
            detail.to_school = request.school
        common = {"applicant": "马母", "relation": "mother", "reason": ""}
        lies_with_school = request.state in (State.DRAFT, State.RETURNED)
        by = self.world.registrar(request.school.code)
        try:
            mend_change(change=request.change, detail=detail, common=common, applied_on=today(), by=by)
        except Refusal:
            assert not lies_with_school
        else:
            assert lies_with_school

    def head_looks(self, who: int, attests: float = 0.3) -> None:
        """The head at whose step it lies confirms what was doubted, and mostly or sometimes attests; nobody else."""
        request, attesting = self.request(who), self.random.random() < attests
        if request is None:
            return
        at_head = request.state == State.PENDING and request.turn_level == "school"
        by = decider(self.world, request) if at_head else self.world.head(request.school.code)
        for proof in present(request.change):
            if attesting and not proof.attested_by_id or proof.is_doubtful:
                try:
                    attest(proof=proof, by=by) if attesting and not proof.attested_by_id else confirm_legible(
                        proof=proof, reason="原件清晰", by=by
                    )
                except Refusal:
                    assert not at_head
                else:
                    assert at_head

    def forward(self, who: int) -> None:
        """Whoever's turn it is lets it go on, once or to the end."""
        times = self.random.choice((1, 3, 6))
        for _ in range(times):
            request = self.request(who)
            if request is None or not request.is_open:
                return
            move = Move.APPROVE if request.state == State.PENDING else Move.SUBMIT
            if request.turn_permission == Permission.DECIDE_AS_SCHOOL:
                self.head_looks(who, attests=0.9)
            if not self.attempt(request, move, self.entitled(request, move), note="情况属实"):
                return
            self.holds()

    def days_pass(self, who: int) -> None:
        """Some days later it goes on."""
        self.portal.DEMO_TODAY = min(today() + timedelta(days=self.random.randint(1, 90)), date(2027, 6, 30))
        self.forward(who)

    def turn(self, who: int) -> None:
        """Whoever may sends it back, refuses it or takes it back."""
        request, move = self.request(who), self.random.choice([Move.SEND_BACK, Move.REFUSE, Move.RETRACT])
        if request is not None and request.is_open:
            self.attempt(request, move, self.entitled(request, move), note="材料不符")

    def anybody(self, who: int) -> None:
        """Anybody tries anything, from a page that may be old."""
        request, move = self.request(who), self.random.choice([m for m in Move if m != Move.STRIKE])
        by, old = self.world.user(*self.random.choice(SEATS)), self.random.random() < 0.3
        if request is not None:
            self.attempt(request, move, by, note="试试", seen=request.version - old)

    def entitled(self, request: Request, move: str):
        """Who may make a move where it can be made at all."""
        if move in (Move.SUBMIT, Move.RETRACT) or request.state != State.PENDING:
            return self.world.registrar(request.school.code)
        return decider(self.world, request)

    def attempt(self, request: Request, move: str, by, *, note: str, seen: int | None = None) -> bool:
        """One move: done by whoever may, as the table of the chain says; refused otherwise, and nothing is changed then."""
        fresh = seen is None or seen == request.version
        exists = state_after(request.state, move, last_step=False) is not None and move != Move.RECORD
        offices = {Role.COUNTY_HEAD: Role.COUNTY_REVIEWER}
        mine = by == self.entitled(request, move) or (
            request.state == State.PENDING
            and move not in (Move.SUBMIT, Move.RETRACT)
            and by.username.partition("-")[0] in offices
            and by.username.partition("-")[2] == request.turn_organisation.code
        )
        try:
            done = advance(request=request, move=move, by=by, note=note, seen=seen)
        except Refusal as refusal:
            assert Request.objects.get(pk=request.pk).version == request.version
            if fresh and exists and mine:
                assert move in (Move.SUBMIT, Move.APPROVE), refusal.message
                assert refusal.rule or any(w in refusal.message for w in ("图像存疑", "尚未核对")), refusal.message
                assert refusal.rule is None or refusal.rule.startswith(
                    (f"{request.kind}.", "change.", "key_info.id_taken")
                )
                tally.update([f"refused {refusal.rule}"])
            return False
        assert fresh and exists and mine, (request.state, move, by)
        assert done.state == state_after(request.state, move, last_step=done.state == State.APPROVED)
        tally.update([f"{request.kind} {done.state}"])
        return True

    def holds(self):
        """What holds at every moment."""
        requests = list(Request.objects.prefetch_related("entries").select_related("school"))
        steps = Step.objects.order_by("round", "position")
        for request in requests:
            whole([s for s in steps if s.request_id == request.pk], request)
            timed(request)
        keys = Counter(r.lock_key for r in requests if r.state in OPEN)
        assert not keys or max(keys.values()) == 1
        enrolments = list(Enrolment.objects.all())
        active = Counter((e.student_id, e.bucket) for e in enrolments if e.ends_on is None)
        assert not active or max(active.values()) == 1
        statuses, grades = list(EnrolmentStatus.objects.all()), list(EnrolmentGrade.objects.all())
        for enrolment in enrolments:
            known = self.endings.setdefault(enrolment.pk, enrolment.ending)
            assert known in ("", enrolment.ending), "what has ended does not end again, nor begin"
            self.endings[enrolment.pk] = enrolment.ending
            for rows in (statuses, grades):
                follow_each_other(
                    [r for r in rows if r.enrolment_id == enrolment.pk], open_rows=enrolment.ends_on is None
                )
        facts = list(KeyFacts.objects.all())
        for student in self.people:
            follow_each_other([f for f in facts if f.student_id == student], open_rows=True)
        for change in Request.objects.filter(kind="resumption", state=State.APPROVED).select_related(
            "change__enrolment"
        ):
            gone = change.change.enrolment
            assert gone.ending not in FOR_GOOD or gone.ends_on >= change.closed_on


def whole(steps: list[Step], request: Request) -> None:
    """Open or closed, never both; one desk at a time, and the desk whose turn it is; the steps taken in their order."""
    is_open = request.state in OPEN
    assert is_open == (request.closed_on is None) == (request.turn_organisation_id is not None)
    assert is_open == bool(request.turn_permission)
    mine = [s for s in steps if s.round == request.round]
    taken = [s.decided_at is not None for s in mine]
    assert taken == sorted(taken, reverse=True), "no step before its turn"
    if request.state == State.PENDING:
        step = mine[taken.index(False)]
        turn = (request.turn_organisation_id, request.turn_permission, request.turn_level)
        assert turn == (step.organisation_id, step.permission, step.level)
    elif is_open:
        assert (request.turn_organisation_id, request.turn_level) == (request.school_id, "school")
    if request.state == State.APPROVED:
        assert taken and all(taken)
    people = [s.decided_by_id for s in mine if s.decided_by_id]
    assert len(people) == len(set(people)) and request.submitted_by_id not in people


def timed(request: Request) -> None:
    """The clock runs while it is at a desk above, rests while it lies with the school, and has stopped when it is closed."""
    clock = clock_of(request, today())
    assert (clock is None) == (request.submitted_on is None)
    if clock is None:
        return
    assert clock.days_used is None or clock.days_used >= 0
    assert (clock.running, clock.paused, clock.closed) == (
        request.state == State.PENDING, request.state == State.RETURNED, request.state not in OPEN,
    )  # fmt: skip
    for before, after in zip(clock.stretches, clock.stretches[1:], strict=False):
        assert before.to is not None and before.to <= after.after, "never on two desks"
    assert (request.due_on is not None) <= (request.state == State.PENDING)


def follow_each_other(rows: list, *, open_rows: bool) -> None:
    """Dated rows in the order in which they were written: none begins before the one before it has ended."""
    rows = sorted(rows, key=lambda r: r.pk)
    assert [r.valid_to is None for r in rows] == [False] * (len(rows) - 1) + [open_rows]
    for row in rows:
        assert row.valid_to is None or row.valid_to >= row.valid_from
    for before, after in zip(rows, rows[1:], strict=False):
        assert before.valid_to <= after.valid_from


def test_whatever_is_tried_what_must_hold_holds(world, settings):
    announce_terms(world)
    world.day = DAY - timedelta(days=3)
    # One layer of settings, which each day of each history changes: a layer a day grows too deep.
    settings.DEMO_TODAY = world.day
    whom = ((COUNTY_SCHOOL, 11, "马小明"), (OTHER_SCHOOL, 11, "马小红"), (COUNTY_SCHOOL, 12, "马小军"))
    people = [
        pupil(world, school, grade=grade, stage="senior", serial=40 + n, name=name).student_id
        for n, (school, grade, name) in enumerate(whom)
    ]
    tally.clear()
    for number in range(EXAMPLES):
        try:
            History(world, conf.settings, people, number).play()
        except BaseException as error:
            error.add_note(f"history {number}")
            raise
    # The histories must reach ends, not only beginnings: 3,000 of them ended three in ten with an approval.
    assert sum(n for what, n in tally.items() if what.endswith(" approved")) >= EXAMPLES // 4, tally
