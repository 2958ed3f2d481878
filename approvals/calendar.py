"""Working days in three layers, the later wins: weekends → national notices → local days. Pure: no database, no clock.

The counting is a convention by analogy with 民法典 201, 202 and 203 and 行政许可法 82; the notice says only 10个工作日.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

PENDING = "待国务院办公厅公布"
ONE_DAY = timedelta(days=1)
SATURDAY = 5
# 2018-12-29 and 12-31 were changed by the notice for 2019, issued on 2018-12-06: late December is never quite settled
# before the next notice is out.
UNSETTLED_FROM = 22


class UnknownYear(LookupError):
    """A day was asked for whose year has no national notice (yet, on the day of knowledge)."""

    def __init__(self, year: int):
        super().__init__(f"{year}年放假安排{PENDING}")
        self.year = year


class DayKind(StrEnum):
    """What makes a day free or working."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    LOCAL_FREE = "local_free"
    LOCAL_WORKING = "local_working"

    @property
    def working(self) -> bool:
        return self in (DayKind.WORKDAY, DayKind.MAKE_UP, DayKind.LOCAL_WORKING)


@dataclass(frozen=True)
class Notice:
    """A notice of 国务院办公厅: ranges of free days (both ends included, weekends inside them too) and make-up days.

    `amends` is the document number of the notice it changes; an amendment alone does not make its year known.
    """

    document: str
    issued: date
    year: int
    free: tuple[tuple[date, date], ...]
    work: tuple[date, ...]
    amends: str = ""
    source: str = ""

    def __post_init__(self):
        for first, last in self.free:
            if first > last:
                raise ValueError(f"放假起止日期颠倒：{first}至{last}，请改为先起后止")
        off = self.free_days()
        for day in (*off, *self.work):
            if not (day.year == self.year or (day.year == self.year - 1 and day.month == 12)):
                raise ValueError(f"{day}不在{self.year}年或上年12月内，请核对年份")
        for day in self.work:
            if day in off:
                raise ValueError(f"{day}既列为放假又列为上班，请核对通知原文")
            if day.weekday() < SATURDAY and not self.amends:
                raise ValueError(f"{day}不是周六周日，不能列为调休上班日，请核对通知原文")

    def free_days(self) -> frozenset[date]:
        """Every free day of the notice."""
        return frozenset(first + timedelta(days=i) for first, last in self.free for i in range((last - first).days + 1))

    @classmethod
    def read(cls, row: Mapping) -> "Notice":
        """From the form of the reference file: ISO dates, `free` as pairs.

        :raises ValueError: or KeyError, where it does not fit.
        """
        return cls(
            document=row["document"],
            issued=date.fromisoformat(row["issued"]),
            year=int(row["year"]),
            free=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in row["free"]),
            work=tuple(date.fromisoformat(day) for day in row["work"]),
            amends=row.get("amends", ""),
            source=row.get("source", ""),
        )


@dataclass(frozen=True)
class Due:
    """The end of a period: a day, or None while the notice of `missing_year` is not published (provisional).

    `review` (待复核): a date in the last days of December that the notice for the year after may still move.
    """

    day: date | None
    review: bool = False
    missing_year: int | None = None

    @property
    def provisional(self) -> bool:
        return self.day is None

    @property
    def reason(self) -> str:
        """Why there is no date yet, in Chinese; empty where there is one."""
        return str(UnknownYear(self.missing_year)) if self.missing_year else ""


class Calendar:
    """The working days of one organisation as known on one day.

    :param notices: national notices in any order; day by day the later issued wins.
    :param off: local free days, and national make-up days cancelled here.
    :param work: local working days. ValueError where a day is in both.
    :param known_on: leave out notices issued after this day; None knows all given.
    """

    def __init__(
        self,
        notices: Iterable[Notice],
        off: Iterable[date] = frozenset(),
        work: Iterable[date] = frozenset(),
        known_on: date | None = None,
    ):
        self.off = frozenset(off)
        self.work = frozenset(work)
        if both := self.off & self.work:
            raise ValueError(f"{min(both)}既列为放假又列为上班，请只保留一种")
        known = [n for n in notices if known_on is None or n.issued <= known_on]
        self.years = frozenset(n.year for n in known if not n.amends)
        self._asked: dict[date, bool] = {}
        self._national: dict[date, DayKind] = {}
        for notice in sorted(known, key=lambda n: n.issued):
            self._national.update(dict.fromkeys(notice.free_days(), DayKind.HOLIDAY))
            self._national.update(dict.fromkeys(notice.work, DayKind.MAKE_UP))

    def national_kind(self, day: date) -> DayKind:
        """The day without the local layer. UnknownYear where its year's notice is not loaded."""
        if day.year not in self.years:
            raise UnknownYear(day.year)
        return self._national.get(day, DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY)

    def kind(self, day: date) -> DayKind:
        """What the day is. UnknownYear where its year's notice is not loaded, whatever is said locally."""
        national = self.national_kind(day)
        if day in self.off:
            return DayKind.LOCAL_FREE
        if day in self.work:
            return DayKind.LOCAL_WORKING
        return national

    def is_working(self, day: date) -> bool:
        """Whether work is done on the day. UnknownYear as for `kind`."""
        if day not in self._asked:
            self._asked[day] = self.kind(day).working
        return self._asked[day]

    def working_between(self, after: date, to: date) -> int:
        """Working days later than `after`, up to and including `to`; 0 where `to` is not later.

        :raises UnknownYear: where one of these days is of a year not loaded.
        """
        return sum(self.is_working(after + timedelta(days=i)) for i in range(1, (to - after).days + 1))

    def working_days_after(self, start: date, n: int) -> Due:
        """The nth working day after `start`, which itself never counts (民法典 201).

        :raises ValueError: for n below 1.
        """
        if n < 1:
            raise ValueError("工作日数须为1以上的整数")
        day = start
        try:
            while n:
                day = _next(day)
                n -= self.is_working(day)
        except UnknownYear as unknown:
            return Due(None, missing_year=unknown.year)
        return self._due(day)

    def end_of_months(self, start: date, n: int) -> Due:
        """The same day of the month n months on, the month's last where it has no such day (民法典 202); where that is
        no working day, the next one (民法典 203). ValueError for n below 1.
        """
        if n < 1:
            raise ValueError("月数须为1以上的整数")
        years, month = divmod(start.month - 1 + n, 12)
        year, month = start.year + years, month + 1
        if year > date.max.year:
            return Due(None, missing_year=year)
        day = date(year, month, min(start.day, monthrange(year, month)[1]))
        try:
            while not self.is_working(day):
                day = _next(day)
        except UnknownYear as unknown:
            return Due(None, missing_year=unknown.year)
        return self._due(day)

    def _due(self, day: date) -> Due:
        return Due(day, review=self.unsettled(day))

    def unsettled(self, day: date) -> bool:
        """Whether the day is so late in December that the next year's notice, not loaded yet, may change it."""
        return day.month == 12 and day.day >= UNSETTLED_FROM and day.year + 1 not in self.years


def _next(day: date) -> date:
    if day == date.max:
        raise UnknownYear(day.year + 1)
    return day + ONE_DAY
