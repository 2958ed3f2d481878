"""What lies on a person's desk: whose turn it is, what is late, what was done; each list one indexed query."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull

from approvals.calendars import Limits, by_school
from approvals.enums import OPEN, State
from approvals.models import Closings, Entry, Request
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.prepared import Question, answer, how_many
from linxia_xueji.reach import within

TURNS = {
    Permission.PREPARE_BUSINESS: Level.SCHOOL,
    Permission.DECIDE_AS_SCHOOL: Level.SCHOOL,
    Permission.DECIDE_AS_COUNTY: Level.COUNTY,
    Permission.DECIDE_AS_PREFECTURE: Level.PREFECTURE,
    Permission.RECORD_PROVINCE_REPLY: Level.PREFECTURE,
    Permission.DECIDE_AS_PROVINCE: Level.PROVINCE,
}
"""Whose turn it can be: the permission it takes → the level of the organisation whose turn it then is."""

Notices = Callable[[Any, Access, date], Iterable[dict[str, str]]]
_NOTICES: list[Notices] = []


def add_notice(provider: Notices) -> None:
    """Let a business put notices on the desk: provider(user, access, on) → text, and optionally tone, link, link_url."""
    _NOTICES.append(provider)


def notices_for(user, access: Access, on: date) -> list[dict[str, str]]:
    """The notices of all businesses that concern the person on that day."""
    return [notice for provider in _NOTICES for notice in provider(user, access, on)]


def inbox(user, access: Access | None = None) -> QuerySet[Request]:
    """Open requests whose turn is this person's, the nearest due date first; grants reach down to organisations run."""
    return on_desk(access or access_of(user))


def on_desk(access: Access) -> QuerySet[Request]:
    """The same for what somebody may do."""
    # Permissions held at the same organisations are asked about in one, so that the index of the inbox answers alone.
    held: dict[tuple[str, frozenset], list[Permission]] = {}
    for permission, level in TURNS.items():
        if granted := access.by_level(permission):
            held.setdefault((level, frozenset(granted.items())), []).append(permission)
    turns = Q(pk__in=())
    for (level, granted), permissions in held.items():
        turns |= Q(turn_permission__in=permissions, turn_organisation__in=_of_level(level, dict(granted)))
    asked = [permission for permissions in held.values() for permission in permissions]
    return _queue(Request.objects.open_to(access).filter(turns, turn_permission__in=asked, state__in=OPEN))


def _of_level(level: str, granted: dict[str, frozenset[int]]) -> Iterable[int] | QuerySet:
    """The organisations of a level among those granted and all they run; the ids alone where those are of that level."""
    if granted.keys() == {level}:
        return granted[level]
    return Organisation.objects.filter(within(frozenset().union(*granted.values())), level=level).values("pk")


def narrowed(access: Access, on: date, limits: Limits, conditions: tuple[tuple[str, Any], ...]) -> QuerySet[Request]:
    """What lies on the desk and meets the conditions of the filter (name and value)."""
    return on_desk(access).filter(_asked(on, limits, conditions))


def _asked(on: date, limits: Limits, conditions: tuple[tuple[str, Any], ...]) -> Q:
    asked = dict(conditions)
    due = _by_due(on, limits).get(asked.pop("due", ""), Q())
    return due & Q(**asked)


def _by_due(on: date, limits: Limits) -> dict[str, Q]:
    return {"over": Q(due_on__lt=on), "today": Q(due_on=on), "soon": soon(on, limits)}


def of_kind(question: Question, given: tuple[Any, ...], kind: str) -> QuerySet[Request]:
    """A list of requests, or those of one business in it."""
    found = question(*given)
    return found.filter(kind=kind) if kind else found


def kinds_in(question: Question, given: tuple[Any, ...]) -> QuerySet:
    """Business and number of requests, for each business in a list."""
    found = Request.objects.filter(pk__in=question(*given).order_by().values("pk"))
    return found.order_by("kind").values_list("kind").annotate(number=Count("pk"))


def sent_back(access: Access) -> QuerySet[Request]:
    """What is back with a school, of all the person may see."""
    return _queue(Request.objects.open_to(access).filter(state=State.RETURNED))


def late(access: Access, on: date) -> QuerySet[Request]:
    """What passed its last day undecided, of all the person may see."""
    return _queue(Request.objects.open_to(access).filter(state__in=OPEN, due_on__lt=on))


