"""Loading a national notice and entering local days; open due dates follow and each request says why."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from approvals.calendar import DayKind, Notice, UnknownYear
from approvals.calendar_queries import calendar_for, notice_of, reference_notices
from approvals.due import recompute_due
from approvals.models import CalendarNotice, LocalDay
from linxia_xueji import trail
from linxia_xueji.access import access_of
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal


@transaction.atomic
def load_notice(
    *,
    organisation: Organisation,
    by,
    document: str,
    issued_on: date,
    year: int,
    free: Iterable[tuple[date, date]],
    work: Iterable[date] = (),
    amends: str = "",
    source: str = "",
    correct: bool = False,
) -> CalendarNotice:
    """Load a notice of 国务院办公厅 for everybody, or put right one typed wrongly.

    :param organisation: the prefecture (or province) that loads it.
    :param free: first and last day of each range, weekends inside included.
    :param amends: document number of the notice it changes.
    :param correct: close the notice in force under the same document number and put this one in its place.
    :raises Refusal: no right, no document number, dates that cannot be, or the notice is loaded already.
    """
    _check_right(by, organisation)
    if organisation.level not in (Level.PREFECTURE, Level.PROVINCE):
        raise Refusal("国家放假安排由州教育局统一载入，县级和学校不单独载入")
    document, amends = document.strip(), amends.strip()
    _check_document(document)
    if issued_on > today():
        raise Refusal(f"印发日期{issued_on}晚于今日，请按通知落款日期填写")
    try:
        notice = Notice(document, issued_on, year, tuple(free), tuple(work), amends, source.strip())
    except ValueError as fault:
        raise Refusal(str(fault)) from fault
    if not notice.free and not notice.work:
        raise Refusal("没有填写放假日期和调休上班日期，请至少填写一项")
    _lock(organisation)
    if amends and not CalendarNotice.objects.filter(document=amends, revoked_at=None).exists():
        raise Refusal(f"被调整的{amends}没有载入，请核对文号或先载入该通知")
    before = _close_for(notice, by=by, correct=correct)
    row = _store(notice, by=by)
    trail.record(
        action="calendar.load_notice",
        by=by,
        target=row,
        before=before,
        after=_notice_content(notice),
        organisation=organisation,
    )
    _follow(None, f"{document}{'更正' if before else '载入'}，{year}年放假安排{'调整' if before or amends else '公布'}")
    return row


@transaction.atomic
def enter_local_day(*, organisation: Organisation, day: date, kind: str, document_number: str, by) -> LocalDay:
    """Make a day free or working, or cancel a national make-up day, for the organisation and those it runs.

    :param kind: a value of LocalDay.Kind.
    :raises Refusal: no right, no document number, the day is so already, or there is no make-up day to cancel.
    """
    _check_right(by, organisation)
    kind, document_number = LocalDay.Kind(kind), document_number.strip()
    _check_document(document_number)
    _lock(organisation)
    if kind == LocalDay.Kind.CANCELLED:
        _check_make_up(organisation, day)
    earlier = LocalDay.objects.filter(organisation=organisation, day=day, revoked_at=None).first()
    if earlier and earlier.kind == kind:
        raise Refusal(f"{_words(day)}已按{earlier.document_number}登记为{kind.label}，不必重复登记")
    before = _close_day(earlier, by=by, document_number=document_number) if earlier else None
    row = LocalDay.objects.create(
        organisation=organisation,
        day=day,
        kind=kind,
        document_number=document_number,
        entered_by=by,
        recorded_at=now(),
    )
    trail.record(
        action="calendar.enter_local_day",
        by=by,
        target=row,
        before=before,
        after=_day_content(row),
        organisation=organisation,
    )
    _follow(organisation, f"{organisation.short_name}{document_number}：{_words(day)}{kind.label}")
    return row


@transaction.atomic
def revoke_local_day(*, local_day: LocalDay, document_number: str, by) -> LocalDay:
    """Take a local day back: the national calendar, or the entry of whoever runs the organisation, holds again.

    :raises Refusal: no right, no document number, or it is no longer in force.
    """
    organisation = local_day.organisation
    _check_right(by, organisation)
    _check_document(document_number.strip())
    _lock(organisation)
    row = LocalDay.objects.select_for_update().get(pk=local_day.pk)
    if row.revoked_at:
        raise Refusal(f"{_words(row.day)}的登记已停用，不必重复停用")
    before = _close_day(row, by=by, document_number=document_number.strip())
    trail.record(action="calendar.revoke_local_day", by=by, target=row, before=before, organisation=organisation)
    kind = row.get_kind_display()
    _follow(organisation, f"{organisation.short_name}{row.revoked_document_number}：停用{_words(row.day)}{kind}的登记")
    return row


@transaction.atomic
def load_national_notices() -> int:
    """Bring the notices of the reference file into the database; what is there in the same words stays as it is.

    A notice that a person entered or corrected is never touched. Open due dates are not recomputed: this is set-up.

    :returns: how many rows were added.
    """
    held = {row.document: row for row in CalendarNotice.objects.filter(revoked_at=None)}
    added = 0
    for notice in reference_notices():
        row = held.get(notice.document)
        if row and (row.entered_by_id or notice_of(row) == notice):
            continue
        if row:
            row.revoked_at = now()
            row.save(update_fields=["revoked_at"])
        _store(notice, by=None)
        added += 1
    return added


def _follow(organisation: Organisation | None, why: str) -> None:
    recompute_due(organisation=organisation, why=why)


def _check_right(by, organisation: Organisation) -> None:
    if not access_of(by).may(Permission.MANAGE_CALENDAR, organisation):
        raise Refusal(f"没有维护{organisation.short_name}工作日历的权限")


def _check_document(number: str) -> None:
    if not number:
        raise Refusal("没有填写文号，请填写所依据文件的文号")
    if len(number) > 60:
        raise Refusal("文号超过60个字，请只填写文号")


def _check_make_up(organisation: Organisation, day: date) -> None:
    try:
        make_up = calendar_for(organisation).national_kind(day) is DayKind.MAKE_UP
    except UnknownYear as unknown:
        raise Refusal(f"{unknown}，公布并载入后才能取消调休") from unknown
    if not make_up:
        raise Refusal(f"{_words(day)}不是国家安排的调休上班日，不能取消调休；要放假请选“放假”")


def _lock(organisation: Organisation) -> None:
    """One entry at a time per organisation, so that the second of two sees the first."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _close_for(notice: Notice, *, by, correct: bool) -> dict | None:
    """Close the notice in force under the same document number, if it is to be corrected; its content."""
    row = CalendarNotice.objects.select_for_update().filter(document=notice.document, revoked_at=None).first()
    if row is None:
        return None
    held = notice_of(row)
    if _notice_content(held) == _notice_content(notice):
        raise Refusal(f"{notice.document}已载入，内容相同，不必重复载入")
    if not correct:
        raise Refusal(f"{notice.document}已载入，内容不同。请核对通知原文，确需更改请选“更正”")
    row.revoked_at, row.revoked_by = now(), by
    row.save(update_fields=["revoked_at", "revoked_by"])
    return _notice_content(held)


def _store(notice: Notice, *, by) -> CalendarNotice:
    content = _notice_content(notice)
    return CalendarNotice.objects.create(
        document=notice.document,
        issued_on=notice.issued,
        year=notice.year,
        amends=notice.amends,
        free=content["free"],
        work=content["work"],
        source=notice.source,
        entered_by=by,
        recorded_at=now(),
    )


def _notice_content(notice: Notice) -> dict:
    return {
        "document": notice.document,
        "issued": notice.issued.isoformat(),
        "year": notice.year,
        "amends": notice.amends,
        "free": [[first.isoformat(), last.isoformat()] for first, last in notice.free],
        "work": [day.isoformat() for day in notice.work],
    }


def _close_day(row: LocalDay, *, by, document_number: str) -> dict:
    row.revoked_at, row.revoked_by, row.revoked_document_number = now(), by, document_number
    row.save(update_fields=["revoked_at", "revoked_by", "revoked_document_number"])
    return _day_content(row)


def _day_content(row: LocalDay) -> dict:
    return {"day": row.day.isoformat(), "kind": row.kind, "document_number": row.document_number}


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
