"""What the pages of posts and people list; each list one query and its prefetches, however long."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Length

from linxia_xueji.enums import ESSENTIAL_ROLES, Role
from linxia_xueji.models import Appointment, Organisation, Post, User
from linxia_xueji.staff.appointments import held_on
from linxia_xueji.staff.reach import managed_organisations, managed_people, managed_posts
from linxia_xueji.staff.sealing import Terms, idle_days, unused

HELD, VACANT, ACTING = "held", "vacant", "acting"
STATUSES = ((HELD, "在岗"), (VACANT, "空缺"), (ACTING, "代理中"))
PEOPLE_FOUND = 50


def posts_of(user: User, on: date) -> QuerySet[Post]:
    """The posts of the organisations under the person, authorities first, with who is there and who will be."""
    now_and_next = Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on)).select_related("user")
    return (
        managed_posts(user)
        .annotate(held=Exists(_at(on, False)), acting=Exists(_at(on, True)))
        .select_related("organisation")
        .prefetch_related(Prefetch("appointments", now_and_next.order_by("starts_on"), to_attr="coming"))
        .order_by(Length("organisation__code"), "organisation__code", "pk")
    )


def _at(on: date, stand_in: bool) -> QuerySet[Appointment]:
    return Appointment.objects.filter(held_on(on), post=OuterRef("pk"), stand_in=stand_in)


def narrowed(posts: QuerySet[Post], organisation: str = "", role: str = "", status: str = "") -> QuerySet[Post]:
    """By the words or code of the organisation, the role, and whether somebody sits there."""
    if organisation:
        posts = posts.filter(Q(organisation__name__icontains=organisation) | Q(organisation__code=organisation))
    if role:
        posts = posts.filter(role=role)
    wanted = {HELD: Q(held=True), VACANT: Q(held=False), ACTING: Q(acting=True)}
    return posts.filter(wanted[status]) if status else posts


def row_of(post: Post, on: date) -> dict[str, Any]:
    """A line of the list: the post, who holds it today, who stands in, who comes next."""
    own = [item for item in post.coming if not item.stand_in]
    return {
        "post": post,
        "holder": next((item for item in own if item.starts_on <= on), None),
        "next": next((item for item in own if item.starts_on > on), None),
        "acting": next((item for item in post.coming if item.stand_in and item.starts_on <= on), None),
    }


def unset_of(user: User, on: date) -> QuerySet[Organisation]:
    """Organisations under the person that lack a post their level needs."""
    return lacking(managed_organisations(user), on)


def lacking(organisations: QuerySet[Organisation], on: date) -> QuerySet[Organisation]:
    """Those of them open today that lack a post their level needs."""
    lack = Q(pk__in=())
    for level, roles in ESSENTIAL_ROLES.items():
        for role in roles:
            there = Exists(Post.objects.filter(organisation=OuterRef("pk"), role=role))
            lack |= Q(level=level) & ~Q(there)
    open_today = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))
    found = organisations.filter(lack, open_today).prefetch_related("posts")
    return found.order_by(Length("code"), "code")


def missing_roles(organisation: Organisation) -> list[tuple[str, str]]:
    """Codes and labels of the posts it lacks."""
    there = {post.role for post in organisation.posts.all()}
    return [(role.value, role.label) for role in ESSENTIAL_ROLES[organisation.level] if role not in there]


def unused_of(user: User, terms: Terms, on: date) -> QuerySet[User]:
    """Accounts under the person due to be listed, the longest unused first."""
    return unused(_with_seat(managed_people(user).exclude(pk=user.pk)), terms.listed_after, on)


def unused_row(person: User, terms: Terms, on: date) -> dict[str, Any]:
    """A line: the person, where he belongs, the days, and whether the account is due to be sealed."""
    days = idle_days(person.last_used, on)
    return {"person": person, "seat": seat_in(person), "days": days, "due": days >= terms.sealed_after}


def sealed_of(user: User) -> QuerySet[User]:
    """Sealed accounts under the person, with the seals, newest first."""
    people = managed_people(user).filter(is_active=False)
    return _with_seat(people).prefetch_related("seals__by").order_by("username")


def found_of(user: User, words: str) -> QuerySet[User]:
    """People under the person by a part of the name or the user name; the first fifty."""
    matching = Q(full_name__icontains=words) | Q(username__icontains=words)
    return _with_seat(managed_people(user).filter(matching)).order_by("username")[:PEOPLE_FOUND]


def _with_seat(people: QuerySet[User]) -> QuerySet[User]:
    seats = Appointment.objects.select_related("post__organisation").order_by("stand_in", "-starts_on", "-pk")
    return people.prefetch_related(Prefetch("appointments", seats, to_attr="seats"))


def seat_in(person: User) -> Appointment:
    """Where a person of these lists belongs."""
    return person.seats[0]


def counts_of(user: User, terms: Terms, on: date) -> dict[str, int]:
    """The figures above the lists, in four questions."""
    posts = posts_of(user, on).prefetch_related(None).order_by()
    counted = posts.aggregate(
        every=Count("pk"), empty=Count("pk", filter=Q(held=False)), stood_in=Count("pk", filter=Q(acting=True))
    )
    return {
        "posts": counted["every"],
        "vacant": counted["empty"],
        "acting": counted["stood_in"],
        "unset": unset_of(user, on).count(),
        "unused": unused_of(user, terms, on).count(),
        "sealed": sealed_of(user).count(),
    }


def roles_under(user: User) -> list[tuple[str, str]]:
    """Roles there are posts of, for the filter."""
    there = set(managed_posts(user).values_list("role", flat=True).distinct())
    return [(role.value, role.label) for role in Role if role in there]
