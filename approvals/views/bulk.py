"""批量通过: the page that lists every item before anything is done, and the report of what was."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from approvals.bulk import CAP, Item, any_final, approve_each, chosen, listed
from approvals.desk import TURNS
from approvals.kept_filter import carried
from approvals.kinds import kind_of
from approvals.models import Request
from linxia_xueji.access import Access, access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission
from linxia_xueji.refusal import Refusal

REPORT = "bulk_report"
"""Where the session keeps the last report: ids and sentences, no name."""


def _deciding(request: HttpRequest) -> Access:
    """What the person may do. :raises Http404: for whoever decides nothing."""
    access = access_of(request.user)
    if not any(access.has(permission) for permission in TURNS if permission != Permission.PREPARE_BUSINESS):
        raise Http404("decides nothing")
    return access


def _is_final(request: HttpRequest) -> bool:
    return any_final(chosen(request.POST.getlist("item")), _deciding(request))


@login_required
@require_http_methods(["GET", "POST"])
@password_again(when=_is_final)
def bulk(request: HttpRequest) -> HttpResponse:
    """What was ticked, item by item; approving them, each by itself."""
    access = _deciding(request)
    try:
        ticked = chosen((request.POST if request.method == "POST" else request.GET).getlist("item"))
    except Refusal as refusal:
        return _page(request, [], refusal)
    items = listed(ticked, request.user, access, today())
    if ticked and not items:
        raise Http404("none that this person may see")
    return _page(request, items) if request.method == "GET" or not items else _carry_out(request, items)


def _carry_out(request: HttpRequest, items: list[Item]) -> HttpResponse:
    """Approve each, and on to the report."""
    mine = {item.request.pk: item.seen for item in items}
    request.session[REPORT] = approve_each(mine, by=request.user, on=today())
    return redirect(reverse("approvals:bulk_report") + carried(request.GET))


def _page(request: HttpRequest, items: list[Item], refusal: Refusal | None = None) -> HttpResponse:
    open_ = [item for item in items if not item.alone]
    page = {"items": items, "open": open_, "final": any(item.closes for item in open_), "refusal": refusal, "cap": CAP}
    page["kept"] = carried(request.GET)
    wrong = refusal is not None or (request.method == "POST" and not items)
    return render(request, "approvals/bulk.html", page, status=422 if wrong else 200)


@login_required
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """What came of the last one: done or not, and why not, by name."""
    kept = request.session.get(REPORT)
    if not kept:
        return redirect(reverse("approvals:desk") + carried(request.GET))
    known = Request.objects.visible_to(request.user).select_related("school").in_bulk([pk for pk, _ in kept])
    rows = [_row(known[pk], why) for pk, why in sorted(kept, key=lambda pair: not pair[1]) if pk in known]
    failed = sum(bool(why) for _, why in kept)
    page = {"rows": rows, "done": len(kept) - failed, "failed": failed, "kept": carried(request.GET)}
    return render(request, "approvals/bulk_report.html", page)


def _row(request: Request, why: str) -> dict[str, Any]:
    return {"request": request, "kind_label": kind_of(request).label, "why": why}
