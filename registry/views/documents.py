"""附件1 and 附件2 on screen and as files, and the 上报材料包."""

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.trail import record
from registry.annexes import FORMATS, FORMS, annex_list, annex_page, file_of
from registry.package import package_of
from registry.views.batches import batch_for

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def download(content: bytes, format: str, name: str) -> HttpResponse:
    """A file to keep. :param name: without personal data and without ending."""
    response = HttpResponse(content, content_type=TYPES[format])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{format}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_GET
def annexes(request: HttpRequest) -> HttpResponse:
    """The forms of all batches one may see."""
    return render(request, "registry/batch/annexes.html", annex_list(request.user, request.GET))


@login_required
@require_GET
def annex(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The form as it stands, ID numbers masked, beside the check of its figures."""
    batch = batch_for(request, pk)
    if form not in FORMS:
        raise Http404
    return render(request, "registry/batch/annex.html", annex_page(batch, form, today()))


@login_required
@require_POST
@password_again
def annex_file(request: HttpRequest, pk: int, form: str, format: str) -> HttpResponse:
    """The form as a file, ID numbers whole; taking it out stands in the trail."""
    batch = batch_for(request, pk)
    if form not in FORMS or format not in FORMATS:
        raise Http404
    made, students = file_of(batch, form, format, today(), by=request.user, site=request.build_absolute_uri("/"))
    after = {"format": format, "count": students, "code": made.code}
    record(action=f"导出{FORMS[form]}", by=request.user, target=batch, after=after)
    return download(made.content, format, f"{FORMS[form]}-{batch.request.number}")


@login_required
@require_POST
@password_again
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The 上报材料包 as one ZIP; taking it out stands in the trail."""
    batch = batch_for(request, pk)
    content, count = package_of(batch, today(), by=request.user, site=request.build_absolute_uri("/"))
    record(action="导出上报材料包", by=request.user, target=batch, after={"files": count})
    return download(content, "zip", f"上报材料包-{batch.request.number}")
