"""Due dates: computed from events and calendar, copied onto the request so that a queue can be sorted."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from approvals.calendar import Calendar
from approvals.calendar_queries import calendar_for
from approvals.clock import Clock, ClockEvent, Happening, read_clock
from approvals.enums import OPEN, Move, State
from approvals.models import DueChange, Request
from linxia_xueji.dates import now, today
from linxia_xueji.models import Organisation


def events_of(request: Request) -> list[ClockEvent]:
    """What the clock counts from: application, sending back, coming in again, the last decision."""
    found: list[ClockEvent] = []
    for entry in request.entries.all():
        if entry.move == Move.SUBMIT:
            kind, day = (Happening.RESUME, entry.on) if found else (Happening.START, request.applied_on or entry.on)
            found.append(ClockEvent(kind, day))
        elif entry.move == Move.SEND_BACK:
            found.append(ClockEvent(Happening.PAUSE, entry.on))
    if found and request.closed_on:
        found.append(ClockEvent(Happening.CLOSE, request.closed_on))
    return found


def clock_of(request: Request, on: date, calendar: Calendar | None = None) -> Clock | None:
    """The clock of a request on a day, under the settings it began with; None before its first submission."""
    events = events_of(request)
    if not events:
        return None
    return read_clock(
        events,
        calendar or calendar_for(request.school),
        today=on,
        limit=request.policy.get("clock.days", 10),
        rule=request.policy.get("clock.send_back", "pause"),
    )


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
    moved, calendars = 0, {}
    for request in _open_below(organisation).prefetch_related("entries").select_for_update(of=("self",)):
        before = request.due_on
        if request.school_id not in calendars:
            calendars[request.school_id] = calendar_for(request.school)
        copy_due(request, today(), calendars[request.school_id])
        if request.due_on != before:
            DueChange.objects.create(request=request, before=before, after=request.due_on, why=why, at=now())
            moved += 1
        request.save(update_fields=["due_on", "due_review"])
    return moved


def _open_below(organisation: Organisation | None) -> Iterable[Request]:
    requests = Request.objects.filter(state__in=OPEN, submitted_on__isnull=False)
    return requests if organisation is None else requests.filter(**{organisation.level: organisation})
