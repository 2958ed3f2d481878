"""As-of answers equal a replay of all events up to that day: random lives of a student, EXAMPLES of them (bin/prove: 3,000)."""

import os
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from django.db import transaction

from linxia_xueji.dates import SHANGHAI, now
from linxia_xueji.enums import Stage
from linxia_xueji.models import Organisation
from registry.as_of import enrolled, held, register_on
from registry.deeds import end_enrolment, enrol, set_circumstances, set_grade, set_key_facts, set_status
from registry.enums import Ending
from registry.models import Circumstances, Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts, Student
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, id_number

EXAMPLES, STEPS = int(os.environ.get("EXAMPLES", "5")), 12
FIRST = date(2025, 9, 1)


def end_of(day: date) -> datetime:
    """The last moment of a day in Linxia."""
    return datetime.combine(day, time.max, SHANGHAI)


@dataclass
class Line:
    """One fact or enrolment as the replay knows it: what, from when to when."""

    what: object
    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on the day; on its last day it does not."""
        return self.first <= day and (self.last is None or day < self.last)


@dataclass
class Replay:
    """All events in the order in which they were recorded, told again up to any moment: knows neither tables nor queries."""

    events: list[tuple[date, str, object, date]] = field(default_factory=list)

    def told(self, known: date) -> dict[str, list[Line]]:
        """The lines there were at the end of that day."""
        lines: dict[str, list[Line]] = {sort: [] for sort in ("enrolment", "status", "grade", "facts", "circumstances")}
        for recorded, sort, what, day in self.events:
            if recorded > known:
                break
            if sort == "end":
                last = max(day, lines["enrolment"][-1].first)
                for ended in ("enrolment", "status", "grade", "circumstances"):
                    for line in lines[ended]:
                        line.last = line.last or max(last, line.first)
            elif sort == "enrolment":
                lines[sort].append(Line(what, day))
            else:
                open_ = [line for line in lines[sort] if line.last is None]
                for line in open_:
                    day = line.last = max(day, line.first)
                lines[sort].append(Line(what, day))
        return lines

    def answers(self, day: date, known: date) -> dict[str, list[object]]:
        """What held on a day as it was known at the end of another."""
        return {sort: [line.what for line in lines if line.holds(day)] for sort, lines in self.told(known).items()}


def asked(student: Student, day: date, known: datetime | None) -> dict[str, list[object]]:
    """The same of the register."""
    own = {"enrolment__student": student}
    return {
        "enrolment": list(register_on(day, known).filter(student=student).values_list("school__code", flat=True)),
        "status": list(EnrolmentStatus.objects.filter(held(day, known), **own).values_list("status", flat=True)),
        "grade": list(EnrolmentGrade.objects.filter(held(day, known), **own).values_list("grade", flat=True)),
        "facts": list(KeyFacts.objects.filter(held(day, known), student=student).values_list("name", flat=True)),
        "circumstances": list(Circumstances.objects.filter(held(day, known), **own).values_list("boarding", flat=True)),
    }


class Life:
    """A student to whom things happen, some of them recorded late and some ahead of their day."""

    def __init__(self, number: int, portal):
        self.random, self.portal, self.replay = Random(number), portal, Replay()  # noqa: S311
        self.student = Student.objects.create(recorded_at=now())
        self.enrolment: Enrolment | None = None

    def step(self) -> None:
        """Some days later one thing more."""
        self.portal.DEMO_TODAY += timedelta(days=self.random.randint(0, 40))
        day = max(FIRST, self.portal.DEMO_TODAY + timedelta(days=self.random.randint(-30, 10)))
        if self.enrolment is None:
            return self.enrol(day)
        deed = self.random.choice(("status", "grade", "facts", "circumstances", "status", "grade", "end"))
        return getattr(self, deed)(day)

    def note(self, sort: str, what: object, day: date) -> None:
        """Remember it for the replay."""
        self.replay.events.append((self.portal.DEMO_TODAY, sort, what, day))

    def enrol(self, day: date) -> None:
        code, grade = self.random.choice((COUNTY_SCHOOL, OTHER_SCHOOL)), self.random.randint(10, 12)
        school = Organisation.objects.get(code=code)
        self.enrolment = enrol(
            student=self.student, school=school, stage=Stage.SENIOR, entry_year=2025, grade=grade, school_class="1班",
            on=day, by=None,
        )  # fmt: skip
        self.note("enrolment", code, day)
        self.note("status", "enrolled", day)
        self.note("grade", grade, day)

    def status(self, day: date) -> None:
        value = self.random.choice(("enrolled", "suspended"))
        set_status(self.enrolment, value, valid_from=day, by=None)
        self.note("status", value, day)

    def grade(self, day: date) -> None:
        value = self.random.randint(10, 12)
        set_grade(self.enrolment, value, "2班", valid_from=day, by=None)
        self.note("grade", value, day)

    def facts(self, day: date) -> None:
        name = self.random.choice(("马小明", "马晓明", "马明"))
        values = {
            "name": name,
            "sex": "1",
            "ethnicity": "03",
            "birth_date": date(2010, 3, 5),
            "id_number": id_number(1),
        }
        set_key_facts(self.student.pk, values, valid_from=day, by=None)
        self.note("facts", name, day)

    def circumstances(self, day: date) -> None:
        value = self.random.choice(("1", "2"))
        set_circumstances(self.enrolment, {"boarding": value}, valid_from=day, by=None)
        self.note("circumstances", value, day)

    def end(self, day: date) -> None:
        end_enrolment(self.enrolment, ending=Ending.TRANSFERRED, on=day)
        self.note("end", None, day)
        self.enrolment = None


def active_rows(answers: dict[str, list[object]]) -> dict[str, list[object]]:
    """What is said of an enrolment that is active: what a row says beyond its enrolment's days nobody is told."""
    return {sort: sorted(found, key=str) for sort, found in answers.items() if answers["enrolment"] or sort == "facts"}


@pytest.mark.parametrize("number", range(EXAMPLES))
def test_as_of_answers_equal_a_replay_of_the_events(world, settings, number):
    settings.DEMO_TODAY = FIRST
    with transaction.atomic():
        life = Life(number, settings)
        for _ in range(STEPS):
            life.step()
        until = settings.DEMO_TODAY
        for _ in range(20):
            day = FIRST + timedelta(days=life.random.randint(-3, (until - FIRST).days + 20))
            known = FIRST + timedelta(days=life.random.randint(0, (until - FIRST).days))
            expected = life.replay.answers(day, known)
            assert active_rows(asked(life.student, day, end_of(known))) == active_rows(expected), (day, known)
        assert active_rows(asked(life.student, until, None)) == active_rows(life.replay.answers(until, until))


def test_the_first_day_counts_and_the_day_of_the_end_does_not(world, settings):
    settings.DEMO_TODAY = date(2026, 3, 1)
    life = Life(1, settings)
    life.enrol(FIRST)
    life.end(date(2026, 2, 1))
    mine = Enrolment.objects.filter(student=life.student)
    found = {day: mine.filter(enrolled(day)).exists() for day in (FIRST, date(2026, 1, 31), date(2026, 2, 1))}
    assert found == {FIRST: True, date(2026, 1, 31): True, date(2026, 2, 1): False}
    assert not mine.filter(enrolled(date(2025, 8, 31))).exists()
    assert mine.filter(enrolled(FIRST, end_of(date(2026, 3, 1)))).exists()
    assert not mine.filter(enrolled(FIRST, end_of(date(2026, 2, 28)))).exists(), "it was not known yet"
