"""Whose archive is due when, and who is late: within a month of entry (notice 二)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from approvals.calendar import Calendar, Due
from approvals.terms import school_year_of
from linxia_xueji.access import Access
from registry.archive.contents import AT_ENTRY
from registry.models import ArchiveItem, Enrolment

MONTHS = 1
_LONGEST = 62
"""Days in which a month and the free days after it certainly lie."""


def due_of(enrolment: Enrolment, calendar: Calendar) -> Due:
    """The same day of the next month, or the first working day after it (notice 二; 民法典 202, 203)."""
    return calendar.end_of_months(enrolment.begins_on, MONTHS)


def last_late_entry(on: date, calendar: Calendar) -> date:
    """The latest day of entry whose archives were due before today; those of later days are not late."""
    day = on - timedelta(days=1)
    for _ in range(_LONGEST):
        due = calendar.end_of_months(day, MONTHS).day
        if due and due < on:
            return day
        day -= timedelta(days=1)
    return day


def entered(access: Access, on: date) -> QuerySet[Enrolment]:
    """The enrolments one may see that began in the school year of a day and go on, each with whether its archive is set up.

    With them those of the year before that have no archive yet: with the year's turn nobody falls off the list.
    """
    first, before = (date(school_year_of(on) - years, 9, 1) for years in (0, 1))
    seen = Enrolment.objects.open_to(access).filter(begins_on__gte=before, begins_on__lte=on, ends_on=None)
    there = ArchiveItem.objects.filter(enrolment=OuterRef("pk"), removed_at=None)
    for part in AT_ENTRY:
        seen = seen.annotate(**{f"has_{part.value}": Exists(there.filter(part=part))})
    return seen.filter(Q(begins_on__gte=first) | ~SET_UP)


SET_UP = Q(**{f"has_{part.value}": True for part in AT_ENTRY})


@dataclass(frozen=True)
class SchoolLine:
    """One school: how many entered, how many archives are set up, and how many are late."""

    pk: int
    name: str
    county: str
    entered: int
    set_up: int
    late: int

    @property
    def missing(self) -> int:
        """Not set up yet, late ones among them."""
        return self.entered - self.set_up


def by_school(access: Access, on: date, calendar: Calendar) -> list[SchoolLine]:
    """Each school that took somebody in this school year, the latest first; one query."""
    late = Q(begins_on__lte=last_late_entry(on, calendar)) & ~SET_UP
    rows = (
        entered(access, on)
        .order_by()
        .values("school", "school__short_name", "county__division__short_name")
        .annotate(entered=Count("pk"), done=Count("pk", filter=SET_UP), late=Count("pk", filter=late))
        .order_by("-late", "county__division__short_name", "school__code")
    )
    return [
        SchoolLine(
            row["school"], row["school__short_name"], row["county__division__short_name"] or "州直属", row["entered"],
            row["done"], row["late"],
        )
        for row in rows
    ]  # fmt: skip
