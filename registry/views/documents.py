"""附件1 and 附件2 on screen and as files, and the 上报材料包."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from registry.annexes import FORMATS, FORMS, annex_list, annex_page
from registry.documents.gather import batches
from registry.enums import OrderKind
from registry.models import EnrolmentBatch
from registry.views.orders import take_out


def _batch(request: HttpRequest, pk: int) -> EnrolmentBatch:
    """The batch with what its forms need, if this person may see it; a stranger gets 404."""
    return get_object_or_404(batches().visible_to(request.user), pk=pk)


@login_required
@require_GET
def annexes(request: HttpRequest) -> HttpResponse:
    """The forms of all batches one may see."""
    return render(request, "registry/batch/annexes.html", annex_list(request.user, request.GET))


@login_required
@require_GET
def annex(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The form as it stands, ID numbers masked, beside the check of its figures."""
    batch = _batch(request, pk)
    if form not in FORMS:
        raise Http404
    return render(request, "registry/batch/annex.html", annex_page(batch, form, today()))


@login_required
@require_POST
@password_again
def annex_file(request: HttpRequest, pk: int, form: str, format: str) -> HttpResponse:
    """The form as a file, ID numbers whole; taking it out stands in the trail. A long one is made by the worker."""
    batch = _batch(request, pk)
    if form not in FORMS or format not in FORMATS:
        raise Http404
    return take_out(request, batch, form, format)


@login_required
@require_POST
@password_again
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The 上报材料包 as one ZIP; taking it out stands in the trail."""
    batch = _batch(request, pk)
    return take_out(request, batch, OrderKind.BUNDLE, "zip")
