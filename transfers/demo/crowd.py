"""The part of 学籍变动 in the large demonstration: requests of every business, some hundreds of them on desks, as rows."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from approvals.enums import State
from approvals.kinds import Kind, Stop, kind_named
from approvals.models import Season, Term
from linxia_xueji.enums import Level, Role, Stage
from linxia_xueji.models import FileUse, Organisation, User
from registry.demo.scale.copying import follow_ids, next_id
from registry.demo.scale.crowd import Crowd
from registry.demo.scale.past import Way, at
from registry.enums import Ending
from registry.models import Enrolment, KeyFacts
from transfers.demo.crowd_effects import Effects
from transfers.demo.crowd_particulars import Pupil, particulars
from transfers.demo.crowd_rows import Rows
from transfers.enums import Direction
from transfers.models import Change
from transfers.routes import BUILT_IN, Party, RouteStep, case_of, stops_of

MIX = (
    "transfer", "suspension", "key_info", "transfer", "withdrawal", "suspension", "transfer", "key_info", "incoming", "abroad",
    "suspension", "key_info", "transfer", "withdrawal", "suspension", "outgoing", "key_info", "expulsion", "suspension", "death",
)  # fmt: skip
"""What is applied for in turn; a suspension is followed by its resumption."""
OPEN_EVERY = 101
"""Of so many changes one is on a desk; no divisor in common with the mix, so that every business has some."""
GRANTED, RETRACTED = 0.11, 0.2
"""Shares of the others; the rest were refused, a suspension granted where the student is long enough here."""
ENDINGS = {
    "outgoing": Ending.TRANSFERRED, "withdrawal": Ending.WITHDRAWN, "expulsion": Ending.EXPELLED, "death": Ending.DIED,
}  # fmt: skip
STRETCH = 20_000
"""Changes written at a time."""


def fill(crowd: Crowd) -> None:
    """Terms, then the changes of the students of all schools that have a head to decide them."""
    _terms(crowd)
    _Filling(crowd).all()


def _terms(crowd: Crowd) -> None:
    """Of this school year and the three before, for everybody: without them nothing is judged."""
    prefecture = Organisation.objects.get(level=Level.PREFECTURE)
    by, _ = crowd.offices.people[Role.CENTRE, prefecture.code]
    Term.objects.bulk_create(
        Term(
            organisation=prefecture, stage=stage, school_year=year, season=season, starts_on=first, ends_on=last,
            document_number=f"{year}校历1号（示例）", entered_by_id=by, recorded_at=at(date(year, 7, 1)),
        )
        for year in range(crowd.season - 3, crowd.season + 1)
        for stage in Stage
        for season, first, last in (
            (Season.AUTUMN, date(year, 8, 31), date(year + 1, 1, 15)),
            (Season.SPRING, date(year + 1, 2, 26), date(year + 1, 7, 10)),
        )
    )  # fmt: skip


class _Filling:
    """The state of one filling."""

    def __init__(self, crowd: Crowd):
        self.crowd, self.random, self.today = crowd, crowd.random, crowd.today
        self.change, self.made, self.place = next_id(Change), 0, 0
        prefecture = Organisation.objects.get(level=Level.PREFECTURE)
        by, _ = crowd.offices.people[Role.CENTRE, prefecture.code]
        self.rows = Rows(prefecture, User.objects.get(pk=by))
        self.effects = Effects(next_id(KeyFacts), next_id(Enrolment))
        heads = {code for role, code in crowd.offices.people if role == Role.HEAD}
        every = [s for schools in crowd.offices.schools.values() for s in schools if s.code in heads]
        self.schools = {school.pk: school for school in every}
        self.others = [s for s in crowd.offices.schools[Stage.SENIOR] if s.code in heads]
        self.findings: dict[str, list[dict[str, Any]]] = {}

    def all(self) -> None:
        """Student after student, evenly over all schools, until there are as many requests as wanted."""
        pupils = list(self._pupils())
        step = len(pupils) / self.crowd.count
        while self.made < self.crowd.count:
            self._one(pupils[int(self.place * step)])
            if self.place % STRETCH == 0:
                self._flush()
        self._flush()
        follow_ids(Change, FileUse, KeyFacts, Enrolment)

    def _pupils(self) -> Iterator[Pupil]:
        """Senior students enrolled today, in the order of their enrolment."""
        found = Enrolment.objects.filter(
            stage=Stage.SENIOR, ends_on=None, school__in=self.schools, student__key_facts__valid_to=None
        )
        columns = ("pk", "student", "school", "entry_year", *(f"student__key_facts__{n}" for n in Pupil.FACTS))
        for pk, student, school, year, *facts in found.order_by("pk").values_list(*columns):
            yield Pupil(pk, student, self.schools[school], year, *facts)

    def _one(self, pupil: Pupil) -> None:
        """What this student applies for, and what became of it; two requests where a suspension was granted."""
        place, self.place = self.place, self.place + 1
        what = MIX[place % len(MIX)]
        if place % OPEN_EVERY == 1:
            self._open(pupil, what, place // OPEN_EVERY)
        elif what == "suspension" and self._was_here(pupil) and self.crowd.count - self.made > 1:
            self._away_and_back(pupil)
        elif (chance := self.random.random()) < GRANTED:
            self._granted(pupil, what)
        else:
            span = max(1, (self.today - pupil.since).days - 12)
            day = pupil.since + timedelta(days=self.random.randrange(span))
            if chance > 1 - RETRACTED:
                self._file(pupil, what, day, State.RETRACTED)
            else:
                self._file(pupil, what, day, State.REFUSED, decided=1 + place % 2)

    def _was_here(self, pupil: Pupil) -> bool:
        """Long enough to have been away and back."""
        return pupil.since < self.today - timedelta(days=240)

    def _open(self, pupil: Pupil, what: str, turn: int) -> None:
        """On a desk, the steps in turn; of every second suspension the resumption, the student being away."""
        day = self.today - timedelta(days=2 + turn % 4)
        if what == "suspension" and turn % 2 and self.crowd.count - self.made > 1:
            left = self.today - timedelta(days=15)
            self._file(pupil, what, left, State.APPROVED)
            self.effects.status(pupil, "suspended", left)
            what = "resumption"
        self._file(pupil, what, day, State.PENDING, decided=turn // len(MIX))

    def _away_and_back(self, pupil: Pupil) -> None:
        away = pupil.since + timedelta(days=self.random.randrange((self.today - pupil.since).days - 200))
        back = away + timedelta(days=120 + self.random.randrange(60))
        self._file(pupil, "suspension", away, State.APPROVED)
        self._file(pupil, "resumption", back, State.APPROVED)
        self.effects.status(pupil, "suspended", away, back)

    def _granted(self, pupil: Pupil, what: str) -> None:
        """With its effect, which falls into these weeks: of former years the register made here keeps no grades.

        Inside the prefecture the student is another school's from then on, and what is told here of that one ends.
        """
        day = self.today - timedelta(days=10 + self.random.randrange(4))
        before = self.effects.key_facts(pupil, day) if what == "key_info" else None
        self._file(pupil, what, pupil.since if what == "incoming" else day, State.APPROVED, before=before)
        if what in ENDINGS:
            self.effects.end(pupil, ENDINGS[what], day)
        elif what == "transfer":
            self.effects.move(pupil, self._other(pupil), day)
        elif what in ("suspension", "abroad"):
            self.effects.status(pupil, "suspended", day)

    def _other(self, pupil: Pupil) -> Organisation:
        """The receiving school: the next one."""
        place = self.others.index(pupil.school)
        return self.others[(place + 1 + pupil.pk % 3) % len(self.others)]

    def _file(
        self, pupil: Pupil, what: str, day: date, state: State, *, decided: int = 0, before: int | None = None
    ) -> None:
        """One request with its change, particulars and, while it is open, its papers. :param decided: steps, taken modulo."""
        transfer = what in Direction.values or what == "transfer"
        code = "transfer" if transfer else what
        inside = what == "transfer"
        kind, school = kind_named(code), self._other(pupil) if inside else pupil.school
        way = self._way(code, pupil, school, outside=transfer and not inside)
        pk, self.change, self.made = self.change, self.change + 1, self.made + 1
        by, _ = self.crowd.offices.people[Role.REGISTRAR, school.code]
        national = self._national(day, state, by)
        request = self.crowd.past.add(
            school=school, kind=kind, subject=f"{pupil.name} {kind.label}", lock_key=f"student:{pupil.student}",
            year=day.year, day=day, state=state, decided=decided % len(way.stops) if state == State.PENDING else decided,
            findings=self._findings(kind), way=way, counterpart=pupil.school if inside else None,
            awaits_national=state == State.APPROVED and not national[0],
        )  # fmt: skip
        self.rows.change(pk, request, pupil, national)
        for model, row in particulars(what, pk, pupil, school, day, before):
            self.rows.add(model, row)
        if state == State.PENDING:
            self.rows.papers(pk, code, school, pupil.school if inside else None, at(day), by)

    def _national(self, day: date, state: State, by: int) -> tuple:
        """国网办结: day, person and who recorded it; what was approved lately still awaits it."""
        done = day + timedelta(days=10)
        return (done, "示例经办人", by) if state == State.APPROVED and done < self.today else (None, "", None)

    def _way(self, code: str, pupil: Pupil, school: Organisation, *, outside: bool) -> Way:
        """The built-in route."""
        same = school.division_id == pupil.school.division_id

        def stops() -> list[Stop]:
            case = case_of(code, Stage.SENIOR, outside=outside, same_county=same)
            steps = tuple(RouteStep.read(step) for step in BUILT_IN[code][case])
            return stops_of(steps, {Party.OWN: school, Party.RECEIVING: school, Party.SENDING: pupil.school})

        return self.crowd.past.way((code, outside, school.pk, pupil.school.pk), stops)

    def _findings(self, kind: Kind) -> list[dict[str, Any]]:
        """Every rule of the book, passed."""
        if kind.code not in self.findings:
            self.findings[kind.code] = [
                {"rule": r.id, "force": r.force, "broken": False, "clause": r.clause, "fact": "符合", "items": []}
                for r in kind.book.rules
            ]
        return self.findings[kind.code]

    def _flush(self) -> None:
        self.crowd.past.flush()
        self.effects.flush_facts()
        self.rows.flush()
        self.effects.flush()
