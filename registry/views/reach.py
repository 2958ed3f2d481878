"""Which schools a grant reaches, by what they teach."""

from django.db.models import QuerySet

from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.models import Organisation, User
from linxia_xueji.reach import organisations_where


def senior_highs(user: User, permission: Permission) -> QuerySet[Organisation]:
    """The senior highs open today on which a person holds a permission, county by county."""
    schools = organisations_where(user, permission, Level.SCHOOL)
    return schools.filter(
        pk__in=Organisation.objects.filter(programmes__stage=Stage.SENIOR, programmes__valid_to=None).values("pk")
    ).order_by("division_id", "code")
