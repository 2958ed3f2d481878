"""办理路线: by business and case, read by whoever sees the register, changed by the prefecture."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.reach import organisations_where
from linxia_xueji.refusal import Refusal
from registry.views.policy import prefecture_of
from transfers.forms.route import RouteForm
from transfers.route_entry import set_route
from transfers.route_page import Route, route_of
from transfers.route_page import routes as all_routes


def managed(request: HttpRequest) -> Organisation | None:
    """The prefecture whose policy the person keeps."""
    return organisations_where(request.user, Permission.MANAGE_POLICY, Level.PREFECTURE).first()


@login_required
@require_GET
def routes(request: HttpRequest) -> HttpResponse:
    """The routes in force, and those to come."""
    if not access_of(request.user).has(Permission.VIEW_REGISTER):
        raise Http404
    page = {"routes": all_routes(prefecture_of(request), today()), "may": managed(request) is not None}
    return render(request, "transfers/routes.html", page)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def route(request: HttpRequest, kind: str, case: str) -> HttpResponse:
    """One route: its history, and a new order of steps with document and day of effect."""
    prefecture = managed(request)
    shown = route_of(prefecture, kind, case, today()) if prefecture else None
    if prefecture is None or shown is None:
        raise Http404
    form = _form(request, shown)
    refusal = None
    if form.is_valid() and not (refusal := _set(request, prefecture, shown, form)):
        return redirect("transfers:routes")
    page = {"route": shown, "form": form, "refusal": refusal}
    return render(request, "transfers/route.html", page, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, shown: Route) -> RouteForm:
    data = request.POST if request.method == "POST" else None
    begins = {f"step{n}": code for n, code in enumerate(shown.codes, 1)} | {"effective_from": today()}
    return RouteForm(data, kind=shown.business.code, case=shown.case, initial=begins)


def _set(request: HttpRequest, prefecture: Organisation, shown: Route, form: RouteForm) -> Refusal | None:
    """Put it in force and say so, or say why not."""
    try:
        row = set_route(
            prefecture=prefecture, kind=shown.business.code, case=shown.case, on=today(), by=request.user, **form.cleaned_data
        )  # fmt: skip
    except Refusal as refusal:
        return refusal
    words = f"{shown.business.label}（{shown.case_words}）"
    messages.success(request, f"{words}自{row.effective_from}起按新路线办理，已提交的申请不变")
    return None
