"""Who may do what where today: guardian's grants ∩ appointments. The only module that speaks to guardian."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import uuid4

from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, JSONField, OuterRef, Q, QuerySet
from guardian.shortcuts import assign_perm, remove_perm
from guardian.utils import get_group_obj_perms_model

from linxia_xueji.dates import today
from linxia_xueji.enums import ROLE_GRANTS, Level, Permission
from linxia_xueji.models.organisations import Organisation
from linxia_xueji.models.people import Appointment, Post, User
from linxia_xueji.prepared import answer
from linxia_xueji.reading import once

DECIDES_AT = {Level.COUNTY: Permission.DECIDE_AS_COUNTY, Level.PREFECTURE: Permission.DECIDE_AS_PREFECTURE}
"""What whoever decides for an authority of a level holds there."""


@dataclass(frozen=True)
class Access:
    """What one person may do on one day."""

    user_id: int | None
    posts: tuple[Post, ...]
    granted: frozenset[tuple[str, int, str]]
    """Permission, organisation and its level."""

    @cached_property
    def _by_level(self) -> dict[str, dict[str, frozenset[int]]]:
        found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for permission, organisation, level in self.granted:
            found[permission][level].add(organisation)
        return {p: {level: frozenset(ids) for level, ids in levels.items()} for p, levels in found.items()}

    @property
    def post(self) -> Post | None:
        """The post held (专人专岗), or None: then nothing is allowed."""
        return self.posts[0] if self.posts else None

    def by_level(self, permission: str) -> dict[str, frozenset[int]]:
        """Ids of the organisations on which the permission is granted, by their level; it reaches to those they run."""
        return self._by_level.get(permission, {})

    def organisations(self, permission: str) -> frozenset[int]:
        """The same ids of all levels."""
        return frozenset().union(*self.by_level(permission).values())

    def has(self, permission: str) -> bool:
        """Whether it is granted anywhere at all."""
        return bool(self.by_level(permission))

    def may(self, permission: str, organisation: Organisation) -> bool:
        """Whether it is granted on the organisation or on one that runs it."""
        granted = self.organisations(permission)
        return bool(granted) and any(o.pk in granted for o in organisation.ancestors())


NOTHING = Access(None, (), frozenset())


def access_of(user, on: date | None = None) -> Access:
    """What the person may do, asked afresh in one query (once a page): a revoked grant is felt at the next click.

    Fails closed: nobody signed in, a closed account or no appointment means nothing at all.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOTHING
    on = on or today()
    return once(("access", user.pk, on), lambda: _ask(user, on))


_CHAIN = ("post__organisation", "post__organisation__parent", "post__organisation__parent__parent",
          "post__organisation__parent__parent__parent")  # fmt: skip
_POST, _ORGANISATION = ([f.attname for f in model._meta.concrete_fields] for model in (Post, Organisation))


def decides_for(user, office: Organisation) -> bool:
    """Whether a person decides for a county or the prefecture today; False for any other organisation."""
    permission = DECIDES_AT.get(Level(office.level))
    return permission is not None and access_of(user).may(permission, office)


def office_of(user) -> Organisation | None:
    """The county or prefecture for which a person decides from the post they work in; None for all others."""
    post = access_of(user).post
    return post.organisation if post and decides_for(user, post.organisation) else None


def reads_register(user) -> bool:
    """Whether a person reads the register at all."""
    return access_of(user).has(Permission.VIEW_REGISTER)


def _held(user: int, on: date) -> QuerySet:
    """The posts somebody holds on a day, each with the organisations above it and all that is granted to it."""
    granted = get_group_obj_perms_model(Organisation).objects.filter(group=OuterRef("post__group"))
    triple = Func(
        "permission__codename",
        "content_object_id",
        "content_object__level",
        function="JSONB_BUILD_ARRAY",
        output_field=JSONField(),
    )
    columns = [f"post__{name}" for name in _POST] + [f"{path}__{name}" for path in _CHAIN for name in _ORGANISATION]
    return (
        Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), user=user, starts_on__lte=on)
        .order_by("stand_in", "pk")
        .values_list(*columns, ArraySubquery(granted.values(triple=triple)))
    )


def _ask(user, on: date) -> Access:
    posts, granted = [], set()
    for row in answer(_held, user.pk, on):
        posts.append(_post(row))
        granted.update(tuple(json.loads(triple)) for triple in row[-1])
    return Access(user.pk, tuple(posts), frozenset(granted))


