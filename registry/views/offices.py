"""导入单位和人员: upload, check, import all or nothing, initial passwords once. Only for account administrators."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji import files
from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission
from linxia_xueji.reach import within
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.admissions.staging import XLSX
from registry.models import OfficeUpload
from registry.offices import importing, workbook
from registry.offices.forms import OfficeForm
from registry.offices.handing import hand_out
from registry.offices.known import known_to

UPLOADS_A_PAGE = 20
FAULTS_A_PAGE = 100
STEPS = (
    ("上传", "两个表：单位、人员"),
    ("预检", "只检查，不写入"),
    ("核对", "看清变化再导入"),
    ("导入", "全部写入或都不写入"),
)


def _uploads(request: HttpRequest) -> QuerySet[OfficeUpload]:
    """What was uploaded at the organisations whose accounts the person keeps; for all others there is no such page."""
    granted = access_of(request.user).organisations(Permission.MANAGE_ACCOUNTS)
    if not granted:
        raise Http404
    found = OfficeUpload.objects.filter(within(granted, "organisation"))
    return found.select_related("organisation", "file", "uploaded_by", "imported_by").order_by("-uploaded_at", "-pk")


@login_required
@require_http_methods(["GET", "POST"])
def offices(request: HttpRequest) -> HttpResponse:
    """The workbooks uploaded so far, and the form for another; a readable one is checked at once and kept."""
    rows = _uploads(request)
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OfficeForm(*bound, by=request.user, on=today())
    if bound and form.is_valid():
        file = form.cleaned_data["file"]
        made = importing.receive(content=file.read(), name=file.name, report=form.report, by=request.user)
        return redirect("registry:office", pk=made.pk)
    page = Paginator(rows, UPLOADS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "registry/offices/list.html", {"page": page, "form": form}, status=422 if bound else 200)


@login_required
@require_GET
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check found, and what an import would make."""
    row = get_object_or_404(_uploads(request), pk=pk)
    return render(request, "registry/offices/upload.html", _page(request, row))


def _page(request: HttpRequest, row: OfficeUpload, refusal: Refusal | None = None) -> dict[str, Any]:
    at = 4 if row.imported_at else 2
    steps = [
        {"label": label, "who": who, "when": "", "state": "done" if n < at else "now" if n == at else "todo"}
        for n, (label, who) in enumerate(STEPS)
    ]
    faults = Paginator(row.faults, FAULTS_A_PAGE).get_page(request.GET.get("page"))
    found = row.summary["errors"] + row.summary["warnings"]
    new = row.summary["schools"] + row.summary["people"]
    return {
        "upload": row,
        "steps": steps,
        "faults": faults,
        "cut": found - len(row.faults),
        "new": new,
        "refusal": refusal,
    }


@login_required
@require_POST
def office_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Import all rows or none."""
    row = get_object_or_404(_uploads(request), pk=pk)
    try:
        done = importing.apply(row, by=request.user, on=today())
    except Refusal as refusal:
        return render(request, "registry/offices/upload.html", _page(request, row, refusal), status=422)
    messages.success(request, f"已导入：新增单位{done.summary['schools']}个，新任命{done.summary['people']}人")
    return redirect("registry:office", pk=pk)


@login_required
@require_POST
def office_marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The user's own workbook with its faulty cells marked, checked afresh."""
    row = get_object_or_404(_uploads(request), pk=pk)
    content = files.read(row.file)
    report = importing.report_of(content, by=request.user, on=today())
    after = {"file": "标注", "rows": report.summary["rows"], "faults": len(report.faults)}
    record(action="下载单位和人员", by=request.user, target=row, organisation=row.organisation, after=after)
    return _workbook(workbook.marked(content, report), f"单位和人员-标注-{row.pk}.xlsx")


@login_required
@require_POST
@password_again
def office_passwords(request: HttpRequest, pk: int) -> HttpResponse:
    """The initial passwords, once."""
    row = get_object_or_404(_uploads(request), pk=pk)
    return _workbook(hand_out(row, by=request.user), f"初始密码-{row.pk}.xlsx")


@login_required
@require_GET
def office_template(request: HttpRequest) -> HttpResponse:
    """The empty workbook to fill in."""
    _uploads(request)
    return _workbook(workbook.template(known_to(request.user, today())), "单位和人员模板.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": content_disposition_header(True, name)}
    )
