"""Pages of the ground: the size of type, drafts, and files through the rights of their use."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.confirm import password_first
from linxia_xueji.drafts import drop, save_typed
from linxia_xueji.models import FileUse
from linxia_xueji.refusal import Refusal
from linxia_xueji.serving import SHOWN, stored_file


def _back(request: HttpRequest) -> HttpResponse:
    """To the page a form names as its own, on this site; else to the desk."""
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")


@login_required
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Turn 大字 on or off for this person."""
    request.user.large_type = not request.user.large_type
    request.user.save(update_fields=["large_type"])
    return _back(request)


@login_required
@require_POST
def drafts(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed (asked for by the page's script, answered with words), or clear it (asked for by hand)."""
    key = request.POST.get("draft_key", "")
    if "draft_drop" in request.POST:
        drop(request.user, key)
        messages.success(request, "已清除未提交的内容")
        return _back(request)
    try:
        return JsonResponse(save_typed(request.user, key, request.POST))
    except Refusal as refusal:
        return JsonResponse({"words": refusal.message}, status=422)


def _is_export(request: HttpRequest, pk: int) -> bool:
    """A list to take away; scans are looked at in the browser."""
    return not FileUse.objects.filter(pk=pk, content_type__in=list(SHOWN)).exists()


@login_required
@require_GET
@password_first(when=_is_export)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A stored file, to whoever may see the record it is used in; a stranger gets 404."""
    return stored_file(get_object_or_404(FileUse.objects.visible_to(request.user), pk=pk))
