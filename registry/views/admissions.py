"""录取名单: upload, check with progress, compare, import; files handed back. Only for whoever may import them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.reach import organisations_where
from linxia_xueji.refusal import Refusal
from registry.admissions import staging, tasks
from registry.admissions.lookups import from_database
from registry.admissions.template import template
from registry.enums import OrderKind
from registry.forms_lists import UploadForm
from registry.models import AdmissionUpload
from registry.views.admission_page import page_of
from registry.views.orders import take_out
from registry.views.reach import upload_for

UPLOADS_A_PAGE = 20


def _prefectures(request: HttpRequest) -> QuerySet[Organisation]:
    """Where the person may import lists; for all others there is no such page."""
    found = organisations_where(request.user, Permission.IMPORT_ADMISSIONS, Level.PREFECTURE)
    if not found.exists():
        raise Http404
    return found


def _uploads(request: HttpRequest) -> QuerySet[AdmissionUpload]:
    uploads = AdmissionUpload.objects.filter(organisation__in=_prefectures(request))
    return uploads.select_related("organisation", "file", "uploaded_by", "imported_by").order_by("-uploaded_at", "-pk")


@login_required
@require_http_methods(["GET", "POST"])
def uploads(request: HttpRequest) -> HttpResponse:
    """The lists uploaded so far, and the form for another."""
    rows = _uploads(request)
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*bound, initial={"year": today().year})
    if bound and form.is_valid() and (made := _take_in(request, form)):
        return redirect("registry:upload", pk=made.pk)
    page = Paginator(rows, UPLOADS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "year": today().year}
    return render(request, "registry/lists/uploads.html", context, status=422 if bound else 200)


def _take_in(request: HttpRequest, form: UploadForm) -> AdmissionUpload | None:
    """Keep the file and leave its check to the worker, both or neither; None with the reason on the form."""
    file = form.cleaned_data["file"]
    try:
        with transaction.atomic():
            upload = staging.receive(
                content=file.read(), name=file.name, year=form.cleaned_data["year"],
                organisation=_prefectures(request)[0], by=request.user,
            )  # fmt: skip
            tasks.check_later(upload)
    except Refusal as refusal:
        form.add_error("file", refusal.message)
        return None
    return upload


@login_required
@require_GET
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a list stands, what is wrong with it, what it would change."""
    row = get_object_or_404(_uploads(request), pk=pk)
    return render(request, "registry/lists/upload.html", page_of(row, request.GET))


@login_required
@require_GET
def upload_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of that page that is asked for once a second while a job runs; finished, it asks no more."""
    row = get_object_or_404(_uploads(request), pk=pk)
    context = page_of(row, request.GET) | {"polled": True}
    return render(request, "registry/lists/_upload_state.html", context)


@login_required
@require_POST
def upload_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Import all, or by express choice the rows without fault; the worker does it."""
    row = get_object_or_404(_uploads(request), pk=pk)
    try:
        tasks.import_later(row, by=request.user, only_clean=request.POST.get("only_clean") == "on")
    except Refusal as refusal:
        row.refresh_from_db()
        context = page_of(row, request.GET) | {"refusal": refusal}
        return render(request, "registry/lists/upload.html", context, status=422)
    messages.success(request, "已开始导入，离开本页不影响导入，结果在本页显示")
    return redirect("registry:upload", pk=pk)


@login_required
@require_POST
@password_again
def upload_marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The user's own file with its faulty cells marked."""
    return take_out(request, upload_for(request, pk), OrderKind.MARKED, "xlsx")


@login_required
@require_POST
@password_again
def upload_rest(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that cannot be imported, to be mended and uploaded."""
    return take_out(request, upload_for(request, pk), OrderKind.REST, "xlsx")


@login_required
@require_GET
def upload_template(request: HttpRequest) -> HttpResponse:
    """The empty list to fill in, with the schools of this year."""
    _prefectures(request)
    return _workbook(template(from_database(today().year, today())), "录取名单模板.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=staging.XLSX, headers=headers)
