"""What lies on a person's desk: whose turn it is, what is late, what was done; each list one indexed query."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet
from django.urls import reverse

from approvals.calendars import Calendars
from approvals.clock import SOON, Clock
from approvals.due import clock_of
from approvals.enums import OPEN, State
from approvals.kinds import kind_of
from approvals.models import Entry, Request
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation

TURNS = (
    Permission.PREPARE_BUSINESS,
    Permission.DECIDE_AS_SCHOOL,
    Permission.DECIDE_AS_COUNTY,
    Permission.DECIDE_AS_PREFECTURE,
    Permission.DECIDE_AS_PROVINCE,
)
OUTSIDE = Q(turn_permission=Permission.DECIDE_AS_PROVINCE, policy__contains={"province.in_portal": False})
"""Waiting for a province that does not use the portal: its reply is recorded by the centre."""

Notices = Callable[[Any, Access, date], Iterable[dict[str, str]]]
_NOTICES: list[Notices] = []


def add_notice(provider: Notices) -> None:
    """Let a business put notices on the desk: provider(user, access, on) → text, and optionally tone, link, link_url."""
    _NOTICES.append(provider)


def notices_for(user, access: Access, on: date) -> list[dict[str, str]]:
    """The notices of all businesses that concern the person on that day."""
    return [notice for provider in _NOTICES for notice in provider(user, access, on)]


@dataclass(frozen=True)
class Row:
    """One line of a list of requests."""

    pk: int
    number: str
    kind_label: str
    subject: str
    url: str
    school_name: str
    submitted_on: date | None
    check: dict[str, str]
    clock: Clock | None
    action: str
    state: str
    status: str
    turn_level: str


def inbox(user, access: Access | None = None) -> QuerySet[Request]:
    """Open requests whose turn is this person's, the nearest due date first; grants reach down to organisations run."""
    access = access or access_of(user)
    turns = Q(pk__in=())
    for permission in TURNS:
        if granted := access.organisations(permission):
            turns |= Q(turn_permission=permission, turn_organisation__in=run_by(granted)) & ~OUTSIDE
    if recorders := access.organisations(Permission.RECORD_PROVINCE_REPLY):
        turns |= OUTSIDE & Q(prefecture__in=recorders)
    return _queue(Request.objects.visible_to(user).filter(turns, state__in=OPEN))


def run_by(organisations: Iterable[int]) -> QuerySet[Organisation]:
    """These organisations and all they run, as a subquery of ids."""
    ids = list(organisations)
    within = Q(pk__in=ids) | Q(parent__in=ids) | Q(parent__parent__in=ids) | Q(parent__parent__parent__in=ids)
    return Organisation.objects.filter(within).values("pk")


def returned(user) -> QuerySet[Request]:
    """What is back with a school, of all the person may see."""
    return _queue(Request.objects.visible_to(user).filter(state=State.RETURNED))


def overdue(user, on: date) -> QuerySet[Request]:
    """What passed its last day undecided, of all the person may see."""
    return _queue(Request.objects.visible_to(user).filter(state__in=OPEN, due_on__lt=on))


def done(user, since: date | None = None) -> QuerySet[Request]:
    """What the person had a hand in, the latest first."""
    mine = Q(entries__by=user, entries__on__gte=since) if since else Q(entries__by=user)
    return (
        Request.objects.visible_to(user).filter(mine).annotate(done_at=Max("entries__at")).order_by("-done_at", "-pk")
    )


def _queue(requests: QuerySet[Request]) -> QuerySet[Request]:
    return requests.order_by(F("due_on").asc(nulls_last=True), "pk")


def due_soon(queue: QuerySet[Request], on: date, calendars: Calendars) -> list[int]:
    """Ids of those due within the next three working days of their own school's calendar, today left out."""
    waiting = queue.filter(due_on__gt=on).values_list("pk", "due_on", "school_id")
    schools = Organisation.objects.select_related("parent__parent__parent").in_bulk(
        {school for _, _, school in waiting}
    )
    limits = {pk: calendars.of(school).working_days_after(on, SOON).day for pk, school in schools.items()}
    return [pk for pk, due, school in waiting if limits[school] and due <= limits[school]]


def figures(user, queue: QuerySet[Request], on: date) -> dict[str, int | None]:
    """The figures above the queue; `rate` in per cent of what was closed this year, None where nothing was."""
    month, year = on.replace(day=1), on.replace(month=1, day=1)
    counted = queue.order_by().aggregate(
        all=Count("pk"), over=Count("pk", filter=Q(due_on__lt=on)), today=Count("pk", filter=Q(due_on=on))
    )
    closed = Request.objects.visible_to(user).filter(closed_on__gte=year, closed_on_time__isnull=False)
    ended = closed.aggregate(all=Count("pk"), kept=Count("pk", filter=Q(closed_on_time=True)))
    counted["returned"] = returned(user).count()
    counted["done"] = Entry.objects.filter(by=user, on__gte=month).aggregate(n=Count("request", distinct=True))["n"]
    counted["rate"] = round(ended["kept"] * 100 / ended["all"], 1) if ended["all"] else None
    return counted


def rows(requests: QuerySet[Request], on: date, calendars: Calendars, *, own: bool = False) -> list[Row]:
    """The lines of a page of requests, clocks counted from their events; two queries, however many lines.

    :param own: whether these are the person's own turn, so that the link asks for the deed.
    """
    events = Entry.objects.only("request_id", "move", "on")
    found = requests.select_related("school__parent__parent__parent").prefetch_related(Prefetch("entries", events))
    return [_row(request, on, calendars, own) for request in found]


def _row(request: Request, on: date, calendars: Calendars, own: bool) -> Row:
    mine = "填报" if request.turn_permission == Permission.PREPARE_BUSINESS else "审核"
    return Row(
        pk=request.pk,
        number=request.number,
        kind_label=kind_of(request).label,
        subject=request.subject,
        url=reverse("approvals:request", args=[request.pk]),
        school_name=request.school.short_name,
        submitted_on=request.submitted_on,
        check={"verdict": request.verdict, "text": request.verdict_text},
        clock=clock_of(request, on, calendars.of(request.school)),
        action=mine if own else "查看",
        state=request.state,
        status=request.status,
        turn_level=request.turn_level,
    )


def neighbours(user, request: Request) -> tuple[int | None, int | None]:
    """Ids of the file before and after this one on the person's desk; nothing where this one does not lie there."""
    queue = list(inbox(user).values_list("pk", flat=True))
    if request.pk not in queue:
        return None, None
    at = queue.index(request.pk)
    return (queue[at - 1] if at else None), (queue[at + 1] if at + 1 < len(queue) else None)
