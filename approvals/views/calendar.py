"""The calendar of working days: read by all, kept by those who may."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals.calendar_entry import enter_local_day, load_notice, revoke_local_day
from approvals.forms import LocalDayForm, NoticeForm, RevokeDayForm
from approvals.models import CalendarNotice, LocalDay
from linxia_xueji.access import Access, access_of
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.reach import within
from linxia_xueji.refusal import Refusal

NATIONAL = (Level.PREFECTURE, Level.PROVINCE)
FORMS = {"enter_day": "local_day_form", "revoke_day": "revoke_form", "load_notice": "notice_form"}


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def calendar(request: HttpRequest) -> HttpResponse:
    """Notices and local days in force; a deed by one of the three forms."""
    access = access_of(request.user)
    if request.method == "GET":
        return render(request, "approvals/calendar.html", _context(access))
    deed = request.POST.get("deed", "")
    forms = _forms(access, deed, request.POST)
    form = forms.get(FORMS.get(deed, ""))
    if form is None:
        return HttpResponseBadRequest("没有这项操作或没有权限")
    return _carry_out(request, access, deed, form, forms)


def _carry_out(
    request: HttpRequest, access: Access, deed: str, form: Form, forms: dict[str, Form | None]
) -> HttpResponse:
    refusal = None
    if form.is_valid():
        try:
            DEEDS[deed](access, request.user, form.cleaned_data)
        except Refusal as found:
            refusal = found
        else:
            messages.success(request, "安排已保存，未办结申请的期限已重算")
            return redirect("approvals:calendar")
    return render(request, "approvals/calendar.html", _context(access, forms) | {"refusal": refusal}, status=422)


def _enter(access: Access, user, given: dict[str, Any]) -> None:
    enter_local_day(by=user, **given)


def _revoke(access: Access, user, given: dict[str, Any]) -> None:
    revoke_local_day(by=user, **given)


def _load(access: Access, user, given: dict[str, Any]) -> None:
    load_notice(organisation=_loads_for(access), by=user, **given)


DEEDS = {"enter_day": _enter, "revoke_day": _revoke, "load_notice": _load}


def _context(access: Access, forms: dict[str, Form | None] | None = None) -> dict[str, Any]:
    return {
        "notices": CalendarNotice.objects.filter(revoked_at=None).order_by("-issued_on", "-pk"),
        "local_days": _days_in_force().order_by("-day", "organisation__code"),
        **(forms or _forms(access)),
    }


def _forms(access: Access, deed: str = "", data=None) -> dict[str, Form | None]:
    """The forms this person may use; the one of the deed is filled in."""
    kept = access.organisations(Permission.MANAGE_CALENDAR)
    if not kept:
        return dict.fromkeys(FORMS.values())
    organisations = Organisation.objects.filter(within(kept)).exclude(level=Level.SCHOOL).order_by("-level", "code")
    days = _days_in_force().filter(within(kept, "organisation"))
    return {
        "local_day_form": LocalDayForm(data if deed == "enter_day" else None, organisations=organisations),
        "revoke_form": RevokeDayForm(data if deed == "revoke_day" else None, days=days) if days.exists() else None,
        "notice_form": NoticeForm(data if deed == "load_notice" else None) if _loads_for(access) else None,
    }


def _days_in_force() -> QuerySet[LocalDay]:
    return LocalDay.objects.filter(revoked_at=None).select_related("organisation", "entered_by")


def _loads_for(access: Access) -> Organisation | None:
    """The prefecture or province for which this person loads national notices."""
    return Organisation.objects.filter(
        pk__in=access.organisations(Permission.MANAGE_CALENDAR), level__in=NATIONAL
    ).first()
