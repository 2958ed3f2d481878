"""The working days of many organisations at once, as known now: one query however many schools stand in a list."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Case, DateField, Value, When

from approvals.calendar import Calendar
from approvals.calendar_queries import Stored, calendar_of, in_force
from approvals.models import LocalDay
from linxia_xueji.models import Organisation
from linxia_xueji.reach import within
from linxia_xueji.reading import once

Limits = tuple[tuple[int | None, date | None], ...]
"""Organisation (None: all others) and a day of its calendar, the nearest to the schools first after None."""


class Calendars:
    """Calendars as known now; schools under the same local days share one."""

    def __init__(self) -> None:
        notices, days = in_force()
        self._notices = tuple(notices)
        self._days: dict[int, list[Stored]] = defaultdict(list)
        self._made: dict[tuple[int, ...], Calendar] = {}
        for row in days:
            self._days[row.organisation].append(row)

    def of(self, organisation: Organisation) -> Calendar:
        """The calendar of an organisation whose ancestors are loaded."""
        return self.along(o.pk for o in organisation.ancestors())

    def along(self, chain: Iterable[int | None]) -> Calendar:
        """The calendar of an organisation, by its id and those above it; the nearest one's entry wins, as in `local_days`."""
        changed = tuple(pk for pk in chain if pk in self._days)
        if changed not in self._made:
            holding = {row.day: row for pk in reversed(changed) for row in self._days[pk]}
            working = frozenset(row.day for row in holding.values() if row.kind == LocalDay.Kind.WORKING)
            self._made[changed] = calendar_of(self._notices, frozenset(holding) - working, working)
        return self._made[changed]

    def nth_days_after(self, on: date, n: int) -> Limits:
        """The nth working day after `on`: in the calendar of all, then where an organisation has days of its own to come."""
        changed = [pk for pk, rows in self._days.items() if rows[-1].day > on]
        organisations = Organisation.objects.select_related("parent__parent__parent").filter(pk__in=changed)
        # The nearest organisation with days of its own has the calendar of all below it without any.
        nearest_first = sorted(organisations if changed else (), key=lambda o: -len(o.ancestors()))
        of_all = self.along(()).working_days_after(on, n).day
        return ((None, of_all), *((o.pk, self.of(o).working_days_after(on, n).day) for o in nearest_first))


def by_school(limits: Limits, school: str) -> Case:
    """SQL for the day of `limits` that holds for the school of each row; NULL where it is not known.

    :param school: the foreign key to the school.
    """
    (_, of_all), *own = limits
    cases = (When(within([pk], school), then=Value(day, DateField())) for pk, day in own)
    return Case(*cases, default=Value(of_all, DateField()))


def calendars() -> Calendars:
    """All calendars as known now, read once a page."""
    return once("calendars", Calendars)
