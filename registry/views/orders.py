"""A file being made: its progress, and the file once it is there. For whoever asked for it and may still see its subject."""

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.confirm import password_again
from registry.models import ExportRecord, FileOrder
from registry.orders import RUNNING, hand_over, make, name_of
from registry.views.batches import batch_for
from registry.views.reach import upload_for

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def take_out(request: HttpRequest, subject, kind: str, format: str) -> HttpResponse:
    """The file at once where it is small, else the page on which it will be."""
    order = make(subject, kind, format, by=request.user, site=request.build_absolute_uri("/"))
    return redirect("registry:order", pk=order.pk) if order.pk else _download(request, order)


def _download(request: HttpRequest, order: FileOrder) -> HttpResponse:
    return download(hand_over(order, by=request.user), order.format, name_of(order))


def download(content: bytes, format: str, name: str) -> HttpResponse:
    """A file to keep. :param name: without personal data and without ending."""
    response = HttpResponse(content, content_type=TYPES[format])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{format}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _order(request: HttpRequest, pk: int) -> FileOrder:
    order = get_object_or_404(
        FileOrder.objects.select_related("batch__request", "upload", "export"), pk=pk, asked_by=request.user
    )
    if order.batch_id:
        batch_for(request, order.batch_id)
    elif order.upload_id:
        upload_for(request, order.upload_id)
    else:
        get_object_or_404(ExportRecord.objects.visible_to(request.user), pk=order.export_id)
    return order


def _page(order: FileOrder) -> dict:
    running = order.state in RUNNING
    subjects = (("batch", order.batch_id), ("upload", order.upload_id), ("export", order.export_id))
    name, pk = next((name, pk) for name, pk in subjects if pk)
    back = reverse(f"registry:{name}", args=[pk])
    return {"order": order, "running": running, "refresh_seconds": 3 if running else None, "back": back}


@login_required
@require_GET
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the file stands."""
    return render(request, "registry/order.html", _page(_order(request, pk)))


@login_required
@require_GET
def order_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of that page that is asked for once a second until the file is made."""
    return render(request, "registry/_order_state.html", _page(_order(request, pk)) | {"polled": True})


@login_required
@require_POST
@password_again
def order_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, taken out on record."""
    return _download(request, _order(request, pk))
