"""Who may see a record: the organisations it belongs to are copied onto it, so one indexed query serves lists, details and files."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models.organisations import Organisation

_SCOPE = {"school": Level.SCHOOL, "county": Level.COUNTY, "prefecture": Level.PREFECTURE, "province": Level.PROVINCE}


class ScopedQuerySet(models.QuerySet):
    """The one place that says what a person may see."""

    def visible_to(self, user) -> "ScopedQuerySet":
        """Records whose school, county, prefecture or province (or party asked in) the person may look into today."""
        return self.open_to(access_of(user))

    def open_to(self, access: Access) -> "ScopedQuerySet":
        """The same for what somebody may do."""
        ways = self.ways_open_to(access)
        return self.filter(reduce(or_, ways)) if ways else self.none()

    def ways_open_to(self, access: Access) -> list[Q]:
        """The same as conditions, any of which is enough: an organisation stands in the column of its own level, so one
        indexed column answers for each.
        """
        seen, ways = access.by_level(Permission.VIEW_REGISTER), []
        columns = zip(getattr(self.model, "scope_names", _SCOPE), _SCOPE.values(), strict=True)
        for name, level in (*columns, *self.model.also_seen_by.items()) if seen else ():
            if ids := seen.get(level, frozenset()) if level else frozenset().union(*seen.values()):
                ways.append(Q(**{f"{self.model.scope_prefix}{name}__in": ids}))
        return ways


class Scoped(models.Model):
    """A record of a school, with the authorities above it as they were when it was made."""

    also_seen_by: dict[str, str | None] = {}  # noqa: RUF012 - declared anew by each model, never changed
    """Further foreign keys to organisations that may see the record, such as the county asked for a correction letter,
    with the level of those that stand there; None where they may be of any."""
    scope_prefix = ""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="学校")
    county = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="县级主管部门"
    )
    prefecture = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="州级主管部门"
    )
    province = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="省级主管部门"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


def scope_of(school: Organisation) -> dict[str, Organisation | None]:
    """The four foreign keys for a record of this school (or of an authority itself)."""
    return {name: school if name == "school" else school.at(level) for name, level in _SCOPE.items()}


def same_scope(record: Scoped) -> dict[str, int | None]:
    """The four foreign keys of another record, copied."""
    return {f"{name}_id": getattr(record, f"{name}_id") for name in _SCOPE}
