"""The list of changes one may see."""

from typing import Any

from django.core.paginator import Paginator

from approvals.enums import State
from linxia_xueji.access import Access
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission
from linxia_xueji.rules import Verdict
from transfers.business import all_businesses
from transfers.freeze import freeze_for
from transfers.models import Change

PAGE_SIZE = 50


def change_list(access: Access, query) -> dict[str, Any]:
    """By business, state, verdict and year of the last decision, the latest first."""
    kinds, states = {b.code: b.label for b in all_businesses()}, dict(State.choices)
    kind = query.get("kind", "") if query.get("kind", "") in kinds else ""
    state = query.get("state", "") if query.get("state", "") in states else ""
    verdict = query.get("verdict", "") if query.get("verdict", "") in Verdict.values else ""
    rows = Change.objects.open_to(access).select_related("request__school").order_by("-request__created_at", "-pk")
    if kind:
        rows = rows.filter(request__kind=kind)
    if state:
        rows = rows.filter(request__state=state)
    if verdict:
        rows = rows.filter(request__verdict=verdict)
    if year := _year(query.get("year", "")):
        rows = rows.filter(request__closed_on__year=year)
    page = Paginator(rows, PAGE_SIZE).get_page(query.get("page"))
    for change in page:
        change.kind_label = kinds[change.request.kind]
    return {
        "page": page,
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


def _year(text: str) -> int | None:
    """A year of four digits; None for anything else."""
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and text > "1999" else None
