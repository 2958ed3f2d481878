"""The terms and windows by which a change is judged: those of the school that receives or applies (assumed)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet, SmallIntegerField, TextField, Value

from approvals.calendar import Calendar
from approvals.calendars import calendars
from approvals.models import Term
from approvals.terms import announced, holding, school_year_of
from linxia_xueji.models import Organisation
from linxia_xueji.prepared import records
from linxia_xueji.reading import once
from transfers.books.terms import GivenTerm, Span, Terms
from transfers.models import EnteredWindow

_NO_YEAR, _NO_SEASON = Value(0, SmallIntegerField()), Value("", TextField())


def calendar_for(school: Organisation) -> Calendar:
    """The working days of a school."""
    return calendars().of(school)


def terms_about(school: Organisation, stage: str, day: date) -> Terms:
    """The terms of the stage around a day."""
    return _entered(school, stage, day)[0]


def windows_entered(school: Organisation, stage: str, day: date) -> tuple[Span, ...]:
    """Windows that the authorities above a school entered with their document; read with the terms around a day."""
    return _entered(school, stage, day)[1]


def _entered(school: Organisation, stage: str, day: date) -> tuple[Terms, tuple[Span, ...]]:
    return once(_key(school, stage, day), lambda: _ask(school, stage, day))


def know(school: Organisation, stage: str, day: date, terms: Iterable[Term], windows: Iterable[Span]) -> None:
    """Let a page that has read both already ask no more; of the terms, those of the stage and all above the school."""
    once(_key(school, stage, day), lambda: (given(holding(school, terms)), tuple(windows)))


def _key(school: Organisation, stage: str, day: date) -> tuple:
    return ("terms", school.pk, stage, day)


def _ask(school: Organisation, stage: str, day: date) -> tuple[Terms, tuple[Span, ...]]:
    """Both in one query; of a window the school year is 0."""
    above = tuple(organisation.pk for organisation in school.ancestors())
    rows = records(_of_stage, stage, date(school_year_of(day), 9, 1), of=above)
    names = ("organisation_id", "school_year", "season", "starts_on", "ends_on")
    found = [Term(**dict(zip(names, row, strict=True))) for row in rows]
    spans = tuple((row.starts_on, row.ends_on) for row in found if not row.school_year)
    return given(holding(school, (row for row in found if row.school_year))), spans


def _of_stage(stage: str, day: date, *above: int) -> QuerySet:
    terms = announced(day).filter(organisation__in=above, stage=stage).order_by()
    windows = EnteredWindow.objects.filter(organisation__in=above, stage=stage)
    return terms.values_list("organisation", "school_year", "season", "starts_on", "ends_on").union(
        windows.values_list("organisation", _NO_YEAR, _NO_SEASON, "first", "last"), all=True
    )


def given(terms: Iterable[Term]) -> Terms:
    """As the books read them."""
    return tuple(GivenTerm(t.starts_on, t.ends_on, t.season) for t in terms)
