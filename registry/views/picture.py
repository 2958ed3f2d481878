"""全州概览: tables and bars, the list behind each figure, Excel; only for authorities."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.trail import record
from registry.offices.workload import oversees
from registry.picture.pages import ListForm, list_page, picture_book, picture_page, tables_of
from registry.views.orders import download


def _only_authorities(request: HttpRequest) -> None:
    if not oversees(access_of(request.user)):
        raise Http404


@login_required
@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """All tables."""
    _only_authorities(request)
    return render(request, "registry/picture/picture.html", picture_page(request.user, today()))


@login_required
@require_GET
def picture_requests(request: HttpRequest) -> HttpResponse:
    """The list behind a figure."""
    _only_authorities(request)
    form = ListForm(request.GET)
    if not form.is_valid():
        raise Http404
    context = list_page(form, request.user, today(), request.GET.get("page"))
    return render(request, "registry/picture/requests.html", context)


@login_required
@require_POST
def picture_file(request: HttpRequest) -> HttpResponse:
    """All tables as Excel; that they were taken out stands in the trail."""
    _only_authorities(request)
    on, tables = today(), tables_of(request.user, today())
    office = access_of(request.user).post.organisation
    record(action="导出全州概览", by=request.user, target=office, after={"rows": len(tables), "day": on.isoformat()})
    return download(picture_book(tables, on), "xlsx", f"概览-{on:%Y%m%d}")
