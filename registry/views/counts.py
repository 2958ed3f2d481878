"""Counts of the register as of a day: table, chart, Excel."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.rosters.forms import CountForm
from registry.rosters.pages import counted, counts_page, told
from registry.rosters.workbook import counts_book
from registry.views.orders import download


def _form(request: HttpRequest) -> CountForm:
    if not access_of(request.user).has(Permission.VIEW_REGISTER):
        raise Http404
    return CountForm(request.GET, user=request.user)


@login_required
@require_GET
def counts(request: HttpRequest) -> HttpResponse:
    """How many students there are, by one or two dimensions."""
    form = _form(request)
    context = counts_page(form, request.user, request.GET.get("page"))
    return render(request, "registry/counts/counts.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def counts_file(request: HttpRequest) -> HttpResponse:
    """The same as Excel; that it was taken out stands in the trail."""
    form = _form(request)
    if form.is_bound and not form.is_valid():
        raise Refusal("统计条件有误，请修改条件后再导出")
    table, what = counted(form, request.user), told(form)
    noted = {"count": table.sums.total, "rows": len(table.lines), "day": form.conditions.day.isoformat()}
    office = access_of(request.user).post.organisation
    record(action="导出人数统计", by=request.user, target=office, after=noted)
    return download(counts_book(table, what), "xlsx", f"人数统计-{form.conditions.day:%Y%m%d}")
