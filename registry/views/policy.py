"""政策设置 with what each rests on, their history and changes; 政策条款: the notice and the rules resting on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.policy import SETTINGS, decide
from linxia_xueji.reach import organisations_where
from linxia_xueji.reference import notice
from linxia_xueji.refusal import Refusal
from registry.forms_lists import ReopeningForm, SettingForm
from registry.models import Reopening
from registry.reopening import reopen as reopen_registration
from registry.views.policy_page import clause_block, clause_blocks, rows_of, shown
from registry.views.reach import senior_highs


@login_required
@require_GET
def policy(request: HttpRequest) -> HttpResponse:
    """The settings in force, and the registrations reopened."""
    return _page(request)


def _page(request: HttpRequest, form: ReopeningForm | None = None, refusal: Refusal | None = None) -> HttpResponse:
    if not access_of(request.user).has(Permission.VIEW_REGISTER):
        raise Http404
    seen = senior_highs(request.user, Permission.VIEW_REGISTER)
    may = _managed(request).exists()
    context = {
        "rows": rows_of(prefecture_of(request), today()),
        "may": may,
        "form": (form or _reopening_form(request)) if may else None,
        "refusal": refusal,
        "reopenings": Reopening.objects.filter(school__in=seen).select_related("school", "by").order_by("-at"),
    }
    return render(request, "registry/lists/policy.html", context, status=422 if form else 200)


def prefecture_of(request: HttpRequest) -> Organisation | None:
    """The prefecture whose settings hold for the person: the one above the post, or for the province the one it runs."""
    post = access_of(request.user).post
    above = post.organisation.at(Level.PREFECTURE) if post else None
    return above or Organisation.objects.filter(level=Level.PREFECTURE).order_by("code").first()


def _managed(request: HttpRequest) -> QuerySet[Organisation]:
    return organisations_where(request.user, Permission.MANAGE_POLICY, Level.PREFECTURE)


def _reopening_form(request: HttpRequest, data: Any = None) -> ReopeningForm:
    schools = senior_highs(request.user, Permission.MANAGE_POLICY)
    return ReopeningForm(data, schools=schools, initial={"year": today().year})


@login_required
@require_POST
@drafted
def reopen(request: HttpRequest) -> HttpResponse:
    """Reopen the registration of a school after the last day."""
    if not _managed(request).exists():
        raise Http404
    form = _reopening_form(request, request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        opened = reopen_registration(**form.cleaned_data, by=request.user, on=today())
    except Refusal as refusal:
        return _page(request, form, refusal)
    messages.success(request, f"已重开{opened.school.short_name}{opened.year}年的新生注册")
    return redirect("registry:policy")


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def setting(request: HttpRequest, key: str) -> HttpResponse:
    """One setting: its history, and a new value with document and day of effect."""
    prefecture = _managed(request).first()
    if key not in SETTINGS or prefecture is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = SettingForm(data, setting=SETTINGS[key], initial={"effective_from": today()})
    refusal = None
    if form.is_valid() and not (refusal := _decide(request, prefecture, key, form)):
        return redirect("registry:policy")
    context = {"row": rows_of(prefecture, today(), key)[0], "form": form, "refusal": refusal}
    return render(request, "registry/lists/setting.html", context, status=422 if form.is_bound else 200)


def _decide(request: HttpRequest, prefecture: Organisation, key: str, form: SettingForm) -> Refusal | None:
    """Change the setting and say so, or say why not."""
    try:
        row = decide(organisation=prefecture, key=key, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        return refusal
    item = SETTINGS[key]
    messages.success(request, f"“{item.label}”自{row.effective_from}起为{shown(item, row.value)}，已开始的申请不变")
    return None


@login_required
@require_GET
def clauses(request: HttpRequest) -> HttpResponse:
    """The notice clause by clause, with the rules and settings that rest on each."""
    prefecture = prefecture_of(request)
    context = {
        "notice": notice(),
        "rows": rows_of(prefecture, today()),
        "may_read_settings": access_of(request.user).has(Permission.VIEW_REGISTER),
        **clause_blocks(prefecture, today()),
    }
    return render(request, "registry/lists/clauses.html", context)


@login_required
@require_GET
def clause(request: HttpRequest, clause: str) -> HttpResponse:
    """One clause with the rules that rest on it, their force and basis."""
    page = clause_block(prefecture_of(request), clause, today())
    if page is None:
        raise Http404
    return render(request, "registry/lists/clause.html", page)
