"""The terms and windows by which a change is judged: those of the school that receives or applies (assumed)."""

from collections.abc import Iterable
from datetime import date

from approvals.calendar import Calendar
from approvals.calendars import calendars
from approvals.models import Term
from approvals.terms import terms_around
from linxia_xueji.models import Organisation
from linxia_xueji.reading import once
from transfers.books.terms import GivenTerm, Span, Terms
from transfers.models import EnteredWindow


def calendar_for(school: Organisation) -> Calendar:
    """The working days of a school."""
    return calendars().of(school)


def terms_about(school: Organisation, stage: str, day: date) -> Terms:
    """The terms of the stage around a day, asked once a page."""
    return once(("terms", school.pk, stage, day), lambda: _terms(school, stage, day))


def _terms(school: Organisation, stage: str, day: date) -> Terms:
    return given(terms_around(school, stage, day))


def given(terms: Iterable[Term]) -> Terms:
    """As the books read them."""
    return tuple(GivenTerm(t.starts_on, t.ends_on, t.season) for t in terms)


def windows_entered(school: Organisation, stage: str) -> tuple[Span, ...]:
    """Windows that the authorities above a school entered with their document."""
    above = [organisation.pk for organisation in school.ancestors()]
    rows = EnteredWindow.objects.filter(organisation__in=above, stage=stage)
    return once(("windows", school.pk, stage), lambda: tuple(rows.values_list("first", "last")))
