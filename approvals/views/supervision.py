"""督办 of one late request, on its own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from approvals.due import clock_of
from approvals.forms_supervision import SupervisionForm
from approvals.kinds import kind_of
from approvals.models import Request
from approvals.supervision import supervise, why_not
from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted


def _late(request: HttpRequest, pk: int) -> Request:
    """The request, where this person may see it; a stranger gets 404."""
    chain = Request.objects.select_related(
        "turn_organisation__parent__parent__parent", "school__parent__parent__parent"
    )
    return get_object_or_404(chain.visible_to(request.user).prefetch_related("supervisions"), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def supervision(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to whoever has the request; the page says why where that cannot be done."""
    found, on = _late(request, pk), today()
    form = SupervisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        sent = supervise(request=found, note=form.cleaned_data["note"], by=request.user, on=on)
        messages.success(request, f"已向{sent.addressee.short_name}发出督办：{found.subject}（{found.number}）")
        return redirect("approvals:overdue")
    blocked = why_not(found, access_of(request.user), on)
    page = {"request_obj": found, "kind_label": kind_of(found).label, "form": form, "blocked": blocked}
    return render(
        request, "approvals/supervise.html", page | {"clock": clock_of(found, on)}, status=422 if form.is_bound else 200
    )
