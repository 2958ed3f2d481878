"""招生计划 by year and school: the one in force, the seats held, every amendment; issued by whoever runs the school."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from registry.forms_lists import PlanForm
from registry.models import AdmissionPlan, Intake
from registry.plans import set_plan
from registry.views.reach import senior_highs


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of a year; a refused plan keeps what was typed."""
    posted = request.method == "POST"
    form = _form(request)
    if not access_of(request.user).has(Permission.VIEW_REGISTER) or (posted and form is None):
        raise Http404
    refusal = None
    if form and form.is_valid() and not (refusal := _issue(request, form)):
        return redirect(f"{reverse('registry:plans')}?year={form.cleaned_data['year']}")
    context = _page(request, form) | {"form": form, "refusal": refusal}
    return render(request, "registry/lists/plans.html", context, status=422 if posted else 200)


def _form(request: HttpRequest) -> PlanForm | None:
    """The form for the schools one may issue plans to; None for those who only read."""
    schools = senior_highs(request.user, Permission.SET_PLAN)
    if not schools.exists():
        return None
    data = request.POST if request.method == "POST" else None
    return PlanForm(data, schools=schools, initial={"year": _year(request), "issued_on": today()})


def _issue(request: HttpRequest, form: PlanForm) -> Refusal | None:
    """Issue the plan in the name of the person's own authority and say so, or say why not."""
    issuer = access_of(request.user).post.organisation
    try:
        plan = set_plan(**form.cleaned_data, issuer=issuer, by=request.user)
    except Refusal as refusal:
        return refusal
    messages.success(request, f"已下达{plan.school.short_name}{plan.year}年招生计划{plan.count}人")
    return None


def _year(request: HttpRequest) -> int:
    typed = request.GET.get("year", "")
    return int(typed) if typed.isdecimal() and len(typed) == 4 else today().year


def _page(request: HttpRequest, form: PlanForm | None) -> dict[str, Any]:
    year = form.cleaned_data.get("year", _year(request)) if form and form.is_bound else _year(request)
    schools = senior_highs(request.user, Permission.VIEW_REGISTER)
    rows = _rows(schools, year)
    known = {*AdmissionPlan.objects.filter(school__in=schools).values_list("year", flat=True), today().year, year}
    years = [{"label": f"{y}年", "url": f"?year={y}", "count": None, "current": y == year} for y in sorted(known)[::-1]]
    totals = {name: sum(row[name] for row in rows) for name in ("count", "held", "free")}
    return {"rows": rows, "year": year, "years": years, "totals": totals}


def _rows(schools: QuerySet[Organisation], year: int) -> list[dict[str, Any]]:
    """One row a school: plan in force, seats, and what came before it, in three queries."""
    issued = AdmissionPlan.objects.filter(school__in=schools, year=year).select_related("issuer", "recorded_by")
    ordered = issued.order_by("school_id", "-issued_on", "-pk")
    history = {pk: list(plans) for pk, plans in groupby(ordered, key=lambda plan: plan.school_id)}
    held = dict(Intake.objects.filter(school__in=schools, year=year).values_list("school_id", "held"))
    return [_row(school, history.get(school.pk, []), held.get(school.pk, 0)) for school in schools]


def _row(school: Organisation, issued: list[AdmissionPlan], held: int) -> dict[str, Any]:
    count = issued[0].count if issued else 0
    return {
        "school": school,
        "plan": issued[0] if issued else None,
        "earlier": issued[1:],
        "count": count,
        "held": held,
        "free": count - held,
    }
