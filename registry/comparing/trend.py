"""From comparison to comparison: how many differences opened, closed and stand, by county; drawn and as a table."""

from collections import defaultdict
from typing import Any

from django.db.models import Count

from linxia_xueji.models import User
from registry.comparing.enums import ComparisonState
from registry.models import Comparison, Difference
from registry.rosters.chart import Bar, Part

HEADS = ("本次新增", "以前未消除", "本次消除")
MOST = 12


def trend_page(user: User, prefecture) -> dict[str, Any]:
    """The last comparisons, oldest first: figures of all one may see, and by county. Three queries besides."""
    done = Comparison.objects.visible_to(user).filter(state=ComparisonState.DONE, prefecture=prefecture)
    comparisons = list(done.order_by("-pk")[:MOST])[::-1]
    seen = Difference.objects.visible_to(user).filter(prefecture=prefecture)
    rows = list(
        seen.order_by("county__code")
        .values_list("county__division__short_name", "opened_in", "closed_in")
        .annotate(n=Count("pk"))
    )
    lines = [_line(c, rows) for c in comparisons]
    counties = list(dict.fromkeys(row[0] for row in rows))
    return {
        "heads": HEADS, "lines": lines, "bars": _bars(lines), "legend": tuple(enumerate(HEADS)),
        "counties": [
            {"label": county or "州直属", "cells": [_line(c, [r for r in rows if r[0] == county])["figures"] for c in comparisons]}
            for county in counties
        ],
    }  # fmt: skip


def _line(comparison: Comparison, rows: list[tuple]) -> dict[str, Any]:
    """Of one comparison: opened by it, standing from before, closed by it."""
    found: dict[str, int] = defaultdict(int)
    for _, opened, closed, n in rows:
        if closed == comparison.pk:
            found["closed"] += n
        elif opened == comparison.pk:
            found["opened"] += n
        elif opened < comparison.pk and (closed is None or closed > comparison.pk):
            found["standing"] += n
    figures = (found["opened"], found["standing"], found["closed"])
    return {"comparison": comparison, "figures": figures, "open": found["opened"] + found["standing"]}


def _bars(lines: list[dict[str, Any]]) -> list[Bar]:
    largest = max((sum(line["figures"]) for line in lines), default=0)
    bars = []
    for line in lines if largest else ():
        parts, begins = [], 0
        for shade, figure in enumerate(line["figures"]):
            if figure:
                parts.append(Part(shade, f"{100 * begins / largest:.2f}%", f"{100 * figure / largest:.2f}%"))
            begins += figure
        bars.append(Bar(line["comparison"].short, tuple(parts), sum(line["figures"])))
    return bars
