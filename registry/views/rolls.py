"""Rosters as of a day, and taking them out on record."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Permission
from linxia_xueji.refusal import Refusal
from registry.enums import ExportState
from registry.models import ExportRecord
from registry.rosters import exports as deeds
from registry.rosters.forms import DecisionForm, PurposeForm, RollForm
from registry.rosters.pages import export_page, exports_page, roll_page
from registry.views.orders import take_out


def _export(request: HttpRequest, pk: int) -> ExportRecord:
    seen = ExportRecord.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("asked_by", "decided_by", "post", "school__parent__parent__parent"), pk=pk
    )


def _roll(request: HttpRequest, purpose: PurposeForm) -> HttpResponse:
    form = RollForm(request.GET, user=request.user)
    context = roll_page(form, purpose, request.user, request.GET.get("page"))
    return render(request, "registry/counts/roll.html", context, status=422 if form.errors or purpose.errors else 200)


def _only_readers(request: HttpRequest) -> None:
    if not access_of(request.user).has(Permission.VIEW_REGISTER):
        raise Http404


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def roll(request: HttpRequest) -> HttpResponse:
    """The roster, numbers masked; by POST it is asked for as a file."""
    _only_readers(request)
    purpose = PurposeForm(request.POST or None)
    form = RollForm(request.GET, user=request.user)
    if request.method == "GET" or not purpose.is_valid() or (form.is_bound and not form.is_valid()):
        return _roll(request, purpose)
    asked = {"conditions": form.conditions, "columns": form.chosen, **purpose.cleaned_data}
    try:
        made = deeds.ask(**asked, by=request.user, on=today())
    except Refusal as refusal:
        purpose.add_error(None, refusal.message)
        return _roll(request, purpose)
    return redirect("registry:export", made.pk)


@login_required
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """What was taken out, by whom and what for."""
    _only_readers(request)
    return render(request, "registry/counts/exports.html", exports_page(request.user, request.GET.get("page")))


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them; by POST it is released or not."""
    found, form = _export(request, pk), DecisionForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, found, form)
    try:
        done = deeds.decide(
            export=found,
            released=form.cleaned_data["released"] == "yes",
            note=form.cleaned_data["note"],
            by=request.user,
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, found, form)
    messages.success(request, "已批准导出" if done.state == ExportState.OPEN else "已登记不予导出")
    return redirect("registry:export", pk)


def _page(request: HttpRequest, found: ExportRecord, form: DecisionForm) -> HttpResponse:
    context = export_page(found, request.user, form)
    return render(request, "registry/counts/export.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@password_again
def export_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, for whoever asked for it, once."""
    found = _export(request, pk)
    if found.asked_by_id != request.user.pk:
        raise Refusal("只有申请人本人可以取出文件")
    if found.state != ExportState.OPEN:
        raise Refusal(f"该导出{found.get_state_display()}，不能取出；需要再次使用的，请重新申请导出")
    return take_out(request, found, found.kind, "xlsx")