def done(access: Access, since: date | None) -> QuerySet[Request]:
    """What the person had a hand in, the latest first."""
    mine = Entry.objects.filter(by=access.user_id, request=OuterRef("pk")).order_by("-at").values("at")[:1]
    return done_since(access, since).annotate(done_at=Subquery(mine)).order_by("-done_at", "-pk")


def done_since(access: Access, since: date | None) -> QuerySet[Request]:
    """The same in no order."""
    mine = Entry.objects.filter(by=access.user_id).order_by()
    since_then = mine.filter(on__gte=since) if since else mine
    return Request.objects.open_to(access).filter(pk__in=since_then.values("request"))


def _queue(requests: QuerySet[Request]) -> QuerySet[Request]:
    return requests.order_by(F("due_on").asc(nulls_last=True), "pk")


class Heap(NamedTuple):
    """The requests of a queue of one business, by when they are due; `chosen` are those that meet the conditions."""

    kind: str
    all: int
    over: int
    today: int
    soon: int
    chosen: int


def soon(on: date, limits: Limits) -> Q:
    """Due within the next three working days of their own school's calendar (`limits`), today left out."""
    return Q(due_on__gt=on, due_on__lte=by_school(limits, "school"))


def heaps(access: Access, on: date, limits: Limits, conditions: tuple[tuple[str, Any], ...]) -> list[Heap]:
    """The whole queue counted in one query."""
    return [Heap._make(row) for row in answer(_heaps, access, on, limits, conditions)]


def _heaps(access: Access, on: date, limits: Limits, conditions: tuple[tuple[str, Any], ...]) -> QuerySet:
    tests = {"all": Q()} | _by_due(on, limits) | {"chosen": _asked(on, limits, conditions)}
    # Lines are counted, not ids, which the index of the inbox does not hold.
    counts = {name: Count(Value(1), filter=test) if test else Count("*") for name, test in tests.items()}
    return on_desk(access).order_by().values_list("kind").annotate(**counts)


def schools_waiting(access: Access) -> list[tuple[int, str]]:
    """The schools of the queue by their code, each with its short name."""
    return answer(_schools, access)


def _schools(access: Access) -> QuerySet:
    waiting = on_desk(access).order_by().values("school")
    return Organisation.objects.filter(pk__in=waiting).order_by("code").values_list("pk", "short_name")


def record_of(access: Access, on: date) -> dict[str, Any]:
    """Beside the queue: what is back with schools, what the person did this month, and how much was closed in time.

    `rate` in per cent of what was decided this year, None where nothing was.
    """
    returned, done = how_many((_sent_back_on, _done_from), access, on.replace(day=1))
    decided, in_time = (answer(_closings, access, on.year) or [(0, 0)])[0]
    return {"returned": returned, "done": done, "rate": round(in_time * 100 / decided, 1) if decided else None}


def _sent_back_on(access: Access, on: date) -> QuerySet:
    return sent_back(access)


def _done_from(access: Access, since: date) -> QuerySet:
    """The ids of what `done_since` finds, out of an index alone: what was done in a post still held can be seen in it."""
    seen = Exists(Request.objects.open_to(access).filter(pk=OuterRef("request")))
    mine = Entry.objects.filter(Q(post__in=[post.pk for post in access.posts]) | seen, by=access.user_id, on__gte=since)
    return mine.order_by().values("request").distinct()


def _closings(access: Access, year: int) -> QuerySet:
    sums = (Func(column, function="SUM", output_field=IntegerField()) for column in ("decided", "in_time"))
    return Closings.objects.open_to(access).filter(year=year).values_list(*sums)


def placed(requests: QuerySet[Request], queue: QuerySet[Request]) -> QuerySet[Request]:
    """Requests with where each lies in a queue: `here`, whether it lies there at all, and the ids `before` and `after` it."""
    due, pk = OuterRef("due_on"), OuterRef("pk")
    dated, undated = Q(IsNull(due, False)), Q(IsNull(due, True))
    earlier = Q(due_on__lt=due) | Q(due_on=due, pk__lt=pk) | undated & (Q(due_on__isnull=False) | Q(pk__lt=pk))
    later = Q(due_on__gt=due) | Q(due_on=due, pk__gt=pk) | Q(due_on=None) & (dated | Q(pk__gt=pk))
    return requests.annotate(
        here=Exists(queue.filter(pk=pk)),
        before=Subquery(queue.filter(earlier).reverse().values("pk")[:1]),
        after=Subquery(queue.filter(later).values("pk")[:1]),
    )
