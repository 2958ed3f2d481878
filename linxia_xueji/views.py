"""Pages of the ground: the size of type, and files through the rights of their use."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.files import read
from linxia_xueji.models import FileUse

INLINE = {"image/jpeg", "image/png", "application/pdf"}


@login_required
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Turn 大字 on or off for this person."""
    request.user.large_type = not request.user.large_type
    request.user.save(update_fields=["large_type"])
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")


@login_required
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A stored file, to whoever may see the record it is used in; a stranger gets 404."""
    use = get_object_or_404(FileUse.objects.visible_to(request.user), pk=pk)
    response = HttpResponse(read(use), content_type=use.content_type)
    disposition = "inline" if use.content_type in INLINE else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{use.purpose}-{use.pk}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
