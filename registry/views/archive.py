"""Pages of archives: by school, by student, materials in and out, the whole as a ZIP, and its receipt."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Level, Permission
from linxia_xueji.reach import organisations_where
from linxia_xueji.refusal import Refusal
from linxia_xueji.serving import stored_file
from linxia_xueji.trail import record
from registry.archive import deeds
from registry.archive.contents import entries_of
from registry.archive.forms import MaterialForm, ReceiptForm, RemovalForm
from registry.archive.pages import archive_page, archives_page, school_page
from registry.archive.parcel import parcel_of
from registry.models import ArchiveHandover, ArchiveItem, Enrolment
from registry.views.orders import download


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    seen = Enrolment.objects.visible_to(request.user).select_related("student", "school__parent__parent__parent")
    return get_object_or_404(seen, pk=pk)


def _page(request: HttpRequest, enrolment: Enrolment, status: int = 200, **forms) -> HttpResponse:
    return render(
        request, "registry/archive/archive.html", archive_page(enrolment, request.user, today(), forms), status=status
    )


@login_required
@require_GET
def archives(request: HttpRequest) -> HttpResponse:
    """Schools, the late ones first."""
    if not access_of(request.user).has(Permission.VIEW_REGISTER):
        raise Http404
    return render(request, "registry/archive/list.html", archives_page(request.user, today()))


@login_required
@require_http_methods(["GET", "POST"])
def school_archives(request: HttpRequest, pk: int) -> HttpResponse:
    """Students of a school whose archive is not set up; many at once can be noted as lying there on paper."""
    schools = organisations_where(request.user, Permission.VIEW_REGISTER, Level.SCHOOL)
    school = get_object_or_404(schools.select_related("parent__parent__parent"), pk=pk)
    if request.method == "POST":
        chosen = [int(value) for value in request.POST.getlist("enrolment") if value.isascii() and value.isdigit()]
        try:
            made = deeds.tick(school=school, enrolments=chosen, by=request.user, on=today())
            messages.success(request, f"已登记{made}名学生的纸质材料归档" if made else "没有选择学生")
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("registry:school_archives", pk)
    return render(request, "registry/archive/school.html", school_page(school, request.user, today(), request.GET))


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The archive of one student; a material is put in."""
    enrolment = _enrolment(request, pk)
    if request.method == "GET":
        return _page(request, enrolment)
    form = MaterialForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, enrolment, 422, material_form=form, form=form)
    try:
        item = deeds.put_in(enrolment=enrolment, **form.cleaned_data, by=request.user, on=today())
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, enrolment, 422, material_form=form, form=form)
    messages.success(request, f"已归档：{item.title}")
    return redirect("registry:archive", pk)


@login_required
@require_POST
def remove_material(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out what was put in by mistake."""
    item = get_object_or_404(
        ArchiveItem.objects.visible_to(request.user).select_related("enrolment__school__parent__parent__parent"), pk=pk
    )
    form = RemovalForm(request.POST)
    try:
        deeds.take_out(item=item, reason=form.cleaned_data["reason"] if form.is_valid() else "", by=request.user)
        messages.success(request, f"已撤出：{item.title}")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("registry:archive", item.enrolment_id)


@login_required
@require_GET
def material(request: HttpRequest, pk: int, use: int) -> HttpResponse:
    """The scan of a material in the archive that may be followed from a student one sees."""
    entries = entries_of(_enrolment(request, pk), access_of(request.user))
    found = next((entry.use for entry in entries if entry.use and entry.use.pk == use), None)
    if found is None:
        raise Http404
    return stored_file(found)


@login_required
@require_POST
@password_again
def archive_parcel(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole as one ZIP; that it was taken out stands in the trail."""
    enrolment = _enrolment(request, pk)
    access, site = access_of(request.user), request.build_absolute_uri("/")
    parcel = parcel_of(enrolment, access, today(), by=request.user, site=site)
    record(action="导出学籍档案", by=request.user, target=enrolment, after={"files": parcel.count})
    return download(parcel.content, "zip", f"学籍档案-{enrolment.pk}")


@login_required
@require_POST
def receive_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The receiving school confirms that the archive has come."""
    handover = get_object_or_404(
        ArchiveHandover.objects.visible_to(request.user).select_related("present__school__parent__parent__parent"),
        present=pk,
    )
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _page(request, _enrolment(request, pk), 422, receipt_form=form, form=form)
    try:
        deeds.receive(handover=handover, note=form.cleaned_data["note"], by=request.user, on=today())
        messages.success(request, "已登记档案接收")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("registry:archive", pk)
