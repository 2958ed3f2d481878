"""The lists of requests: 待办, 已办, 退回待修改, 超期与督办."""

from collections import Counter
from operator import attrgetter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from approvals import desk
from approvals.calendars import calendars
from approvals.clock import SOON
from approvals.forms import FilterForm
from approvals.kept_filter import carried, conditions_of
from approvals.kinds import all_kinds
from approvals.overdue import by_office, undone
from approvals.rows import rows
from approvals.supervision import late_rows
from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.prepared import Question, answer, how_many

PER_PAGE = 50
NOTHING_SUCH = "没有符合条件的记录。可清空条件后再查。"
KPIS = (
    ("over", "over", "件超期"),
    ("today", "over", "件今日到期"),
    ("soon", "soon", "件3个工作日内到期"),
)


@login_required
@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """The queue of what waits for this person."""
    on, access = today(), access_of(request.user)
    form = FilterForm(request.GET, schools=desk.schools_waiting(access))
    asked = tuple(sorted(form.conditions.items()))
    given = (access, on, calendars().nth_days_after(on, SOON), asked)
    heaps = desk.heaps(*given)
    context = _page(request, desk.narrowed, *given, own=True, count=sum(heap.chosen for heap in heaps))
    context |= {"tabs": _tabs(request, _kinds(heaps)), "kpis": _kpis(request, heaps, desk.record_of(access, on))}
    notices = desk.notices_for(request.user, access, on)
    context |= {"notices": notices, "filter_form": form, "today": on} | _kept(request)
    context |= {"clear_url": reverse("approvals:desk"), "empty_text": NOTHING_SUCH if asked else ""}
    return render(request, "approvals/desk.html", context)


def _kept(request: HttpRequest) -> dict[str, Any]:
    """The filter as it goes along: as the end of an address, as names and values."""
    return {"kept": carried(request.GET), "conditions": conditions_of(request.GET)}


@login_required
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """What this person had a hand in, this month's alone where asked so."""
    since = today().replace(day=1) if request.GET.get("since") == "month" else None
    context = _listed(request, desk.done, access_of(request.user), since)
    return render(request, "approvals/done.html", context | {"this_month": since is not None})


@login_required
@require_GET
def returned(request: HttpRequest) -> HttpResponse:
    """What is back with a school."""
    return render(request, "approvals/returned.html", _listed(request, desk.sent_back, access_of(request.user)))


@login_required
@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """What passed its last day undecided."""
    access, on = access_of(request.user), today()
    page = _listed(request, desk.late, access, on)
    beside = {"late": late_rows(page["rows"], access), "desks": by_office(access, on) if page["rows"] else ()}
    beside["undone"] = undone(access, on)
    return render(request, "approvals/overdue.html", page | beside)


def _listed(request: HttpRequest, question: Question, *given) -> dict[str, Any]:
    """A page of a list with a tab for each business in it; counted once for both."""
    counts = Counter(dict(answer(desk.kinds_in, question, given)))
    kind = request.GET.get("kind", "")
    count = counts[kind] if kind else counts.total()
    return _page(request, desk.of_kind, question, given, kind, count=count) | {"tabs": _tabs(request, counts)}


def _page(request: HttpRequest, question: Question, *given, own: bool = False, count: int | None = None):
    """A page of a list: its lines, where it stands among the pages, and whether any line of one's own can be ticked."""
    count = how_many((question,), *given)[0] if count is None else count
    page: Page = Paginator(range(count), PER_PAGE).get_page(request.GET.get("page"))
    first = (page.number - 1) * PER_PAGE
    shown = rows(question, *given, on=today(), first=first, last=first + PER_PAGE, own=own)
    return {"page": page, "rows": shown, "boxes": own and any(not row.alone for row in shown)}


def _kpis(request: HttpRequest, heaps: list[desk.Heap], beside: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures in the order of the guide; each filters the queue or leads to its list."""
    home, due = reverse("approvals:desk"), request.GET.get("due", "")
    values = {key: sum(map(attrgetter(key), heaps)) for key in ("all", "over", "today", "soon")}
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
    rate = beside["rate"]
    return [
        *kpis,
        {"value": values["all"], "label": "件待办", "url": home, "current": not due},
        {"value": beside["returned"], "label": "件退回修改中", "url": reverse("approvals:returned")},
        {"value": beside["done"], "label": "件本月已办", "url": f"{reverse('approvals:done')}?since=month"},
        {"value": "—" if rate is None else f"{rate:g}%", "label": "本年按期办结率", "url": ""},
    ]


def _kinds(heaps: list[desk.Heap]) -> Counter[str]:
    """How many of each business wait."""
    counts: Counter[str] = Counter()
    for heap in heaps:
        counts[heap.kind] += heap.all
    return counts


def _tabs(request: HttpRequest, counts: Counter[str]) -> list[dict[str, Any]]:
    """One tab per business that has any, and all of them."""
    chosen = request.GET.get("kind", "")
    tabs = [{"label": "全部", "url": _with_kind(request, ""), "count": counts.total(), "current": not chosen}]
    for kind in all_kinds():
        if counts[kind.code] or chosen == kind.code:
            tabs.append(
                {
                    "label": kind.label,
                    "url": _with_kind(request, kind.code),
                    "count": counts[kind.code],
                    "current": chosen == kind.code,
                }
            )
    return tabs


def _with_kind(request: HttpRequest, kind: str) -> str:
    """The same list under the same conditions, of one business."""
    changed = request.GET.copy()
    for name in ("page", "kind"):
        changed.pop(name, None)
    if kind:
        changed["kind"] = kind
    return f"{request.path}?{changed.urlencode()}"
