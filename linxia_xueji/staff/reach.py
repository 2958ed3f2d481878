"""Whom an account administrator may appoint where.

Assumed, for the notice only asks for one person to one post: an administrator fills every post of the organisations
below his own, theirs being the accounts of the level under him, and of his own organisation every post but his peers'
(账号管理员由上一级设立). His own account and post he never touches.
"""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Permission, Role
from linxia_xueji.models import Appointment, Organisation, Post, User
from linxia_xueji.reach import organisations_where, within
from linxia_xueji.refusal import Refusal

SEAT = Appointment.objects.filter(user=OuterRef("pk")).order_by("stand_in", "-starts_on", "-pk").values("pk")[:1]
"""The appointment that says where a person belongs: the latest one of his own, else the latest as a stand-in."""


def is_admin(access: Access) -> bool:
    """Whether the person keeps any accounts at all."""
    return access.has(Permission.MANAGE_ACCOUNTS)


def managed_organisations(user: User) -> QuerySet[Organisation]:
    """The organisations whose accounts the person keeps today, his own first by code."""
    return organisations_where(user, Permission.MANAGE_ACCOUNTS)


def managed_posts(user: User) -> QuerySet[Post]:
    """The posts there; those of his peers among them, which he sees and does not fill."""
    return Post.objects.filter(within(access_of(user).organisations(Permission.MANAGE_ACCOUNTS), "organisation"))


def people_of(organisations: Iterable[int]) -> QuerySet[User]:
    """The people who belong to these organisations or those they run, with `seat_id`: the appointment that says so."""
    seats = Appointment.objects.filter(within(organisations, "post__organisation"))
    return User.objects.annotate(seat_id=Subquery(SEAT)).filter(seat_id__in=seats.values("pk"))


def managed_people(user: User) -> QuerySet[User]:
    """The people whose accounts the person keeps, and his peers, whose accounts he only sees."""
    return people_of(access_of(user).organisations(Permission.MANAGE_ACCOUNTS))


def seat_of(person: User) -> Appointment | None:
    """The appointment that says where a person belongs, None for one never appointed."""
    held = person.appointments.order_by("stand_in", "-starts_on", "-pk")
    return held.select_related("post__organisation__parent__parent__parent").first()


def require_may_fill(by: User, organisation: Organisation, role: str) -> None:
    """:raises Refusal: where the person may not appoint to a post of that role there."""
    granted = access_of(by).organisations(Permission.MANAGE_ACCOUNTS)
    above = {o.pk for o in organisation.ancestors()[1:]} & granted
    if not above and organisation.pk not in granted:
        raise Refusal(f"{organisation.short_name}不在管理范围内，请由其主管机构的账号管理员办理")
    if not above and role == Role.ACCOUNT_ADMIN:
        raise Refusal("本级账号管理员由上一级账号管理员设立，不能自行任免")


def require_may_keep(by: User, person: User) -> None:
    """:raises Refusal: where the person may not seal, open or reset that account."""
    if person.pk == by.pk:
        raise Refusal("不能办理本人的账号和任职，请由上一级账号管理员办理")
    seat = seat_of(person)
    if seat is None:
        raise Refusal(f"{person.full_name}没有任职，不属于任何机构")
    require_may_fill(by, seat.post.organisation, seat.post.role)
