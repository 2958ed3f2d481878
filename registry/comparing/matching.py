"""Who is who in three books, and in what they differ. Pure: no database, no clock.

By 全国学籍号, then by identity number; name, sex and birth date alone only make a suggestion.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from registry.comparing.enums import FILES, DifferenceKind, System
from registry.comparing.fields import COMPARED

NOT_READ = "（未比对）"
"""Told of a book that has the student, but not the column, or a cell that cannot be read."""


class Facts(NamedTuple):
    """What one book says of a student, in the words in which it is compared and shown.

    Of a field: None where the book does not have the column or the cell cannot be read, "" where it is empty.
    `owner` is the id of the office that answers for it, 0 where it is not known.
    """

    row: int
    national_number: str | None
    id_number: str | None
    name: str | None
    sex: str | None
    birth: str | None
    ethnicity: str | None
    school: str | None
    grade: str | None
    status: str | None
    owner: int = 0
    enrolment: int = 0

    @property
    def likeness(self) -> tuple[str, str, str] | None:
        """Name, sex and birth date, where all are there."""
        return (self.name, self.sex, self.birth) if self.name and self.sex and self.birth else None


@dataclass(slots=True, eq=False)
class Person:
    """What the books say of one student; `twice` are the rows of a file that came after the first."""

    sides: dict[System, Facts] = field(default_factory=dict)
    twice: dict[System, list[int]] = field(default_factory=dict)

    def known_by(self) -> list[str]:
        """What identifies the student, the best first: numbers, then identity numbers, else name, sex and birth date."""
        sides = [self.sides[s] for s in System if s in self.sides]
        found = [f"n{s.national_number}" for s in sides if s.national_number]
        found += [f"i{s.id_number}" for s in sides if s.id_number]
        return list(dict.fromkeys(found)) or [f"p{side.name}|{side.sex}|{side.birth}" for side in sides[:1]]


class Found(NamedTuple):
    """One difference; the values of the books, None where a book does not have the student."""

    person: Person
    kind: DifferenceKind
    field: str
    values: tuple[str | None, str | None, str | None]


class Likely(NamedTuple):
    """Two records of different books that share name, sex and birth date and no number."""

    left: Person
    right: Person


Confirmed = Iterable[tuple[Facts, Facts]]
"""Pairs a person has said are one: what the books said of each."""


def match(books: dict[System, Sequence[Facts]], confirmed: Confirmed = ()) -> list[Person]:
    """Everybody in any of the books, once."""
    people: list[Person] = []
    numbers: dict[str, Person] = {}
    ids: dict[str, Person] = {}
    for system, rows in books.items():
        rest = []
        for facts in rows:
            person = numbers.get(facts.national_number) if facts.national_number else None
            if person is None or system in person.sides:
                rest.append(facts)
            else:
                person.sides[system] = facts
                if facts.id_number:
                    ids.setdefault(facts.id_number, person)
        for facts in rest:
            _place(system, facts, people, numbers, ids)
    _join(people, numbers, ids, confirmed)
    return [person for person in people if person.sides]


def _place(system: System, facts: Facts, people: list[Person], numbers: dict, ids: dict) -> None:
    person = (numbers.get(facts.national_number) if facts.national_number else None) or (
        ids.get(facts.id_number) if facts.id_number else None
    )
    if person is None:
        person = Person()
        people.append(person)
    if system in person.sides:
        person.twice.setdefault(system, []).append(facts.row)
        return
    person.sides[system] = facts
    if facts.national_number:
        numbers.setdefault(facts.national_number, person)
    if facts.id_number:
        ids.setdefault(facts.id_number, person)


def _join(people: list[Person], numbers: dict, ids: dict, confirmed: Confirmed) -> None:
    """What a person said is one is one, where both are still there and neither has the other's book."""
    for pair in confirmed:
        left, right = (numbers.get(f.national_number) or ids.get(f.id_number) for f in pair)
        if left and right and left is not right and not left.sides.keys() & right.sides.keys():
            left.sides |= right.sides
            left.twice |= right.twice
            right.sides = {}


def differences(person: Person) -> list[Found]:
    """In what the books differ about one student; nothing where all that have the student agree."""
    sides, found = person.sides, []
    national, provincial, register = (sides.get(system) for system in System)
    presence = _presence(national, provincial, register)
    if presence:
        found.append(
            Found(
                person,
                presence,
                "",
                tuple(None if s is None else s.school or "" for s in (national, provincial, register)),
            )
        )
    if len(sides) > 1:
        found += _unequal(person, national, provincial, register)
    for system, rows in person.twice.items():
        if system in FILES:
            found.append(Found(person, DifferenceKind.TWICE, system.value, _rows_of(person, system, rows)))
    return found


def _presence(national: Facts | None, provincial: Facts | None, register: Facts | None) -> DifferenceKind | None:
    if national and provincial:
        return None if register else DifferenceKind.NOT_HERE
    if national:
        return DifferenceKind.ONLY_NATIONAL
    return DifferenceKind.ONLY_PROVINCIAL if provincial else DifferenceKind.ONLY_REGISTER


def _unequal(person: Person, *sides: Facts | None) -> list[Found]:
    """An empty cell of an export differs from a filled one; what our own register does not know yet differs from nothing."""
    found = []
    there = [side for side in sides if side]
    first = there[0][1:10]
    if all(side[1:10] == first for side in there[1:]):
        return found
    for place, key in enumerate(COMPARED, 1):
        values = [side and side[place] for side in sides]
        held = {v for v in values[:2] if v is not None} | ({values[2]} if values[2] else set())
        if len(held) > 1:
            kind = {"status": DifferenceKind.STATUS, "grade": DifferenceKind.GRADE}.get(key, DifferenceKind.FIELD)
            told = (None if side is None else NOT_READ if side[place] is None else side[place] for side in sides)
            found.append(Found(person, kind, key, tuple(told)))
    return found


def _rows_of(person: Person, system: System, rows: list[int]) -> tuple[str | None, str | None, str | None]:
    told = f"第{'、'.join(str(row) for row in (person.sides[system].row, *rows))}行"
    return (told, None, None) if system == System.NATIONAL else (None, told, None)


def likely(people: Iterable[Person]) -> list[Likely]:
    """Who of those missing in one book may be somebody missing in another: of the same name, sex and birth date."""
    by_likeness: dict[tuple, list[Person]] = defaultdict(list)
    for person in people:
        if len(person.sides) < len(System):
            side = next(iter(person.sides.values()))
            if side.likeness:
                by_likeness[side.likeness].append(person)
    return [
        Likely(left, right)
        for group in by_likeness.values()
        for number, left in enumerate(group)
        for right in group[number + 1 :]
        if not left.sides.keys() & right.sides.keys()
    ]
