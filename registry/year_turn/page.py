"""What the pages of a turn show; numbers come from the tallies, so that a prefecture costs no more than a school."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, Sum
from django.http import QueryDict
from django.urls import reverse

from approvals.models import Request
from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.enums import Level, Stage
from linxia_xueji.models import Organisation, User
from registry.enums import Fate, TurnState
from registry.models import TurnItem, TurnTally, YearTurn
from registry.roster.grades import words_of
from registry.search import enrolment_page
from registry.year_turn.fates import BY_HAND, LEFT, MOVING
from registry.year_turn.follow import FOLLOWABLE, with_names
from registry.year_turn.handed_on import takers
from registry.year_turn.rights import may_follow, may_turn

A_PAGE, ITEMS_A_PAGE = 50, 30
BUSY = (TurnState.RUNNING, TurnState.UNDOING)
STAYING = (Fate.SUSPENDED, Fate.CURRENT, Fate.ENTERED)
COLUMNS = (Fate.UP, Fate.GRADUATED, Fate.COMPLETED, Fate.HANDED_ON, Fate.BLOCKED)
_TONES = {TurnState.PREVIEW: "info", TurnState.DONE: "warn", TurnState.CONFIRMED: "ok"}
_SAID = {TurnState.DONE: "处理完成，待确认", TurnState.PREVIEW: "撤销完成", TurnState.CONFIRMED: "已确认"}


def turn_page(turn: YearTurn, user: User, query: QueryDict) -> dict[str, Any]:
    """The overview: how far it is, numbers in all, and by county or by school."""
    seen = TurnTally.objects.visible_to(user).filter(turn=turn)
    level = access_of(user).post.organisation.level
    county = query.get("county", "") if level in (Level.PREFECTURE, Level.PROVINCE) else ""
    by_county = level in (Level.PREFECTURE, Level.PROVINCE) and not county
    stage = query.get("stage", "") if query.get("stage") in Stage.values else ""
    shown = seen.filter(stage=stage) if stage else seen
    rows = _by_county(shown) if by_county else _by_school(shown, county)
    page = Paginator(rows, A_PAGE).get_page(query.get("page"))
    if not by_county:
        _say_who_takes(turn, page)
    sums = dict(seen.values_list("fate").order_by().annotate(number=Sum("count")))
    waiting = TurnItem.objects.visible_to(user).filter(turn=turn, settled_at=None).count()
    counted = turn.counted_at is not None
    return {
        **state(turn), "page": page, "by_county": by_county, "tabs": _stages(stage, county), "county": _county_of(county), "waiting": waiting,
        "total": sum(sums.values()), "kpis": _kpis(turn, sums, waiting), "may_turn": may_turn(user, turn.prefecture),
        "counted": counted, "due": today() >= turn.day, "fresh": not turn.moves.exists() if turn.state == TurnState.PREVIEW else False,
    }  # fmt: skip


def state(turn: YearTurn) -> dict[str, Any]:
    """How far it is: the part of the page that is asked for while a job runs."""
    counting = turn.state == TurnState.PREVIEW and turn.counted_at is None
    running = turn.state in BUSY or counting
    schools = turn.turnschool_set.aggregate(all=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)))
    undoing = turn.state == TurnState.UNDOING
    return {
        "turn": turn, "running": running, "counting": counting, "refresh_seconds": 3 if running else None, "tone": _TONES.get(turn.state, "info"),
        "schools": schools, "say": _SAID.get(turn.state, ""), "undoing": undoing, "steps": _steps(turn),
        "doing": "正在统计预览" if counting else "正在撤销" if undoing else "正在逐校处理",
    }  # fmt: skip


def _steps(turn: YearTurn) -> list[dict[str, str]]:
    at = {TurnState.PREVIEW: 1, TurnState.CONFIRMED: 4}.get(turn.state, 3 if turn.state == TurnState.DONE else 2)
    words = (
        ("开启", turn.opened_by.full_name), ("预览", "学校标记结业名单"), ("处理", turn.run_by.full_name if turn.run_by else "州学管中心"),
        ("确认", turn.confirmed_by.full_name if turn.confirmed_by else "确认前可以撤销"),
    )  # fmt: skip
    return [
        {"label": label, "who": who, "when": "", "state": "done" if n < at else "now" if n == at else "todo"}
        for n, (label, who) in enumerate(words)
    ]


def _kpis(turn: YearTurn, sums: dict[str, int], waiting: int) -> list[dict[str, Any]]:
    left = reverse("registry:turn_left", args=[turn.school_year])
    shown = [{"value": sums.get(fate, 0), "label": f"人{fate.label}", "tone": "", "url": ""} for fate in MOVING]
    stuck = waiting if turn.state in FOLLOWABLE else sum(sums.get(fate, 0) for fate in LEFT)
    words = "人未随班，待续办" if turn.state in FOLLOWABLE else "人不能随班"
    stays = [{"value": sums.get(Fate.SUSPENDED, 0), "label": "人休学，保留年级", "tone": "", "url": ""}]
    return [*shown, {"value": stuck, "label": words, "tone": "soon" if stuck else "", "url": left}, *stays]


def _number(*fates: Fate) -> Sum:
    return Sum("count", filter=Q(fate__in=fates), default=0)


def _numbered(rows):
    """Each row with its total and a number for every column."""
    columns = {fate.value: _number(fate) for fate in COLUMNS}
    rest = {"checked": _number(*(fate for fate in LEFT if fate != Fate.BLOCKED)), "staying": _number(*STAYING)}
    return rows.annotate(total=Sum("count"), **columns, **rest)


def _by_county(seen):
    grouped = seen.order_by().values("county", name=F("county__division__short_name"), code=F("county__code"))
    return _numbered(grouped).annotate(schools=Count("school", distinct=True)).order_by(F("code").asc(nulls_last=True))


def _by_school(seen, county: str):
    if county:
        seen = seen.filter(county=int(county) if county.isdecimal() else None)
    grouped = seen.order_by().values("school", name=F("school__short_name"), code=F("school__code"))
    return _numbered(grouped).order_by("code")


def _say_who_takes(turn: YearTurn, page: Page) -> None:
    """Of each teaching point on a page, the school that takes its pupils."""
    found = takers(turn, [row["school"] for row in page if row["handed_on"]])
    for row in page:
        row["taker"] = found.get(row["school"], "")


def _stages(stage: str, county: str) -> list[dict[str, Any]]:
    """All stages together, or one: the 毕业 of junior highs are the candidates of the admission year."""
    within = f"&county={county}" if county else ""
    labels = [("", "全部学段"), *Stage.choices]
    return [
        {"label": label, "url": f"?stage={value}{within}", "count": None, "current": value == stage}
        for value, label in labels
    ]


def _county_of(county: str) -> str:
    if not county:
        return ""
    found = (
        Organisation.objects.filter(pk=int(county)).select_related("division").first() if county.isdecimal() else None
    )
    return found.division.short_name if found else "州直属学校"


def left_page(turn: YearTurn, user: User, query: QueryDict) -> dict[str, Any]:
    """Who was left out: waiting for their business, ready to follow, or seen to. Before the run, who would be."""
    items = TurnItem.objects.visible_to(user).filter(turn=turn)
    named = with_names(items)
    queues = {
        "ready": named.filter(settled_at=None).exclude(reason__in=BY_HAND).filter(open_request=None),
        "waiting": named.filter(Q(open_request__isnull=False) | Q(reason__in=BY_HAND), settled_at=None),
        "settled": named.filter(settled_at__isnull=False),
    }
    counts = {name: rows.count() for name, rows in queues.items()}
    show = query.get("show") if query.get("show") in queues else "ready" if counts["ready"] else "waiting"
    rows = queues[show].select_related("school", "settled_by").order_by("school__code", "grade", "pk")
    page = Paginator(rows, ITEMS_A_PAGE).get_page(query.get("page"))
    labels = {"ready": "业务已办结，可续办", "waiting": "业务在办或待核对", "settled": "已了结"}
    return {
        "turn": turn, "page": page, "show": show, "items": item_rows(page, user), "preview": turn.state == TurnState.PREVIEW,
        "tabs": [{"label": labels[name], "url": f"?show={name}", "count": n, "current": name == show} for name, n in counts.items()],
        "may": turn.state in FOLLOWABLE and may_follow(user, access_of(user).post.organisation),
    }  # fmt: skip


def item_rows(items, user: User) -> list[dict[str, Any]]:
    """Rows of the list: the student, why left out, the business with a link where it may be seen."""
    items = list(items)
    wanted = {pk for item in items for pk in (item.open_request, item.request_id) if pk}
    seen = {r.pk: r for r in Request.objects.visible_to(user).filter(pk__in=wanted)} if wanted else {}
    return [
        {
            "item": item, "grade": words_of(item.grade) if item.grade else "—", "page": enrolment_page(item.enrolment_id),
            "request": seen.get(item.open_request or item.request_id), "busy": item.open_request is not None,
            "by_hand": item.reason in BY_HAND,
        }
        for item in items
    ]  # fmt: skip
