"""Who may do what where today: guardian's grants ∩ appointments. The only module that speaks to guardian."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db.models import Q
from guardian.shortcuts import assign_perm, remove_perm
from guardian.utils import get_group_obj_perms_model

from linxia_xueji.dates import today
from linxia_xueji.enums import ROLE_GRANTS, Permission
from linxia_xueji.models.organisations import Organisation
from linxia_xueji.models.people import Appointment, Post, User


@dataclass(frozen=True)
class Access:
    """What one person may do on one day."""

    user_id: int | None
    posts: tuple[Post, ...]
    grants: dict[str, frozenset[int]]

    @property
    def post(self) -> Post | None:
        """The post held (专人专岗), or None: then nothing is allowed."""
        return self.posts[0] if self.posts else None

    def organisations(self, permission: str) -> frozenset[int]:
        """Ids of the organisations on which the permission is granted; it reaches to those they run."""
        return self.grants.get(permission, frozenset())

    def has(self, permission: str) -> bool:
        """Whether it is granted anywhere at all."""
        return bool(self.organisations(permission))

    def may(self, permission: str, organisation: Organisation) -> bool:
        """Whether it is granted on the organisation or on one that runs it."""
        granted = self.organisations(permission)
        return bool(granted) and any(o.pk in granted for o in organisation.ancestors())


NOTHING = Access(None, (), {})


asked: ContextVar[dict[tuple[int, date], Access] | None] = ContextVar("asked", default=None)
"""Answers given while one page is only being read; the middleware sets it for a GET and never for a deed."""


@contextmanager
def reading() -> Iterator[None]:
    """What is done within only reads, whatever the method of the request: the access is asked once."""
    token = asked.set({} if asked.get() is None else asked.get())
    try:
        yield
    finally:
        asked.reset(token)


def access_of(user, on: date | None = None) -> Access:
    """What the person may do, asked afresh in two queries (once a page): a revoked grant is felt at the next click.

    Fails closed: nobody signed in, a closed account or no appointment means nothing at all.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOTHING
    on, answers = on or today(), asked.get()
    if answers is None:
        return _ask(user, on)
    if (user.pk, on) not in answers:
        answers[user.pk, on] = _ask(user, on)
    return answers[user.pk, on]


def _ask(user, on: date) -> Access:
    held = (
        Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), user=user, starts_on__lte=on)
        .select_related("post__organisation__parent__parent__parent")
        .order_by("stand_in", "pk")
    )
    posts = tuple(a.post for a in held)
    grants: dict[str, set[int]] = {}
    if posts:
        rows = get_group_obj_perms_model(Organisation).objects.filter(group__in=[p.group_id for p in posts])
        for codename, organisation in rows.values_list("permission__codename", "content_object_id"):
            grants.setdefault(codename, set()).add(organisation)
    return Access(user.pk, posts, {k: frozenset(v) for k, v in grants.items()})


def make_post(*, organisation: Organisation, role: str, title: str = "") -> Post:
    """A post with its group and the grants of its role on its own organisation."""
    group = Group.objects.create(name=f"post:{organisation.code}:{role}:{uuid4().hex[:8]}")
    post = Post.objects.create(organisation=organisation, role=role, title=title, group=group)
    for permission in ROLE_GRANTS[role]:
        grant(post=post, permission=permission, organisation=organisation)
    return post


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


def people_who_may(permission: str, organisation: Organisation, on: date) -> list[User]:
    """The people holding, on that day, a post granted the permission on exactly this organisation: who is told of their turn."""
    groups = get_group_obj_perms_model(Organisation).objects.filter(
        content_object=organisation, permission__codename=permission
    )
    return list(
        User.objects.filter(
            Q(appointments__ends_on=None) | Q(appointments__ends_on__gte=on),
            is_active=True,
            appointments__starts_on__lte=on,
            appointments__post__group__in=groups.values("group"),
        ).distinct()
    )
