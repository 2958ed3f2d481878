"""Which organisations a grant reaches, as a condition of a query."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from linxia_xueji.access import access_of
from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.models import Organisation, User

_STEPS = ("", "parent", "parent__parent", "parent__parent__parent")


def within(organisations: Iterable[int], field: str = "") -> Q:
    """Records whose organisation (the field, or the record itself) is one of these or run by one of them."""
    reached = Q(pk__in=[])
    for step in _STEPS:
        path = "__".join(filter(None, (field, step))) or "pk"
        reached |= Q(**{f"{path}__in": organisations})
    return reached


def organisations_where(user: User, permission: Permission, level: Level) -> QuerySet[Organisation]:
    """The organisations of a level on which a person holds a permission today."""
    granted = access_of(user).organisations(permission)
    return Organisation.objects.filter(within(granted), level=level).order_by("code")


def senior_highs(user: User, permission: Permission) -> QuerySet[Organisation]:
    """The senior highs open today on which a person holds a permission, county by county."""
    schools = organisations_where(user, permission, Level.SCHOOL)
    return schools.filter(
        pk__in=Organisation.objects.filter(programmes__stage=Stage.SENIOR, programmes__valid_to=None).values("pk")
    ).order_by("division_id", "code")
