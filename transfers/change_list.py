"""The list of changes one may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

from approvals.enums import State
from approvals.models import Request
from linxia_xueji.access import Access
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission
from linxia_xueji.prepared import answer, how_many
from linxia_xueji.rules import Verdict
from transfers.business import all_businesses
from transfers.freeze import freeze_for

PAGE_SIZE = 50


MOST = 1000
"""Only so many of the latest are listed: what lies further back is narrowed down, and nothing counts it for every page."""


@dataclass(frozen=True)
class Line:
    """One change in the list."""

    pk: int
    number: str
    kind: str
    subject: str
    applied_on: date | None
    verdict: str
    verdict_text: str
    state: str
    turn_level: str
    turn_label: str
    school_name: str
    school: str

    @property
    def status(self) -> str:
        """Where it stands."""
        return self.turn_label or State(self.state).label


COLUMNS = (
    "pk", "number", "kind", "subject", "applied_on", "verdict", "verdict_text", "state", "turn_level", "turn_label",
    "school__name", "school__short_name",
)  # fmt: skip


def change_list(access: Access, query) -> dict[str, Any]:
    """By business, state, verdict and year of the last decision, the latest first."""
    kinds, states = {b.code: b.label for b in all_businesses()}, dict(State.choices)
    kind = query.get("kind", "") if query.get("kind", "") in kinds else ""
    state = query.get("state", "") if query.get("state", "") in states else ""
    verdict = query.get("verdict", "") if query.get("verdict", "") in Verdict.values else ""
    year = _year(query.get("year", ""))
    asked = {"kind": kind, "state": state, "verdict": verdict, "closed_on__year": year}
    given = (access, tuple((name, value) for name, value in asked.items() if value))
    (count,) = how_many((_counted,), *given)
    page = Paginator(range(min(count, MOST)), PAGE_SIZE).get_page(query.get("page"))
    first = (page.number - 1) * PAGE_SIZE
    return {
        "page": page,
        "rows": [Line(*row) for row in answer(_lines, *given, first)],
        "most": MOST if count > MOST else 0,
        "kind": kind,
        "state": state,
        "verdict": verdict,
        "year": year,
        "verdicts": dict(Verdict.choices),
        "kinds": kinds,
        "states": states,
        "may_file": access.has(Permission.PREPARE_BUSINESS),
        "freeze": freeze_for(access, today()),
    }


def _latest(access: Access, asked: tuple[tuple[str, Any], ...], most: int) -> QuerySet:
    """The ids of the latest of those the person may see, by each way in which they may: an index has each in its order."""
    wanted = Request.objects.filter(**{"kind__in": tuple(b.code for b in all_businesses()), **dict(asked)})
    ways = [
        wanted.filter(way).order_by("-created_at", "-pk").values("pk")[:most]
        for way in Request.objects.ways_open_to(access)
    ]
    return ways[0].union(*ways[1:]) if ways else Request.objects.none()


def _counted(access: Access, asked: tuple[tuple[str, Any], ...]) -> QuerySet:
    return _latest(access, asked, MOST + 1)


def _lines(access: Access, asked: tuple[tuple[str, Any], ...], first: int) -> QuerySet:
    last = first + PAGE_SIZE
    found = Request.objects.filter(pk__in=_latest(access, asked, last)).order_by("-created_at", "-pk")
    return found.values_list(*COLUMNS)[first:last]


def _year(text: str) -> int | None:
    """A year of four digits; None for anything else."""
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and text > "1999" else None
