"""The lists of requests: 待办, 已办, 退回待修改, 超期与督办."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from approvals import desk
from approvals.calendars import Calendars
from approvals.forms import FilterForm
from approvals.kinds import all_kinds
from approvals.models import Request
from approvals.supervision import late_rows
from linxia_xueji.access import access_of
from linxia_xueji.dates import today

PER_PAGE = 50
KPIS = (
    ("over", "over", "件超期"),
    ("today", "over", "件今日到期"),
    ("soon", "soon", "件3个工作日内到期"),
)


@login_required
@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """The queue of what waits for this person."""
    on, calendars, access = today(), Calendars(), access_of(request.user)
    queue = desk.inbox(request.user, access)
    form = FilterForm(request.GET, schools=_schools(queue))
    soon = desk.due_soon(queue, on, calendars)
    found = _narrow(queue, form.conditions, on, soon)
    context = _page(request, found, on, calendars, own=True) | {
        "today": on,
        "kpis": _kpis(request, queue, soon, on),
        "tabs": _tabs(request.GET, queue),
        "notices": desk.notices_for(request.user, access, on),
        "filter_form": form,
        "clear_url": reverse("approvals:desk"),
        "empty_text": "没有符合条件的记录。可清空条件后再查。" if form.conditions else "",
    }
    return render(request, "approvals/desk.html", context)


@login_required
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """What this person had a hand in, this month's alone where asked so."""
    on = today()
    since = on.replace(day=1) if request.GET.get("since") == "month" else None
    context = _page(request, desk.done(request.user, since), on, Calendars())
    return render(request, "approvals/done.html", context | {"this_month": since is not None})


@login_required
@require_GET
def returned(request: HttpRequest) -> HttpResponse:
    """What is back with a school."""
    return render(request, "approvals/returned.html", _page(request, desk.returned(request.user), today(), Calendars()))


@login_required
@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """What passed its last day undecided."""
    on = today()
    page = _page(request, desk.overdue(request.user, on), on, Calendars())
    return render(request, "approvals/overdue.html", page | {"late": late_rows(page["rows"], access_of(request.user))})


def _page(
    request: HttpRequest, found: QuerySet[Request], on: date, calendars: Calendars, *, own: bool = False
) -> dict[str, Any]:
    page: Page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "rows": desk.rows(page.object_list, on, calendars, own=own)}


def _schools(queue: QuerySet[Request]) -> list[tuple[int, str]]:
    return list(queue.order_by("school__code").values_list("school", "school__short_name").distinct())


def _narrow(queue: QuerySet[Request], conditions: dict[str, Any], on: date, soon: list[int]) -> QuerySet[Request]:
    due = {"over": {"due_on__lt": on}, "today": {"due_on": on}, "soon": {"pk__in": soon}}
    asked = {name: value for name, value in conditions.items() if name != "due"}
    return queue.filter(**asked, **due.get(conditions.get("due", ""), {}))


def _kpis(request: HttpRequest, queue: QuerySet[Request], soon: list[int], on: date) -> list[dict[str, Any]]:
    """The figures in the order of the guide; each filters the queue or leads to its list."""
    home, due = reverse("approvals:desk"), request.GET.get("due", "")
    counted = desk.figures(request.user, queue, on)
    values = counted | {"soon": len(soon)}
    kpis = [
        {
            "value": values[key],
            "label": label,
            "tone": tone if values[key] else "",
            "url": f"{home}?due={key}",
            "current": due == key,
        }
        for key, tone, label in KPIS
    ]
    rate = counted["rate"]
    return [
        *kpis,
        {"value": counted["all"], "label": "件待办", "url": home, "current": not due},
        {"value": counted["returned"], "label": "件退回修改中", "url": reverse("approvals:returned")},
        {"value": counted["done"], "label": "件本月已办", "url": f"{reverse('approvals:done')}?since=month"},
        {"value": "—" if rate is None else f"{rate:g}%", "label": "本年按期办结率", "url": ""},
    ]


def _tabs(query: QueryDict, queue: QuerySet[Request]) -> list[dict[str, Any]]:
    """One tab per business that has any, and all of them; a single business needs no tabs."""
    counts = dict(queue.order_by().values_list("kind").annotate(n=Count("pk")))
    chosen = query.get("kind", "")
    tabs = [{"label": "全部", "url": _with_kind(query, ""), "count": sum(counts.values()), "current": not chosen}]
    for kind in all_kinds():
        if counts.get(kind.code) or chosen == kind.code:
            tabs.append(
                {
                    "label": kind.label,
                    "url": _with_kind(query, kind.code),
                    "count": counts.get(kind.code, 0),
                    "current": chosen == kind.code,
                }
            )
    return tabs


def _with_kind(query: QueryDict, kind: str) -> str:
    changed = query.copy()
    for name in ("page", "kind"):
        changed.pop(name, None)
    if kind:
        changed["kind"] = kind
    return f"{reverse('approvals:desk')}?{changed.urlencode()}"
