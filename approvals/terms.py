"""The terms that hold for an organisation, and the windows of 转学 that follow from them.

School years begin on 1 September; a term may begin some days earlier, so the year of a day is that of its term where
there is one. Later steps ask `term_on` for 转学 windows and for 跨学期.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from approvals.calendar import Calendar
from approvals.models import Season, Term
from approvals.windows import TermDays
from linxia_xueji.models import Organisation
from linxia_xueji.policy import Policy

FIRST_MONTH = 9
"""September: the school year begins on its first day (rules.md)."""
_STAGES_SEASONS = tuple[str, str]


def school_year_of(day: date) -> int:
    """The school year a day lies in, named by the year in which it begins."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def terms_of(organisation: Organisation, school_year: int) -> dict[_STAGES_SEASONS, Term]:
    """(stage, season) → the term that holds for the organisation: its own, or that of the nearest that runs it.

    One query, beyond those for the ancestors.
    """
    return _nearest(organisation, Term.objects.filter(school_year=school_year, revoked_at=None))


def announced(day: date) -> QuerySet[Term]:
    """Every term in force of the school year of a day, the one before and the one after."""
    year = school_year_of(day)
    return Term.objects.filter(school_year__range=(year - 1, year + 1), revoked_at=None)


def holding(organisation: Organisation, rows: Iterable[Term]) -> list[Term]:
    """Those of one stage that hold for the organisation: of each, the one entered nearest to it."""
    nearness = {o.pk: n for n, o in enumerate(organisation.ancestors())}
    found: dict[tuple[int, str], Term] = {}
    for row in sorted(rows, key=lambda t: -nearness[t.organisation_id]):
        found[row.school_year, row.season] = row
    return sorted(found.values(), key=lambda t: t.starts_on)


def term_on(organisation: Organisation, stage: str, day: date) -> Term | None:
    """The term of a stage in which a day lies, for that organisation; None in the holidays, or where none is entered.

    Which of the two it is, `terms_of` tells: a day outside every term of a year whose two terms are known is a holiday.
    """
    year = school_year_of(day)
    for school_year in (year, year + 1):  # a term that begins in the last days of August
        found = _nearest(
            organisation, Term.objects.filter(school_year=school_year, stage=stage, revoked_at=None)
        ).values()
        for term in found:
            if term.starts_on <= day <= term.ends_on:
                return term
    return None


def entered_below(organisation: Organisation, school_year: int) -> list[Term]:
    """Terms in force that organisations run by this one entered for themselves, county by county."""
    below = Term.objects.filter(school_year=school_year, revoked_at=None).select_related(
        "organisation__parent__parent__parent", "entered_by"
    )
    rows = [t for t in below if t.organisation_id != organisation.pk and organisation in t.organisation.ancestors()]
    return sorted(rows, key=lambda t: (t.organisation.code, t.season, t.stage))


def days_of(term: Term, calendar: Calendar, policy: Policy) -> TermDays:
    """The term with its windows, by the calendar and the settings of whoever receives the student (assumed)."""
    return TermDays(term.starts_on, term.ends_on, calendar, before=policy["transfer.window.before_end"])


def without(organisation: Organisation, school_year: int, stages: Iterable[str]) -> list[_STAGES_SEASONS]:
    """(stage, season) of the year for which no term holds."""
    known = terms_of(organisation, school_year)
    return [(stage, season) for season in Season for stage in stages if (stage, season) not in known]


def _nearest(organisation: Organisation, terms) -> dict[_STAGES_SEASONS, Term]:
    nearness = {o.pk: n for n, o in enumerate(organisation.ancestors())}
    rows = terms.filter(organisation__in=nearness).select_related("organisation", "entered_by")
    holding: dict[_STAGES_SEASONS, Term] = {}
    for row in sorted(rows, key=lambda t: -nearness[t.organisation_id]):
        holding[row.stage, row.season] = row
    return holding
