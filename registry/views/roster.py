"""在校生名册: upload, check with progress, compare, import; files handed back. For schools and the authorities above them."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji import files
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.models import Organisation
from linxia_xueji.reach import run_by
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.admissions.staging import XLSX
from registry.models import RosterUpload
from registry.roster import handback, rights, staging, tasks, undoing
from registry.views.roster_page import KEPT_ONLY, page_of

UPLOADS_A_PAGE = 20


class RosterForm(forms.Form):
    """The file of the national export."""

    file = forms.FileField(label="文件", help_text="全国学籍系统导出的.xlsx，71列，不要改列名")


def _rosters(request: HttpRequest) -> QuerySet[RosterUpload]:
    """What the person may see; for all who upload none there is no such page."""
    reach = rights.reach(request.user)
    if not reach:
        raise Http404
    found = RosterUpload.objects.filter(organisation__in=run_by(reach))
    found = found.select_related(
        "organisation__parent__parent__parent", "file", "uploaded_by", "imported_by", "undone_by"
    )
    return found.order_by("-uploaded_at", "-pk")


@login_required
@require_http_methods(["GET", "POST"])
def rosters(request: HttpRequest) -> HttpResponse:
    """The rosters uploaded so far, and the form for another."""
    rows, organisation = _rosters(request), rights.own(request.user)
    if request.method == "POST" and organisation is None:
        raise Http404
    form = RosterForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid() and (upload := _take_in(request, form, organisation)):
        return redirect("registry:roster", pk=upload.pk)
    page = Paginator(rows, UPLOADS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form if organisation else None,
        "organisation": organisation,
        "kept_only": KEPT_ONLY,
    }
    return render(request, "registry/roster/list.html", context, status=422 if form.is_bound else 200)


def _take_in(request: HttpRequest, form: RosterForm, organisation: Organisation) -> RosterUpload | None:
    """Keep the file and leave its check to the worker, both or neither; None with the reason on the form."""
    file = form.cleaned_data["file"]
    try:
        with transaction.atomic():
            upload = staging.receive(content=file.read(), name=file.name, organisation=organisation, by=request.user)
            tasks.check_later(upload)
    except Refusal as refusal:
        form.add_error("file", refusal.message)
        return None
    return upload


@login_required
@require_GET
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a roster stands, what is wrong with it, what it would change."""
    row = get_object_or_404(_rosters(request), pk=pk)
    return render(request, "registry/roster/roster.html", page_of(row, request.GET, request.user))


@login_required
@require_GET
def roster_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of that page that is asked for once a second while a job runs; finished, it asks no more."""
    row = get_object_or_404(_rosters(request), pk=pk)
    return render(request, "registry/roster/_state.html", page_of(row, request.GET, request.user) | {"polled": True})


@login_required
@require_POST
def roster_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Import all, or by express choice the rows without fault; the worker does it."""
    row = get_object_or_404(_rosters(request), pk=pk)
    try:
        tasks.import_later(row, by=request.user, only_clean=request.POST.get("only_clean") == "on")
    except Refusal as refusal:
        row.refresh_from_db()
        context = page_of(row, request.GET, request.user) | {"refusal": refusal}
        return render(request, "registry/roster/roster.html", context, status=422)
    messages.success(request, "已开始导入，离开本页不影响导入，结果在本页显示")
    return redirect("registry:roster", pk=pk)


@login_required
@require_POST
@password_again
def roster_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a whole import back, by express confirmation, while nothing rests on it."""
    row = get_object_or_404(_rosters(request), pk=pk)
    try:
        if request.POST.get("sure") != "on":
            raise Refusal("撤销前请勾选确认")
        undoing.undo(row, by=request.user)
    except Refusal as refusal:
        context = page_of(row, request.GET, request.user) | {"refusal": refusal}
        return render(request, "registry/roster/roster.html", context, status=422)
    messages.success(request, "已撤销导入，学籍库恢复到导入之前")
    return redirect("registry:roster", pk=pk)


@login_required
@require_POST
@password_again
def roster_marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The file with its faulty cells marked; identity numbers are plain in it, so it is recorded in the trail."""
    row = get_object_or_404(_rosters(request), pk=pk)
    report, faults = staging.report_of(row, on=today())
    content = handback.handed_back(files.read(row.file), report, faults)
    after = {"rows": report.rows, "faults": len(faults)}
    record(action="下载在校生名册", by=request.user, target=row, organisation=row.organisation, after=after)
    headers = {"Content-Disposition": content_disposition_header(True, f"在校生名册-标注-{row.pk}.xlsx")}
    return HttpResponse(content, content_type=XLSX, headers=headers)
