"""Drawing classes and students: whoever draws again with the same seed from the same day finds the same ones.

The draw orders by a hash of the seed and what is drawn, not by a generator of the language: it is the same for ever, and what is
drawn at one school does not hang on which others are in the round.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from linxia_xueji.models import Organisation
from registry.as_of import enrolled, held
from registry.enums import EnrolmentState
from registry.models import EnrolmentGrade, EnrolmentStatus, KeyFacts


@dataclass(frozen=True)
class Drawn:
    """A student who is drawn."""

    enrolment: int
    name: str
    grade: int
    school_class: str


def drawn(
    things: Iterable[Any], count: int, seed: int, school: str, key: Callable[[Any], Any] = lambda thing: thing
) -> list[Any]:
    """So many of the things, by the hash of seed, school and what a thing is known by."""

    def place(thing) -> str:
        return sha256(f"{seed}|{school}|{key(thing)}".encode()).hexdigest()

    return sorted(things, key=place)[:count]


def _in_class(school: int | OuterRef, on: date) -> QuerySet[EnrolmentGrade]:
    """Who sits in a class on a day: in 在读 there, neither suspended nor awaited from elsewhere."""
    reads = EnrolmentStatus.objects.filter(held(on), enrolment=OuterRef("enrolment"), status=EnrolmentState.ENROLLED)
    return EnrolmentGrade.objects.filter(
        held(on), enrolled(on, prefix="enrolment__"), Exists(reads), enrolment__school=school, enrolment__pending=False
    )


def schools_with_students(schools: QuerySet[Organisation], on: date) -> QuerySet[Organisation]:
    """Those of the schools that have somebody to be seen on a day."""
    return schools.filter(Exists(_in_class(OuterRef("pk"), on)))


def draw(school: Organisation, *, on: date, seed: int, classes: int, students: int) -> list[Drawn]:
    """The students of a school, class by class."""
    rows = _in_class(school.pk, on)
    there = sorted(set(rows.values_list("grade", "school_class")))
    chosen = sorted(drawn(there, classes, seed, school.code))
    names = KeyFacts.objects.filter(held(on), student=OuterRef("enrolment__student")).order_by("-valid_from")
    found: list[Drawn] = []
    for grade, school_class in chosen:
        pupils = rows.filter(grade=grade, school_class=school_class).annotate(named=Subquery(names.values("name")[:1]))
        lines = sorted(pupils.values_list("enrolment", "named"))
        picked = drawn(lines, students, seed, school.code, key=lambda line: line[0])
        found += [Drawn(enrolment, name or "", grade, school_class) for enrolment, name in sorted(picked)]
    return found
