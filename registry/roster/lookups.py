"""The schools a list may name: those run by whoever uploads it, and what they teach."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q

from approvals.terms import school_year_of
from linxia_xueji.enums import Level, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.reach import run_by
from registry.models import Programme


@dataclass(frozen=True, slots=True)
class School:
    """A school as rows need it; `county` and `prefecture` run it."""

    pk: int
    short_name: str
    stages: tuple[Stage, ...]
    county: int | None
    prefecture: int | None


@dataclass(frozen=True, slots=True)
class Lookups:
    """Schools by 学校标识码, own ones and the names of the others; the day and the school year of the check."""

    on: date
    schools: Mapping[str, School]
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def school_year(self) -> int:
        """The school year in which the grades are those of the list."""
        return school_year_of(self.on)


def from_database(organisation: Organisation, on: date) -> Lookups:
    """The schools of an organisation, itself or run by it, with what they teach on a day. Three queries."""
    taught = Programme.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    own = (
        Organisation.objects.filter(pk__in=run_by([organisation.pk]), level=Level.SCHOOL)
        .select_related("parent__parent__parent")
        .prefetch_related(Prefetch("programmes", taught))
    )
    others = Organisation.objects.filter(level=Level.SCHOOL).exclude(pk__in=run_by([organisation.pk]))
    return Lookups(
        on=on,
        schools={school.code: _school(school) for school in own},
        others=dict(others.values_list("code", "short_name")),
    )


def _school(school: Organisation) -> School:
    county, prefecture = school.at(Level.COUNTY), school.at(Level.PREFECTURE)
    stages = {programme.stage for programme in school.programmes.all()}
    return School(
        pk=school.pk,
        short_name=school.short_name,
        stages=tuple(stage for stage in Stage if stage in stages),
        county=county and county.pk,
        prefecture=prefecture and prefecture.pk,
    )
