"""Entering the terms of a school year, by whoever keeps the calendar, with the document that announced them."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from approvals.models import Season, Term
from approvals.models.terms import year_words
from linxia_xueji import trail
from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal

SEASON_SPAN = {Season.AUTUMN: ((0, 8), (1, 3)), Season.SPRING: ((1, 1), (1, 8))}
"""(years after the school year begins, month) between which a term may lie, both months included."""


@transaction.atomic
def enter_terms(
    *,
    organisation: Organisation,
    stages: Iterable[str],
    school_year: int,
    season: str,
    starts_on: date,
    ends_on: date,
    document_number: str,
    by,
) -> list[Term]:
    """Enter one term for one stage or several; what was entered before for the same is closed, not overwritten.

    :raises Refusal: no right, a school, no document number, days that cannot be, an overlap with the other term of the
        year, or nothing that would change.
    """
    season, stages = Season(season), [Stage(stage) for stage in stages]
    document_number = document_number.strip()
    _check_right(by, organisation)
    _check_document(document_number)
    _check_days(school_year, season, starts_on, ends_on)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    held = {
        (t.stage, t.season): t
        for t in Term.objects.filter(organisation=organisation, school_year=school_year, revoked_at=None)
    }
    _check_order(held, stages, season, starts_on, ends_on)
    wanted = (starts_on, ends_on, document_number)
    changed = [s for s in stages if (t := held.get((s, season))) is None or _content(t) != wanted]
    if not changed:
        raise Refusal(f"{year_words(school_year)}{season.label}已按{document_number}登记为这些日期，不必重复登记")
    rows = []
    for stage in changed:
        before = _close(held[stage, season], by, document_number) if (stage, season) in held else None
        row = Term.objects.create(
            organisation=organisation, stage=stage, school_year=school_year, season=season, starts_on=starts_on,
            ends_on=ends_on, document_number=document_number, entered_by=by, recorded_at=now(),
        )  # fmt: skip
        trail.record(
            action="登记学期", by=by, target=row, organisation=organisation, before=before, after=_words_of(row)
        )
        rows.append(row)
    return rows


@transaction.atomic
def revoke_term(*, term: Term, document_number: str, by) -> Term:
    """Take a term back: that of whoever runs the organisation holds again, or none.

    :raises Refusal: no right, no document number, or it is no longer in force.
    """
    _check_right(by, term.organisation)
    _check_document(document_number.strip())
    row = Term.objects.select_for_update().get(pk=term.pk)
    if row.revoked_at:
        raise Refusal(f"{row}的登记已停用，不必重复停用")
    before = _close(row, by, document_number.strip())
    trail.record(action="停用学期登记", by=by, target=row, organisation=row.organisation, before=before)
    return row


def _check_right(by, organisation: Organisation) -> None:
    if not access_of(by).may(Permission.MANAGE_CALENDAR, organisation):
        raise Refusal(f"没有登记{organisation.short_name}学期的权限，由主管工作日历的州或县教育局登记")
    if organisation.level == Level.SCHOOL:
        raise Refusal("学期由州或县教育局发文统一登记，学校不单独登记")


def _check_document(number: str) -> None:
    if not number:
        raise Refusal("没有填写文号，请填写公布学期起止日期的文件文号")
    if len(number) > 60:
        raise Refusal("文号超过60个字，请只填写文号")


def _check_days(school_year: int, season: Season, starts_on: date, ends_on: date) -> None:
    if starts_on >= ends_on:
        raise Refusal("学期的第一天不早于最后一天，请核对日期")
    (years, month), (last_years, last_month) = SEASON_SPAN[season]
    first, last = (school_year + years, month), (school_year + last_years, last_month)
    if not first <= (starts_on.year, starts_on.month) <= (ends_on.year, ends_on.month) <= last:
        raise Refusal(
            f"{year_words(school_year)}{season.label}应在{first[0]}年{first[1]}月至{last[0]}年{last[1]}月之间，请核对学年和日期"
        )


def _check_order(held: dict, stages: list[Stage], season: Season, starts_on: date, ends_on: date) -> None:
    """The autumn term ends before the spring term begins."""
    other = Season.SPRING if season == Season.AUTUMN else Season.AUTUMN
    for stage in stages:
        if (term := held.get((stage, other))) and not (ends_on < term.starts_on or starts_on > term.ends_on):
            raise Refusal(f"与{stage.label}{other.label}（{term.starts_on}至{term.ends_on}）重叠，请核对日期")


def _close(row: Term, by, document_number: str) -> dict:
    row.revoked_at, row.revoked_by, row.revoked_document_number = now(), by, document_number
    row.save(update_fields=["revoked_at", "revoked_by", "revoked_document_number"])
    return _words_of(row)


def _content(row: Term) -> tuple[date, date, str]:
    return row.starts_on, row.ends_on, row.document_number


def _words_of(row: Term) -> dict:
    return {
        "stage": row.stage,
        "season": row.season,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "document_number": row.document_number,
    }
