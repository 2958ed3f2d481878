"""How often discretion was used: approved although a rule asked for a person's reason; by business and year, each a list behind it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from approvals.enums import State
from linxia_xueji.access import Access
from linxia_xueji.rules import Verdict
from registry.picture.figures import Figure, Line, Table
from transfers.business import all_businesses
from transfers.models import Change


@dataclass(frozen=True)
class Used:
    """One business in one year of its last decision."""

    label: str
    year: int
    count: int
    decided: int
    url: str


def discretion_used(access: Access) -> list[Used]:
    """Of all the person may see, the latest year first, beside how many were approved at all; one query."""
    approved = Change.objects.open_to(access).filter(request__state=State.APPROVED).order_by()
    groups = approved.values_list("request__closed_on__year", "request__kind", "request__verdict").annotate(
        n=Count("pk")
    )
    used: dict[tuple[int, str], int] = {}
    decided: dict[tuple[int, str], int] = {}
    for year, kind, verdict, count in groups:
        decided[year, kind] = decided.get((year, kind), 0) + count
        if verdict == Verdict.DISCRETION:
            used[year, kind] = count
    labels = {business.code: business.label for business in all_businesses()}
    order = list(labels)
    rows = sorted(used, key=lambda key: (-key[0], order.index(key[1])))
    return [
        Used(labels[kind], year, used[year, kind], decided[year, kind], _list_of(kind, year)) for year, kind in rows
    ]


def _list_of(kind: str, year: int) -> str:
    asked = {"kind": kind, "state": State.APPROVED.value, "verdict": Verdict.DISCRETION.value, "year": year}
    return f"{reverse('transfers:changes')}?{urlencode(asked)}"


def table(access: Access, on: date) -> Table:
    """The same for the picture: by year and business, how many were approved so, of how many approved."""
    lines = tuple(
        Line(f"{used.year}年 {used.label}", (Figure(used.count, used.url), Figure(used.decided)))
        for used in discretion_used(access)
    )
    return Table(
        "discretion", "酌情办理", "业务", ("说明理由后通过", "全部通过"), lines, "件", "按办结年份", drawn=False
    )
