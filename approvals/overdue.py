"""What passed its last day: with which office and whose desk it lies, and that its head, then the office above, are told.

Each is told once of each last day that passed: the head on the first day after, the office above when the next day finds
it still undecided (the day between is assumed; the notice names none). Nothing is ever decided by time alone.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from approvals import desk
from approvals.due import RUNNING_ON
from approvals.enums import State
from approvals.models import Message, OverdueNotice, Request
from linxia_xueji.access import Access, holders
from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Role
from linxia_xueji.models import Organisation, User
from linxia_xueji.prepared import answer

HEADS = {
    Level.SCHOOL: Role.HEAD,
    Level.COUNTY: Role.COUNTY_HEAD,
    Level.PREFECTURE: Role.CENTRE,
    Level.PROVINCE: Role.PROVINCE,
}
"""Who answers for an office of a level."""
LISTED = 50
Told = OverdueNotice.Told


@dataclass(frozen=True)
class Desk:
    """What is late at one office: how much, since when, and who can decide it."""

    office: str
    people: str
    count: int
    oldest: date


def by_office(access: Access, on: date) -> list[Desk]:
    """The late requests the person may see, by office and the people whose turn it is; the most first, at most fifty. Two queries."""
    rows = answer(_by_office, access, on)
    names = holders(((permission, pk) for pk, _, permission, _, _ in rows), on)
    return [
        Desk(office, "、".join(names.get((permission, pk), ())) or "没有任职人员", count, oldest)
        for pk, office, permission, count, oldest in rows
    ]


def _by_office(access: Access, on: date) -> QuerySet:
    columns = ("turn_organisation", "turn_organisation__short_name", "turn_permission")
    counted = desk.late(access, on).order_by().values_list(*columns)
    counted = counted.annotate(number=Count("pk"), oldest=Min("due_on"))
    return counted.order_by("-number", "oldest", "turn_organisation")[:LISTED]


def undone(access: Access, on: date) -> list[tuple[str, str, str, date]]:
    """Approved, past its last day and not yet done in the national system: number, what it is, school and last day; at most
    fifty, the longest late first. Only under `clock.ends_with` does such a clock run on.
    """
    return answer(_undone, access, on)


def _undone(access: Access, on: date) -> QuerySet:
    late = Request.objects.open_to(access).filter(RUNNING_ON, due_on__lt=on)
    return late.order_by("due_on", "pk").values_list("number", "subject", "school__short_name", "due_on")[:LISTED]


def tell_of_overdue(on: date) -> int:
    """Tell whoever has not been told yet. Returns of how many requests; asked twice on one day, of none the second time."""
    late = Request.objects.filter(state=State.PENDING, due_on__lt=on)
    heads, above = (late.exclude(_told(Told.HEAD)), late.filter(_told(Told.HEAD, on__lt=on)).exclude(_told(Told.ABOVE)))
    # Both lists are read before anybody is told, so that nobody hears of both on one day.
    wanted = [(pk, Told.HEAD) for pk in _ids(heads)] + [(pk, Told.ABOVE) for pk in _ids(above)]
    return sum(_tell(pk, told, on) for pk, told in wanted)


def _told(told: str, **more) -> Q:
    notices = OverdueNotice.objects.filter(request=OuterRef("pk"), due_on=OuterRef("due_on"), told=told, **more)
    return Q(Exists(notices))


def _ids(requests: QuerySet[Request]) -> list[int]:
    return list(requests.order_by("due_on", "pk").values_list("pk", flat=True))


@transaction.atomic
def _tell(pk: int, told: str, on: date) -> bool:
    """The request is held meanwhile; nothing is said where it moved on."""
    requests = Request.objects.select_for_update(of=("self",)).select_related("turn_organisation__parent")
    request = requests.filter(pk=pk, state=State.PENDING, due_on__lt=on).first()
    if request is None or request.overdue_notices.filter(due_on=request.due_on, told=told).exists():
        return False
    has_it = request.turn_organisation
    office = has_it if told == Told.HEAD else has_it.parent
    if office is None:
        return False
    OverdueNotice.objects.create(
        request=request, due_on=request.due_on, told=told, organisation=office, on=on, at=now()
    )
    late = (
        f"已超过办理期限（{request.due_on.month}月{request.due_on.day}日），现在{has_it.short_name}（{request.status}）"
    )
    ask = "请尽快办理" if told == Told.HEAD else "可在“超期与督办”中督办"
    text = f"超期：{request.subject}（{request.number}）{late}，{ask}"
    Message.objects.bulk_create(
        Message(to=reader, request=request, text=text[:300], at=now()) for reader in _heads(office, on)
    )
    return True


def _heads(office: Organisation, on: date) -> QuerySet[User]:
    """Who holds the post that answers for the office."""
    return User.objects.filter(
        Q(appointments__ends_on=None) | Q(appointments__ends_on__gte=on),
        is_active=True,
        appointments__starts_on__lte=on,
        appointments__post__organisation=office,
        appointments__post__role=HEADS[Level(office.level)],
    ).distinct()
