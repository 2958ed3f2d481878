"""Which organisations a grant reaches, as a condition of a query."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from linxia_xueji.access import access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation, User

_STEPS = ("", "parent", "parent__parent", "parent__parent__parent")


def within(organisations: Iterable[int], field: str = "") -> Q:
    """Records whose organisation (the field, or the record itself) is one of these or run by one of them."""
    reached = Q(pk__in=[])
    for step in _STEPS:
        path = "__".join(filter(None, (field, step))) or "pk"
        reached |= Q(**{f"{path}__in": organisations})
    return reached


def run_by(organisations: Iterable[int]) -> QuerySet:
    """These organisations and all they run, as a subquery of ids."""
    return Organisation.objects.filter(within(organisations)).values("pk")


def organisations_where(user: User, permission: Permission, level: Level | None = None) -> QuerySet[Organisation]:
    """The organisations (of a level, or all) on which a person holds a permission today."""
    granted = access_of(user).organisations(permission)
    found = Organisation.objects.filter(within(granted)).order_by("code")
    return found.filter(level=level) if level else found