def _post(row: tuple) -> Post:
    """The post of a row, its organisation and those above it."""
    above, width, first = None, len(_ORGANISATION), len(_POST)
    for start in range(first + 3 * width, first - 1, -width):
        values = row[start : start + width]
        if values[0] is not None:
            organisation = Organisation.from_db(None, _ORGANISATION, values)
            organisation.parent, above = above, organisation
    post = Post.from_db(None, _POST, row[:first])
    post.organisation = above
    return post


def make_post(*, organisation: Organisation, role: str, title: str = "") -> Post:
    """A post with its group and the grants of its role on its own organisation."""
    group = Group.objects.create(name=f"post:{organisation.code}:{role}:{uuid4().hex[:8]}")
    post = Post.objects.create(organisation=organisation, role=role, title=title, group=group)
    for permission in ROLE_GRANTS[role]:
        grant(post=post, permission=permission, organisation=organisation)
    return post


def make_posts(seats: Iterable[tuple[Organisation, str, str]]) -> list[Post]:
    """What `make_post` makes, for many (organisation, role, title) at once, in their order."""
    wanted = list(seats)
    groups = Group.objects.bulk_create(
        (Group(name=f"post:{organisation.code}:{role}:{uuid4().hex[:8]}") for organisation, role, _ in wanted),
        batch_size=2000,
    )
    posts = Post.objects.bulk_create(
        (
            Post(organisation=organisation, role=role, title=title, group=group)
            for (organisation, role, title), group in zip(wanted, groups, strict=True)
        ),
        batch_size=2000,
    )
    grant_at_once(posts)
    return posts


def grant_at_once(posts: Iterable[Post]) -> None:
    """What `make_post` grants, for many posts in one statement."""
    table = get_group_obj_perms_model(Organisation)
    ids = dict(
        table._meta.get_field("permission")
        .related_model.objects.filter(content_type__app_label="linxia_xueji")
        .values_list("codename", "pk")
    )
    table.objects.bulk_create(
        (
            table(permission_id=ids[permission], group_id=post.group_id, content_object_id=post.organisation_id)
            for post in posts
            for permission in ROLE_GRANTS[post.role]
        ),
        batch_size=2000,
    )


def grant(*, post: Post, permission: str, organisation: Organisation) -> None:
    """Grant one of the frozen permissions to a post on an organisation."""
    assign_perm(Permission(permission).value, post.group, organisation)


def revoke(*, post: Post, permission: str, organisation: Organisation) -> None:
    """Take a grant back; felt at the next click."""
    remove_perm(Permission(permission).value, post.group, organisation)


def holders(turns: Iterable[tuple[str, int]], on: date) -> dict[tuple[str, int], list[str]]:
    """Who holds, on that day, a post granted a permission on exactly an organisation: names by the two. One query.

    :param turns: permission and organisation, as they stand on requests.
    """
    wanted = set(turns)
    table = get_group_obj_perms_model(Organisation)
    granted = table.objects.filter(
        permission__codename__in={permission for permission, _ in wanted}, content_object__in={pk for _, pk in wanted}
    )
    in_office = Appointment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, user__is_active=True
    )
    name = "group__post__appointments__user__full_name"
    rows = granted.filter(group__post__appointments__in=in_office).order_by(name)
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for permission, organisation, full_name in rows.values_list("permission__codename", "content_object_id", name):
        if (permission, organisation) in wanted:
            found[permission, organisation].append(full_name)
    return found


def people_who_may(permission: str, organisation: Organisation, on: date) -> list[User]:
    """The people holding, on that day, a post granted the permission on exactly this organisation: who is told of their turn."""
    return people_at(permission, [organisation.pk], on)


def people_at(permission: str, organisations: Iterable[int], on: date) -> list[User]:
    """The same for any of several organisations, by their ids; one query."""
    groups = get_group_obj_perms_model(Organisation).objects.filter(
        content_object__in=organisations, permission__codename=permission
    )
    return list(
        User.objects.filter(
            Q(appointments__ends_on=None) | Q(appointments__ends_on__gte=on),
            is_active=True,
            appointments__starts_on__lte=on,
            appointments__post__group__in=groups.values("group"),
        ).distinct()
    )
