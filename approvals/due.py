"""Due dates: computed from events and calendar, copied onto the request so that a queue can be sorted."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from approvals.calendar import Calendar
from approvals.calendars import Calendars, calendars
from approvals.clock import Clock, ClockEvent, ClockRule, Happening, read_clock
from approvals.enums import OPEN, Move, State
from approvals.kinds import kind_named
from approvals.models import DueChange, Request
from approvals.turns import Course, OfficeClock, office_clocks, standing
from linxia_xueji.dates import now, today
from linxia_xueji.models import Organisation

NATIONAL = "national"
"""The value of clock.ends_with under which 国网办结 ends the clock."""


def happenings(
    moves: Iterable[tuple[str, date]], *, applied_on: date | None, closed_on: date | None
) -> list[ClockEvent]:
    """What the clock counts from: application, sending back, coming in again, the last decision.

    :param moves: move and day of each entry, in order.
    """
    found: list[ClockEvent] = []
    for move, on in moves:
        if move == Move.SUBMIT:
            kind, day = (Happening.RESUME, on) if found else (Happening.START, applied_on or on)
            found.append(ClockEvent(kind, day))
        elif move == Move.SEND_BACK:
            found.append(ClockEvent(Happening.PAUSE, on))
    if found and closed_on:
        found.append(ClockEvent(Happening.CLOSE, closed_on))
    return found


def clock_at(course: Course, on: date, calendar: Calendar) -> Clock | None:
    """The clock on a day under the settings a request began with; None before its first submission."""
    if limit := days_per_office(course.kind, course.policy):
        return standing(_of_offices(course, on, calendar, limit), course.school)
    events = happenings(course.moves, applied_on=course.applied_on, closed_on=course.ended_on)
    if not events:
        return None
    return read_clock(events, calendar, today=on, limit=course.policy.get("clock.days", 10), rule=_rule(course.policy))


def _of_offices(course: Course, on: date, calendar: Calendar, limit: int) -> tuple[OfficeClock, ...]:
    return office_clocks(course, calendar, today=on, limit=limit, rule=_rule(course.policy))


def _rule(policy: Mapping[str, Any]) -> ClockRule:
    return ClockRule(policy.get("clock.send_back", "pause"))


def days_per_office(kind: str, policy: Mapping[str, Any]) -> int:
    """How many working days each office on the way has of its own; 0 where one clock counts for all of them."""
    setting = kind_named(kind).per_office
    return policy.get(setting, 0) if setting else 0


def ends_nationally(kind: str, policy: Mapping[str, Any]) -> bool:
    """Whether the clock of an approved request runs on until it is done in the national system (国网办结)."""
    return kind_named(kind).done_nationally and policy.get("clock.ends_with") == NATIONAL


def limit_words(kind: str, policy: Mapping[str, Any]) -> str:
    """How long the law gives: 10个工作日, or so many to each office."""
    each = days_per_office(kind, policy)
    return f"每个环节单位各{each}个工作日" if each else f"{policy.get('clock.days', 10)}个工作日"


def ended_on(
    *, kind: str, state: str, closed_on: date | None, nationally_on: date | None, policy: Mapping[str, Any]
) -> date | None:
    """The day on which the clock stopped; None while it runs."""
    return nationally_on if state == State.APPROVED and ends_nationally(kind, policy) else closed_on


def course_of(request: Request) -> Course:
    """What the clock of a request with its entries is read from."""
    return Course(
        kind=request.kind, school=request.school_id, applied_on=request.applied_on,
        moves=tuple((entry.move, entry.on) for entry in request.entries.all()), policy=request.policy,
        ended_on=ended_on(
            kind=request.kind, state=request.state, closed_on=request.closed_on, nationally_on=request.nationally_on,
            policy=request.policy,
        ),
        route=tuple(step["organisation"] for step in request.route),
    )  # fmt: skip


def events_of(request: Request) -> list[ClockEvent]:
    """The happenings of a request with its entries."""
    course = course_of(request)
    return happenings(course.moves, applied_on=course.applied_on, closed_on=course.ended_on)


def clock_of(request: Request, on: date, calendar: Calendar | None = None) -> Clock | None:
    """The clock of a request on a day."""
    course = course_of(request)
    return clock_at(course, on, calendar or calendars().of(request.school)) if course.moves else None


def offices_of(request: Request, on: date) -> tuple[OfficeClock, ...]:
    """The clock of each office that has had it; none where one clock counts for all."""
    course = course_of(request)
    limit = days_per_office(course.kind, course.policy)
    return _of_offices(course, on, calendars().of(request.school), limit) if limit and course.moves else ()


def copy_due(request: Request, on: date, calendar: Calendar | None = None) -> None:
    """Copy due date and its standing onto the request (not saved)."""
    counted = clock_of(request, on, calendar)
    waits = request.state == State.PENDING or (request.state == State.APPROVED and counted and not counted.closed)
    request.due_on = counted.due if counted and waits else None
    request.due_review = bool(counted and counted.review)
    if counted and request.state in (State.APPROVED, State.REFUSED):
        request.closed_on_time = counted.on_time


def done_nationally(request: Request, on: date, nationally_on: date) -> None:
    """The day of 国网办结 is known: the clock stops there where the settings of the request say so."""
    request.awaits_national = False
    if ends_nationally(request.kind, request.policy):
        request.nationally_on = nationally_on
        copy_due(request, on)
    request.save(update_fields=["awaits_national", "nationally_on", "due_on", "due_review", "closed_on_time"])


@transaction.atomic
def recompute_due(*, organisation: Organisation | None, why: str) -> int:
    """After a change of the calendar at an organisation (None: everywhere): open due dates follow and each says why. Returns how many moved."""
    moved, known = 0, Calendars()
    for request in _open_below(organisation).prefetch_related("entries").select_for_update(of=("self",)):
        before = request.due_on
        copy_due(request, today(), known.of(request.school))
        if request.due_on != before:
            DueChange.objects.create(request=request, before=before, after=request.due_on, why=why, at=now())
            moved += 1
        request.save(update_fields=["due_on", "due_review"])
    return moved


RUNNING_ON = Q(awaits_national=True, policy__contains={"clock.ends_with": NATIONAL})
"""Approved, not yet done in the national system, and the clock runs until it is."""


def _open_below(organisation: Organisation | None) -> Iterable[Request]:
    """What is open, and what is approved with its clock running on."""
    requests = Request.objects.filter(Q(state__in=OPEN) | RUNNING_ON, submitted_on__isnull=False)
    requests = requests.select_related("school__parent__parent__parent")
    return requests if organisation is None else requests.filter(**{organisation.level: organisation})
