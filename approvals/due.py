"""Due dates: computed from events and calendar, copied onto the request so that a queue can be sorted."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from approvals.calendar import Calendar
from approvals.calendars import Calendars, calendars
from approvals.clock import Clock, ClockEvent, Happening, read_clock
from approvals.enums import OPEN, Move, State
from approvals.models import DueChange, Request
from linxia_xueji.dates import now, today
from linxia_xueji.models import Organisation


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


def clock_at(events: list[ClockEvent], on: date, calendar: Calendar, policy: Mapping[str, Any]) -> Clock | None:
    """The clock on a day under the settings a request began with; None before its first submission."""
    if not events:
        return None
    rule = policy.get("clock.send_back", "pause")
    return read_clock(events, calendar, today=on, limit=policy.get("clock.days", 10), rule=rule)


def events_of(request: Request) -> list[ClockEvent]:
    """The same of a request with its entries."""
    moves = ((entry.move, entry.on) for entry in request.entries.all())
    return happenings(moves, applied_on=request.applied_on, closed_on=request.closed_on)


def clock_of(request: Request, on: date, calendar: Calendar | None = None) -> Clock | None:
    """The clock of a request on a day."""
    events = events_of(request)
    return clock_at(events, on, calendar or calendars().of(request.school), request.policy) if events else None


def copy_due(request: Request, on: date, calendar: Calendar | None = None) -> None:
    """Copy due date and its standing onto the request (not saved)."""
    counted = clock_of(request, on, calendar)
    request.due_on = counted.due if counted and request.state == State.PENDING else None
    request.due_review = bool(counted and counted.review)
    if counted and request.state in (State.APPROVED, State.REFUSED):
        request.closed_on_time = counted.on_time


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


def _open_below(organisation: Organisation | None) -> Iterable[Request]:
    requests = Request.objects.filter(state__in=OPEN, submitted_on__isnull=False)
    requests = requests.select_related("school__parent__parent__parent")
    return requests if organisation is None else requests.filter(**{organisation.level: organisation})
