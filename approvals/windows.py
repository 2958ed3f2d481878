"""The windows that follow from a term: 学期结束前 and 开学后, in working days. Pure: no database, no clock.

应在学期结束前或开学后10个工作日内办理 (notice 三（二）1). The notice names no number for the days before the end of a term;
it is a setting, and so is whether the whole term counts (rules.md, transfer.window).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from approvals.calendar import Calendar, Due, UnknownYear

WHOLE_TERM = "whole"
"""Value of the setting where every day of the term lies inside its window."""


@dataclass(frozen=True)
class Window:
    """Days from `first` to `last`, both inside, days off between them too.

    One end is None while the calendar of `missing_year` is not published; the other end is known all the same.
    """

    first: date | None
    last: date | None
    missing_year: int | None = None


@dataclass(frozen=True)
class TermDays:
    """First and last day of a term, and the windows counted from them.

    :param before: working days before the end, or `WHOLE_TERM`. :param after: working days after the beginning.
    :raises ValueError: where the term ends before it begins.
    """

    starts_on: date
    ends_on: date
    calendar: Calendar
    before: int | str = 10
    after: int = 10

    def __post_init__(self):
        if self.starts_on > self.ends_on:
            raise ValueError("学期的第一天晚于最后一天，请核对日期")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def beginning(self) -> Window:
        """From the first day to the n-th working day after it, the first day itself not counted."""
        due: Due = self.calendar.working_days_after(self.starts_on, self.after)
        last = due.day and min(due.day, self.ends_on)
        return Window(self.starts_on, last, due.missing_year)

    @property
    def ending(self) -> Window:
        """From the n-th last working day to the last day of the term."""
        if self.before == WHOLE_TERM:
            return Window(self.starts_on, self.ends_on)
        day, left = self.ends_on, int(self.before)
        try:
            while day >= self.starts_on:
                left -= self.calendar.is_working(day)
                if not left:
                    return Window(day, self.ends_on)
                day -= timedelta(days=1)
        except UnknownYear as unknown:
            return Window(None, self.ends_on, unknown.year)
        return Window(self.starts_on, self.ends_on)

    def in_windows(self, day: date) -> bool | None:
        """Whether a day lies in one of the two windows; None where that hangs on a calendar not yet published."""
        if day not in self:
            return False
        if self.before == WHOLE_TERM:
            return True
        answers = (self._soon_after_beginning(day), self._soon_before_end(day))
        return True if True in answers else None if None in answers else False

    def _soon_after_beginning(self, day: date) -> bool | None:
        """A day off after the n-th working day is outside: the window closes with that day."""
        due = self.calendar.working_days_after(self.starts_on, self.after)
        if due.day:
            return day <= due.day
        known, unknown = self._working(self.starts_on, day)
        return False if known > self.after else True if not unknown else None

    def _soon_before_end(self, day: date) -> bool | None:
        """Fewer than n working days follow the day: n or more known ones settle it, whatever is not known."""
        known, unknown = self._working(day, self.ends_on)
        return False if known >= int(self.before) else None if unknown else True

    def _working(self, after: date, to: date) -> tuple[int, bool]:
        """Working days later than `after` up to `to` that are known, and whether any day is not known."""
        known, unknown = 0, False
        for n in range(1, (to - after).days + 1):
            try:
                known += self.calendar.is_working(after + timedelta(days=n))
            except UnknownYear:
                unknown = True
        return known, unknown
