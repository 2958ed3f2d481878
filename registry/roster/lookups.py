"""The schools a list may name: those run by whoever uploads it, and what they teach."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

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
    """The schools of an organisation, itself or run by it, with what they teach on a day. Four queries."""
    authorities = Organisation.objects.exclude(level=Level.SCHOOL).select_related("parent__parent")
    above = {
        authority.pk: [_key(authority.at(level)) for level in (Level.COUNTY, Level.PREFECTURE)]
        for authority in authorities
    }
    taught = defaultdict(set)
    programmes = Programme.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    for school, stage in programmes.values_list("organisation", "stage"):
        taught[school].add(stage)
    schools = Organisation.objects.filter(level=Level.SCHOOL)
    own = schools.filter(pk__in=run_by([organisation.pk])).values_list("pk", "code", "short_name", "parent")
    return Lookups(
        on=on,
        # By the thousand, of which a list names a few: values, not models.
        schools={
            code: School(pk, name, tuple(stage for stage in Stage if stage in taught[pk]), *above[parent])
            for pk, code, name, parent in own
        },
        others=dict(schools.exclude(pk__in=run_by([organisation.pk])).values_list("code", "short_name")),
    )


def _key(organisation: Organisation | None) -> int | None:
    return organisation and organisation.pk
