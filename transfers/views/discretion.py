"""酌情办理: how often discretion was used."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from transfers.discretion import discretion_used


@login_required
@require_GET
def discretion(request: HttpRequest) -> HttpResponse:
    """By business and year, of all one may see."""
    access = access_of(request.user)
    if not access.has(Permission.VIEW_REGISTER):
        raise Http404
    rows = discretion_used(access)
    page = {"rows": rows, "total": sum(row.count for row in rows)}
    return render(request, "transfers/discretion.html", page)
