"""The figures of the picture: within what one may see, the last twelve months, each table one query."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse

from approvals.calendar import Calendar, UnknownYear
from approvals.enums import State
from approvals.kinds import all_kinds
from approvals.models import Request, Step
from linxia_xueji.access import Access
from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.reach import within
from registry.models import Enrolment, Intake

MONTHS = 12
AHEAD = timedelta(days=14)
OWN = "州直属"
"""Whoever has no county stands under the prefecture itself."""


@dataclass(frozen=True)
class Figure:
    """A number, and the address of the list behind it; empty where there is none."""

    value: int
    url: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a table: `figures` as in a chart, `cells` with their addresses."""

    label: str
    cells: tuple[Figure, ...]

    @property
    def figures(self) -> tuple[int, ...]:
        return tuple(cell.value for cell in self.cells)

    @property
    def total(self) -> int:
        return sum(self.figures)


@dataclass(frozen=True)
class Table:
    """:param unit: what is counted. :param note: how. :param drawn: whether the lines can be compared as bars."""

    code: str
    title: str
    by: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    unit: str
    note: str = ""
    drawn: bool = True


def months_until(on: date) -> list[date]:
    """The first days of the last twelve months, the present one last."""
    places = [on.year * 12 + on.month - 1 - n for n in range(MONTHS)]
    return [date(place // 12, place % 12 + 1, 1) for place in reversed(places)]


def listed(access: Access, since: date, asked: tuple[tuple[str, Any], ...]) -> QuerySet[Request]:
    """The requests behind a figure. :param asked: names of `ASKED` and their values."""
    found = Request.objects.open_to(access)
    for name, value in asked:
        found = found.filter(ASKED[name](value, since))
    return found.order_by("-submitted_on", "-pk")


def _month(first: date, since: date) -> Q:
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Q(submitted_on__gte=first, submitted_on__lt=after)


def _by_office(office: int, since: date) -> Q:
    steps = Step.objects.filter(request=OuterRef("pk"), organisation=office, decided_at__date__gte=since)
    return Q(Exists(steps))


_CLOSED = {"on_time": Q(closed_on_time=True), "late": Q(closed_on_time=False), "none": Q(closed_on_time=None)}
ASKED: dict[str, Callable[[Any, date], Q]] = {
    "kind": lambda kind, since: Q(kind=kind),
    "month": _month,
    "closed": lambda how, since: Q(closed_on__gte=since) & _CLOSED[how],
    "due": lambda day, since: Q(state=State.PENDING, due_on=day),
    "office": _by_office,
}


def _list(**asked: Any) -> str:
    return f"{reverse('registry:picture_requests')}?{urlencode(asked)}"


def students(access: Access, on: date) -> Table:
    """Students on the roll by county and stage; a county sees its schools."""
    place = "school" if _of_county(access) else "county"
    rows = Enrolment.objects.open_to(access).filter(ends_on=None, pending=False).order_by()
    counted = rows.values_list(place, f"{place}__short_name", "stage").annotate(n=Count("pk"))
    found: dict[tuple[int | None, str], dict[str, int]] = defaultdict(dict)
    for pk, name, stage, n in counted:
        found[pk, name or OWN][stage] = n
    lines = [
        Line(name, tuple(Figure(counts.get(stage, 0), _roll(place, pk, stage)) for stage in Stage))
        for (pk, name), counts in sorted(found.items(), key=lambda item: (item[0][0] is None, item[0][0]))
    ]
    by = "学校" if place == "school" else "县市"
    return Table("students", "在籍学生", by, tuple(Stage.labels), tuple(lines), "人", "含休学，不含待转入")


def _of_county(access: Access) -> bool:
    return Level.COUNTY in access.by_level(Permission.VIEW_REGISTER)


def _roll(place: str, pk: int | None, stage: str) -> str:
    return f"{reverse('registry:roll')}?{urlencode({place: pk, 'stage': stage})}" if pk else ""


def requests(access: Access, on: date) -> Table:
    """Requests by business and the month of their first submission."""
    months = months_until(on)
    rows = Request.objects.open_to(access).filter(submitted_on__gte=months[0], submitted_on__lte=on).order_by()
    counted = rows.annotate(month=TruncMonth("submitted_on")).values_list("kind", "month").annotate(n=Count("pk"))
    found = {(kind, month): n for kind, month, n in counted}
    lines = [
        Line(kind.label, tuple(_of_month(found.get((kind.code, m), 0), kind.code, m) for m in months))
        for kind in all_kinds()
    ]
    # The year where it begins, as calendars have it: twelve of them stand side by side.
    heads = tuple(f"{m.year}年{m.month}月" if m == months[0] or m.month == 1 else f"{m.month}月" for m in months)
    return Table("requests", "申请", "业务", heads, _some(lines), "件", "按首次提交的月份")


def _of_month(n: int, kind: str, month: date) -> Figure:
    return Figure(n, _list(kind=kind, month=f"{month:%Y-%m}"))


def on_time(access: Access, on: date) -> Table:
    """Of what was closed in the last twelve months: in time, late, without a last day."""
    counted = Request.objects.open_to(access).filter(closed_on__gte=months_until(on)[0]).order_by().values_list("kind")
    found = {kind: n for kind, *n in counted.annotate(**{f"n_{c}": Count("pk", filter=q) for c, q in _CLOSED.items()})}
    lines = [
        Line(kind.label, tuple(Figure(n, _list(kind=kind.code, closed=how)) for how, n in zip(_CLOSED, counts, strict=True)))
        for kind in all_kinds()
        if (counts := found.get(kind.code))
    ]  # fmt: skip
    heads = ("按期办结", "超期办结", "未判定")
    return Table(
        "on_time",
        "办结",
        "业务",
        heads,
        tuple(lines),
        "件",
        f"自{months_until(on)[0].isoformat()}起；日历未公布的未判定",
    )


def ahead(access: Access, on: date) -> Table:
    """Last days within a fortnight of what is under way."""
    rows = (
        Request.objects.open_to(access).filter(state=State.PENDING, due_on__gte=on, due_on__lte=on + AHEAD).order_by()
    )
    counted = rows.values_list("due_on").annotate(n=Count("pk")).order_by("due_on")
    lines = [Line(day.isoformat(), (Figure(n, _list(due=day.isoformat())),)) for day, n in counted]
    return Table("ahead", "两周内到期", "办理期限", ("审核中",), tuple(lines), "件")


def plans(access: Access, on: date) -> Table:
    """Plan and places held by school, for the year of entry."""
    seen = within(access.organisations(Permission.VIEW_REGISTER), "school")
    rows = Intake.objects.filter(seen, year=on.year).order_by("school__code").values_list("school__short_name")
    url = reverse("registry:intake")
    lines = [
        Line(name, (Figure(plan, url), Figure(held, url), Figure(plan - held, url)))
        for name, plan, held in rows.annotate(p=Sum("plan"), h=Sum("held"))
    ]
    return Table(
        "plans", f"{on.year}年高一招生计划", "学校", ("计划", "已占学位", "空余学位"), tuple(lines), "人", drawn=False
    )


_TAKEN = """
    WITH seen AS ({seen}),
    decided AS (
        SELECT s.label, s.organisation_id, (s.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS done,
               COALESCE((lag(s.decided_at) OVER (PARTITION BY s.request_id, s.round ORDER BY s.position)
                         AT TIME ZONE 'Asia/Shanghai')::date,
                        (SELECT min(e.on) FROM approvals_entry e
                          WHERE e.request_id = s.request_id AND e.round = s.round AND e.move = 'submit')) AS begun
          FROM approvals_step s WHERE s.request_id IN (SELECT seen.pk FROM seen)),
    taken AS (
        SELECT label, organisation_id, (%s::int[])[done - %s::date + 1] - (%s::int[])[begun - %s::date + 1] AS days
          FROM decided WHERE done >= %s AND done <= %s AND begun >= %s)
    SELECT label, organisation_id, o.short_name, count(days), percentile_disc(0.5) WITHIN GROUP (ORDER BY days),
           percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
      FROM taken JOIN linxia_xueji_organisation o ON o.id = organisation_id WHERE days IS NOT NULL
     GROUP BY GROUPING SETS ((label), (label, organisation_id, o.short_name, o.level))
    HAVING o.level IS DISTINCT FROM %s
     ORDER BY label, organisation_id NULLS FIRST"""


def days_taken(access: Access, on: date, calendar: Calendar) -> Table:
    """Working days that each step took, from the step before it: how many, median and 90th percentile, by step and office.

    Schools one by one only where a county looks. What began more than a year before the twelve months, or lies in a year not
    published, is left out.
    """
    hidden = "" if _of_county(access) else Level.SCHOOL.value
    since = months_until(on)[0]
    first = since.replace(year=since.year - 1)
    ordinals = _ordinals(first, on, calendar)
    seen, params = Request.objects.open_to(access).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN.format(seen=seen), [*params, ordinals, first, ordinals, first, since, on, first, hidden])
        found = cursor.fetchall()
    lines = [
        Line(f"{label} · {name}" if office else f"{label}（合计）", (_of_office(n, office), Figure(half), Figure(most)))
        for label, office, name, n, half, most in found
    ]
    heads = ("件次", "中位数（工作日）", "九成不超过（工作日）")
    return Table(
        "days", "各环节用时", "环节", heads, tuple(lines), "", "自上一环节办理或提交之日起；不算当日", drawn=False
    )


def _of_office(n: int, office: int | None) -> Figure:
    return Figure(n, _list(office=office) if office else "")


def _ordinals(first: date, last: date, calendar: Calendar) -> list[int | None]:
    """For each day its place among the working days, counted back from the latest year published; None in years that are not
    and before them, so that nothing is counted across one.
    """
    found: list[int | None] = []
    place, known = 0, False
    for n in range((last - first).days + 1):
        try:
            working = calendar.is_working(last - timedelta(days=n))
        except UnknownYear:
            if known:
                break
            found.append(None)
        else:
            known = True
            found.append(place)
            place -= working
    return [None] * ((last - first).days + 1 - len(found)) + found[::-1]


def _some(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.total)
