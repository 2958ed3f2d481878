"""Where the clock of each office on the way has days of its own: with whom a request lay from day to day. Pure.

教基〔2025〕1号 art. 15, as reported: receiving school, its authority, sending school and its authority each have 10
working days (clock.transfer_per_party). The day on which a request goes over still counts for the one who gives it, the
next working day is the first of the one who has it: no day counts for two. An office that has it again goes on counting
where it stopped; what sending back does to the count says `ClockRule`, as for the one clock of all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from approvals.calendar import Calendar
from approvals.clock import Clock, ClockEvent, ClockRule, Happening, read_clock
from approvals.enums import Move


@dataclass(frozen=True)
class Course:
    """What a clock is read from, the same of a request and of a line of a list.

    :param moves: move and day of each entry, in order. :param route: ids of the offices in the order of the steps;
        read only where each has days of its own.
    :param ended_on: the day on which the clock stops; None while it runs, which may be beyond the last decision.
    """

    kind: str
    school: int
    moves: tuple[tuple[str, date], ...]
    applied_on: date | None
    ended_on: date | None
    policy: Mapping[str, Any]
    route: tuple[int, ...] = ()


@dataclass(frozen=True)
class Turn:
    """From which day a request lay with an office; with nobody (None) while it was back and no clock ran."""

    office: int | None
    on: date
    anew: bool = False
    """Whether every office counts from the beginning again."""


@dataclass(frozen=True)
class OfficeClock:
    """The clock of one office: it stands still while the request lies with another."""

    office: int
    clock: Clock
    has_it: bool


def turns(course: Course, rule: ClockRule) -> list[Turn]:
    """The turns of a request in their order; none before its first submission.

    Until it is submitted, and after the last decision as long as the clock runs on, it lies with the school that applied.
    """
    found: list[Turn] = []
    place = 0
    for move, on in course.moves:
        if move == Move.SUBMIT:
            place = 0
            if not found:
                found.append(Turn(course.school, course.applied_on or on))
                found.append(Turn(course.route[0], on))
            else:
                found.append(Turn(course.route[0], on, anew=rule is ClockRule.RESTART))
        elif move == Move.SEND_BACK:
            found.append(Turn(course.school if rule is ClockRule.RUN_ON else None, on))
        elif move == Move.APPROVE and found:
            place += 1
            if place < len(course.route):
                found.append(Turn(course.route[place], on))
            elif course.ended_on != on:
                found.append(Turn(course.school, on))
    return found


def office_clocks(
    course: Course, calendar: Calendar, *, today: date, limit: int, rule: ClockRule
) -> tuple[OfficeClock, ...]:
    """One clock for each office that has had it by `today`, in the order in which they had it first.

    :param limit: working days each of them has.
    """
    events: dict[int, list[ClockEvent]] = {}
    holder: int | None = None
    for turn in turns(course, rule):
        if turn.on > today or (course.ended_on and turn.on > course.ended_on):
            break
        if turn.anew:
            events, holder = {}, None
        if turn.office == holder:
            continue
        if holder is not None:
            events[holder].append(ClockEvent(Happening.PAUSE, turn.on))
        if turn.office is not None:
            known = events.setdefault(turn.office, [])
            known.append(ClockEvent(Happening.RESUME if known else Happening.START, turn.on))
        holder = turn.office
    ended = course.ended_on if course.ended_on and course.ended_on <= today else None
    if ended:
        for known in events.values():
            known.append(ClockEvent(Happening.CLOSE, ended))
    return tuple(
        OfficeClock(office, read_clock(known, calendar, today=today, limit=limit), office == holder and not ended)
        for office, known in events.items()
    )


def standing(clocks: Sequence[OfficeClock], school: int) -> Clock | None:
    """The one clock that a list shows: of whoever has it; while it is back, of the school; once closed, the latest's.

    Closed, a request was in time where every office was.
    """
    if not clocks:
        return None
    if clocks[0].clock.closed:
        late = [c.clock for c in clocks if c.clock.overdue]
        unknown = [c.clock for c in clocks if c.clock.overdue is None]
        return (late or unknown or [clocks[-1].clock])[0]
    return next((c.clock for c in clocks if c.has_it), None) or next(
        (c.clock for c in clocks if c.office == school), clocks[0].clock
    )
