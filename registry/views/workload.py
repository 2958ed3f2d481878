"""人员工作量: the registrars by their work, posts without a person, who acts for whom, accounts unused; only for authorities."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.trail import record
from registry.offices.workload import HEADS, oversees
from registry.offices.workload_page import LoadForm, loads, workload_book, workload_page
from registry.views.orders import download


def _form(request: HttpRequest) -> LoadForm:
    if not oversees(access_of(request.user)):
        raise Http404
    return LoadForm(request.GET, user=request.user)


@login_required
@require_GET
def workload(request: HttpRequest) -> HttpResponse:
    """Who keeps the register, with how much work."""
    form = _form(request)
    context = workload_page(form, request.user, today(), request.GET.get("page"))
    return render(request, "registry/offices/workload.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def workload_file(request: HttpRequest) -> HttpResponse:
    """The same as Excel; that it was taken out stands in the trail."""
    on, rows = today(), loads(_form(request), request.user, today())
    office = access_of(request.user).post.organisation
    record(action="导出人员工作量", by=request.user, target=office, after={"rows": len(rows), "day": on.isoformat()})
    return download(workload_book(rows, HEADS, on), "xlsx", f"人员工作量-{on:%Y%m%d}")
