"""The working days of many organisations at once, for lists: two queries however many schools stand in them."""

from collections import defaultdict

from approvals.calendar import Calendar
from approvals.calendar_queries import national_notices
from approvals.models import LocalDay
from linxia_xueji.models import Organisation


class Calendars:
    """Calendars as known now; schools under the same local days share one."""

    def __init__(self) -> None:
        self._notices = national_notices()
        self._days: dict[int, list[LocalDay]] = defaultdict(list)
        for row in LocalDay.objects.filter(revoked_at=None):
            self._days[row.organisation_id].append(row)
        self._made: dict[tuple[int, ...], Calendar] = {}

    def of(self, organisation: Organisation) -> Calendar:
        """The calendar of an organisation whose ancestors are loaded; the nearest one's entry wins, as in `local_days`."""
        key = tuple(o.pk for o in organisation.ancestors() if o.pk in self._days)
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def _make(self, key: tuple[int, ...]) -> Calendar:
        holding = {row.day: row for pk in reversed(key) for row in self._days[pk]}
        working = [row.day for row in holding.values() if row.kind == LocalDay.Kind.WORKING]
        free = [row.day for row in holding.values() if row.kind != LocalDay.Kind.WORKING]
        return Calendar(self._notices, off=free, work=working)
