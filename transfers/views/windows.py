"""转学办理期: those entered with a document, and entering one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linxia_xueji.access import Access, access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Permission
from linxia_xueji.refusal import Refusal
from transfers.forms.window import WindowForm
from transfers.windows import authorities, enter_window, windows_seen


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def windows(request: HttpRequest) -> HttpResponse:
    """The windows that concern one's own office; a new one by whoever keeps the calendar."""
    access = access_of(request.user)
    form = _form(request, access)
    if access.post is None or (request.method == "POST" and form is None):
        raise Http404
    refusal = None
    if form and form.is_valid() and not (refusal := _enter(request, form)):
        return redirect("transfers:windows")
    page = {"windows": windows_seen(access, today()), "form": form, "refusal": refusal}
    return render(request, "transfers/windows.html", page, status=422 if request.method == "POST" else 200)


def _form(request: HttpRequest, access: Access) -> WindowForm | None:
    """Nothing for whoever keeps no calendar."""
    if not access.has(Permission.MANAGE_CALENDAR):
        return None
    return WindowForm(request.POST if request.method == "POST" else None, organisations=authorities(access))


def _enter(request: HttpRequest, form: WindowForm) -> Refusal | None:
    """Open it and say so, or say why not."""
    try:
        rows = enter_window(by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        return refusal
    messages.success(request, f"已登记{rows[0].organisation.short_name}的转学办理期：{rows[0].first}至{rows[0].last}")
    return None
