"""The terms a rule is given, and the windows of 转学 that follow from them. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from approvals.calendar import PENDING, Calendar
from approvals.calendar_queries import reference_notices
from approvals.models.terms import Season
from approvals.terms import school_year_of
from approvals.windows import WHOLE_TERM, TermDays
from transfers.books.reading import day, one_of, parts, whole

Span = tuple[date, date]
"""First and last day, both inside."""


@dataclass(frozen=True, order=True)
class GivenTerm:
    """A term as a rule is given it. :raises ValueError: where it ends before it begins."""

    starts_on: date
    ends_on: date
    half: Season

    def __post_init__(self):
        if self.starts_on > self.ends_on:
            raise ValueError("学期的第一天晚于最后一天，请核对日期")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


Terms = tuple[GivenTerm, ...]


@lru_cache(maxsize=1)
def national_calendar() -> Calendar:
    """Working days by the national notices alone, for facts that stand for themselves."""
    return Calendar(reference_notices())


def read_terms(facts: Mapping[str, Any]) -> Terms:
    """The terms of a worked case. :raises KeyError, TypeError, ValueError: where one is missing or wrong."""
    return tuple(
        GivenTerm(day(t, "starts"), day(t, "ends"), Season(one_of(t, "half", Season.values)))
        for t in parts(facts, "terms")
    )


def read_before_end(facts: Mapping[str, Any]) -> int | str:
    """Working days before the end of a term, 10 where absent, or the whole term. :raises TypeError, ValueError: otherwise."""
    key = "window_days_before_term_end"
    if facts.get(key, 10) == WHOLE_TERM:
        return WHOLE_TERM
    if (days := whole({key: 10, **facts}, key)) < 1:
        raise ValueError(f"{key} is less than 1")
    return days


def term_of(terms: Terms, day: date) -> GivenTerm | None:
    """The term a day lies in; None in the holidays."""
    return next((t for t in terms if day in t), None)


def term_after(terms: Terms, day: date, half: Season | None = None) -> GivenTerm | None:
    """The first term (of that half) to begin later than the day."""
    return next((t for t in sorted(terms) if t.starts_on > day and half in (None, t.half)), None)


def school_year(terms: Terms, day: date) -> int:
    """The year in which the school year of a day begins; an autumn term may begin in the last days of August."""
    term = term_of(terms, day)
    return term.starts_on.year if term and term.half == Season.AUTUMN else school_year_of(day)


def not_entered(terms: Terms, day: date) -> str | None:
    """Whether a day is one of term or of holidays must be known: the sentence where it is not, because no term is given
    that begins by then, or none that ends after it.
    """
    if any(t.starts_on <= day for t in terms) and any(t.ends_on >= day for t in terms):
        return None
    return f"{day}前后的学期起止日期尚未录入，暂不能判断也不能提交；请联系县市教育局或州学管中心录入学期后再办理"


@dataclass(frozen=True)
class Windows:
    """应在学期结束前或开学后10个工作日内办理 (三（二）1), counted from the terms; `entered` are windows that the prefecture
    entered with its document, which count beside those and stand in for what a calendar not yet published leaves open.
    `terms_complete`: there are no other terms than those given.
    """

    terms: Terms
    calendar: Calendar
    before: int | str
    entered: tuple[Span, ...] = ()
    terms_complete: bool = False

    @cached_property
    def counted(self) -> tuple[TermDays, ...]:
        """The terms in order, with the windows counted from each."""
        return tuple(TermDays(t.starts_on, t.ends_on, self.calendar, self.before) for t in sorted(self.terms))

    def contains(self, day: date) -> bool | None:
        """Whether a day lies in a window; None where that hangs on a calendar not yet published."""
        if any(first <= day <= last for first, last in self.entered):
            return True
        term = self._term(day)
        inside = term.in_windows(day) if term else False
        return False if inside is None and term and self._entered_in(term) else inside

    def unknown(self, day: date) -> str | None:
        """What must be known before the day can be judged, as a sentence; None where it can be."""
        inside = self.contains(day)
        if inside:
            return None
        if not self.terms_complete and (missing := not_entered(self.terms, day)):
            return missing
        term = self._term(day)
        if inside is None and term:
            year = term.ending.missing_year or term.beginning.missing_year
            return f"{year}年放假安排{PENDING}，转学办理期尚不能确定；请联系州学管中心依据文件录入办理期，录入后再办理"
        return None

    def opening_after(self, day: date) -> tuple[date | None, str]:
        """The first day of the next window; or None, and why it is not known."""
        term = self._term(day)
        if term and term.ending.missing_year and not self._entered_in(term):
            return None, f"下一办理期待{term.ending.missing_year}年放假安排公布后确定"
        firsts = [first for first, _ in self.entered]
        for days in self.counted:
            firsts += [first for first in (days.starts_on, days.ending.first) if first]
        later = [first for first in firsts if first > day]
        return (min(later), "") if later else (None, "下一学期尚未录入，下一办理期未定")

    def _term(self, day: date) -> TermDays | None:
        return next((days for days in self.counted if day in days), None)

    def _entered_in(self, term: TermDays) -> bool:
        return any(first <= term.ends_on and last >= term.starts_on for first, last in self.entered)
