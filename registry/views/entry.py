"""Pages of the lists of children: all batches, one batch, entering, marking, uploads, and those who are followed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from registry.admissions.staging import XLSX
from registry.batch_list import school_of
from registry.entry import batches as deeds
from registry.entry import importing, page, workbook
from registry.entry.forms import EntrantForm, EntryUploadForm, TakeUpForm
from registry.enums import EntryArrival
from registry.models import EntryBatch, EntryUpload
from registry.views.batches import back_to


def batch_for(request: HttpRequest, pk: int) -> EntryBatch:
    """The batch, if this person may see it; a stranger gets 404."""
    seen = EntryBatch.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("request", "school__division", "school__parent__parent__parent"), pk=pk
    )


def chosen(request: HttpRequest) -> list[int]:
    """The children ticked on a list."""
    values = request.POST.getlist("entrant")
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]


@login_required
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """All batches one may see."""
    return render(request, "registry/entry/list.html", page.entry_list(request.user, today(), request.GET))


@login_required
@require_POST
def open_batch(request: HttpRequest) -> HttpResponse:
    """The registrar opens a batch of this year."""
    school = school_of(access_of(request.user))
    if school is None:
        raise Refusal("只有学校的学籍管理员可以新建批次")
    batch = deeds.open_batch(school=school, stage=request.POST.get("stage", ""), by=request.user)
    carried = batch.entrants.count()
    more = f"，接续上一批次未了结的学生{carried}人" if carried else ""
    messages.success(request, f"已新建批次{batch.request.number}{more}")
    return redirect("registry:entry_batch", batch.pk)


@login_required
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The empty list to fill in."""
    return _workbook(workbook.template(), "小学初中新生名单模板.xlsx")


@login_required
@require_GET
def followed(request: HttpRequest, name: str) -> HttpResponse:
    """Those to urge, those who come later, or those whose former record is still open."""
    shown = page.followed(request.user, today(), name, request.GET)
    return render(request, f"registry/entry/{name.removeprefix('entry_')}.html", shown)


@login_required
@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The working page of one batch."""
    return _batch_page(request, batch_for(request, pk))


def _batch_page(request: HttpRequest, shown: EntryBatch, form=None) -> HttpResponse:
    found = page.batch_page(
        shown, request.user, today(), show=request.GET.get("show", ""), page=request.GET.get("page", 1)
    )
    forms = {form.code: form} if form else {}
    found |= {"upload_form": forms.get("upload", EntryUploadForm()), "takeup_form": forms.get("takeup", TakeUpForm())}
    return render(request, "registry/entry/batch.html", found | {"form": form}, status=422 if form else 200)


@login_required
@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the ticked children, or all unmarked ones, as come or not."""
    batch, arrival = batch_for(request, pk), request.POST.get("arrival", "")
    if arrival not in EntryArrival.values:
        raise Refusal("请选择要登记的报到情况")
    unmarked = batch.entrants.filter(arrival=EntryArrival.UNMARKED, removed_on=None)
    people = unmarked.values_list("pk", flat=True) if "everyone" in request.POST else chosen(request)
    if marked := deeds.mark(batch=batch, entrants=people, arrival=arrival, by=request.user, on=today()):
        messages.success(request, f"已将{marked}名学生登记为{EntryArrival(arrival).label}")
    else:
        messages.warning(request, "没有需要登记的学生，请先勾选；延缓入学待决定的须先由主管部门决定")
    return redirect(back_to(request, reverse("registry:entry_batch", args=[pk])))


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one child."""
    batch = batch_for(request, pk)
    form = EntrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.add(batch=batch, values=form.values, by=request.user)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, f"已录入{made.name}" + ("，学籍库中已有该生，注册时沿用" if made.known_id else "")
            )
            return redirect("registry:add_entrant" if "more" in request.POST else "registry:entry_batch", pk)
    shown = {"batch": batch, "form": form, "blocked": not page.may_edit(batch, access_of(request.user))}
    return render(request, "registry/entry/add.html", shown, status=422 if form.errors else 200)


@login_required
@require_POST
@drafted
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the primary graduates of the year."""
    batch, form = batch_for(request, pk), TakeUpForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, batch, form)
    made, missing = deeds.take_up(batch=batch, by=request.user, **form.cleaned_data)
    messages.success(request, f"已承接小学毕业生{made}人")
    if missing:
        shown = "、".join(f"{n[:6]}****{n[-4:]}" for n in missing[:10])
        messages.warning(request, f"{len(missing)}个身份证号没有找到今年的小学毕业生，请逐个录入：{shown}")
    return redirect("registry:entry_batch", pk)


@login_required
@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a workbook of children; nothing is written to the list."""
    batch, form = batch_for(request, pk), EntryUploadForm(request.POST, request.FILES)
    deeds.editable(batch, request.user)
    if form.is_valid():
        try:
            file = form.cleaned_data["file"]
            made = importing.receive(batch=batch, content=file.read(), name=file.name, by=request.user)
            return redirect("registry:entry_upload", made.pk)
        except Refusal as refusal:
            form.add_error("file", refusal.message)
    return _batch_page(request, batch, form)


def _upload_for(request: HttpRequest, pk: int) -> EntryUpload:
    uploads = EntryUpload.objects.visible_to(request.user)
    return get_object_or_404(
        uploads.select_related(
            "batch__request", "batch__school__parent__parent__parent", "file", "uploaded_by", "imported_by"
        ),
        pk=pk,
    )


@login_required
@require_GET
def uploaded(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check found."""
    found = _upload_for(request, pk)
    shown = {"upload": found, "batch": found.batch, "may_import": page.may_edit(found.batch, access_of(request.user))}
    return render(request, "registry/entry/upload.html", shown)


@login_required
@require_POST
def put_in(request: HttpRequest, pk: int) -> HttpResponse:
    """All rows, or by express choice those without fault."""
    found = _upload_for(request, pk)
    done = importing.apply(found, by=request.user, only_clean="only_clean" in request.POST)
    messages.success(request, f"已导入{done.summary['new']}名学生")
    return redirect("registry:entry_batch", found.batch_id)


@login_required
@require_POST
def marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The user's own workbook with its faulty cells marked."""
    found = _upload_for(request, pk)
    return _workbook(importing.marked(found, by=request.user), f"新生名单-标注-{found.pk}.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name)
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})
