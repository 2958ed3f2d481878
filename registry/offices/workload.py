"""Who keeps the register where, with how much work, and where nobody or somebody else sits (一（一）: 专人专岗, 不得委托他人)."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from approvals.enums import OPEN, State
from approvals.models import Request
from linxia_xueji.access import Access
from linxia_xueji.enums import Level, Permission, Role
from linxia_xueji.models import Appointment, Organisation, Post, User
from linxia_xueji.reach import within
from linxia_xueji.staff.appointments import held_on
from linxia_xueji.staff.lists import lacking, unused_row
from linxia_xueji.staff.sealing import terms_for, unused
from registry.models import Enrolment

SPAN = timedelta(days=365)
"""How far back requests and stand-ins are counted."""
LISTED = 50
NOBODY = "无人任职"
HEADS = ("学校", "主管部门", "学籍管理员", "在籍学生", "近一年申请", "按期办结", "超期办结", "在办", "在办已超期")


@dataclass(frozen=True)
class Load:
    """The work of one school's registrar; who is asked for, `school` is its id.

    `requests`, `on_time` and `late`: first submitted, or closed, within the last year.
    """

    school: int
    name: str
    office: str
    registrar: str
    students: int
    requests: int
    on_time: int
    late: int
    under_way: int
    overdue: int

    @property
    def line(self) -> tuple[str | int, ...]:
        """As the columns `HEADS` have it."""
        return astuple(self)[1:]


ORDERS = {
    "students": ("在籍学生多的在前", lambda load: -load.students),
    "requests": ("近一年申请多的在前", lambda load: -load.requests),
    "overdue": ("在办已超期多的在前", lambda load: (-load.overdue, -load.late)),
    "vacant": ("无人任职的在前", lambda load: load.registrar != NOBODY),
}


def oversees(access: Access) -> bool:
    """Whether the person looks into more than a school of one's own."""
    return bool(set(access.by_level(Permission.VIEW_REGISTER)) - {Level.SCHOOL})


def loads_of(access: Access, on: date, *, county: int | None = None, order: str = "students") -> list[Load]:
    """One a school that the person looks into, in four queries. :param county: of this county alone."""
    seen = within(access.organisations(Permission.VIEW_REGISTER))
    schools = Organisation.objects.filter(seen, Q(valid_to=None) | Q(valid_to__gt=on), level=Level.SCHOOL)
    schools = schools.filter(parent=county) if county else schools
    students = dict(_students(access))
    requests = {school: counts for school, *counts in _requests(access, on)}
    people = _registrars(access, on)
    found = [
        Load(pk, name, office, people.get(pk, NOBODY), students.get(pk, 0), *requests.get(pk, (0,) * 5))
        for pk, name, office in schools.order_by("code").values_list("pk", "short_name", "parent__short_name")
    ]
    return sorted(found, key=ORDERS[order][1])


def _students(access: Access) -> QuerySet:
    rows = Enrolment.objects.open_to(access).filter(ends_on=None, pending=False).order_by()
    return rows.values_list("school").annotate(n=Count("pk"))


def _requests(access: Access, on: date) -> QuerySet:
    since = on - SPAN
    closed = Q(closed_on__gte=since)
    return (
        Request.objects.open_to(access)
        .order_by()
        .values_list("school")
        .annotate(
            sent=Count("pk", filter=Q(submitted_on__gte=since)),
            on_time=Count("pk", filter=closed & Q(closed_on_time=True)),
            late=Count("pk", filter=closed & Q(closed_on_time=False)),
            under_way=Count("pk", filter=Q(state__in=OPEN, submitted_on__isnull=False)),
            overdue=Count("pk", filter=Q(state=State.PENDING, due_on__lt=on)),
        )
    )


def _registrars(access: Access, on: date) -> dict[int, str]:
    """School → who is its registrar today; a stand-in is told as one."""
    there = _within(Appointment.objects.filter(held_on(on), post__role=Role.REGISTRAR), access, "post__organisation")
    rows = there.order_by("stand_in").values_list("post__organisation", "user__full_name", "stand_in")
    found: dict[int, list[str]] = {}
    for school, name, stand_in in rows:
        found.setdefault(school, []).append(f"{name}（代理）" if stand_in else name)
    return {school: "、".join(names) for school, names in found.items()}


def _within(rows: QuerySet, access: Access, field: str) -> QuerySet:
    return rows.filter(within(access.organisations(Permission.VIEW_REGISTER), field))


def vacant(access: Access, on: date) -> QuerySet[Post]:
    """Posts on which nobody sits today, those of authorities first."""
    held = Appointment.objects.filter(held_on(on), post=OuterRef("pk"))
    posts = _within(Post.objects.filter(~Exists(held)), access, "organisation").select_related("organisation")
    return posts.order_by("organisation__parent__parent", "organisation__code", "pk")


def without_posts(access: Access, on: date) -> QuerySet[Organisation]:
    """Offices and schools that lack a post their level needs."""
    return lacking(_within(Organisation.objects.all(), access, ""), on)


@dataclass(frozen=True)
class StandIn:
    """Who acts for whom, on what appointment; `own` is the post of their own that they hold beside it."""

    appointment: Appointment
    whom: str
    own: str
    over: bool


def stand_ins(access: Access, on: date) -> list[StandIn]:
    """Those of today and of the last year, the latest first, at most fifty; three queries."""
    rows = Appointment.objects.filter(stand_in=True, starts_on__lte=on, ends_on__gte=on - SPAN)
    proper = (
        Appointment.objects.filter(stand_in=False).order_by("-starts_on").select_related("user", "post__organisation")
    )
    rows = _within(rows, access, "post__organisation").select_related("user", "post__organisation")
    rows = rows.prefetch_related(
        Prefetch("post__appointments", proper, to_attr="proper"),
        Prefetch("user__appointments", proper, to_attr="seats"),
    )
    return [
        StandIn(row, _at(row.post.proper, row, lambda a: a.user.full_name), _at(row.user.seats, row, lambda a: str(a.post)), row.ends_on < on)
        for row in rows.order_by("-starts_on", "-pk")[:LISTED]
    ]  # fmt: skip


def _at(others: Iterable[Appointment], row: Appointment, words) -> str:
    """Of the other appointments the one that held when this one began."""
    held = (a for a in others if a.starts_on <= row.starts_on and (a.ends_on is None or a.ends_on >= row.starts_on))
    return next(map(words, held), "")


def unused_accounts(access: Access, on: date) -> list[dict]:
    """Accounts of people in office not signed in to for as long as the setting says, at most fifty."""
    terms = terms_for(access.post.organisation, on)
    there = _within(Appointment.objects.filter(held_on(on), user=OuterRef("pk")), access, "post__organisation")
    seats = Appointment.objects.filter(held_on(on)).select_related("post__organisation").order_by("stand_in")
    people = unused(User.objects.filter(Exists(there)), terms.listed_after, on)
    people = people.prefetch_related(Prefetch("appointments", seats, to_attr="seats"))
    return [unused_row(person, terms, on) for person in people[:LISTED]]
