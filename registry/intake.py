"""招生调档 in the national system: what is done and what is missing, by county and school and by student (通知二)."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

from approvals.enums import State
from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from registry.batch_list import with_progress
from registry.enums import Arrival
from registry.facts import last_day_of
from registry.models import Candidate, EnrolmentBatch

PAGE_SIZE = 100


def missing(batch: EnrolmentBatch) -> QuerySet[Candidate]:
    """Students who have reported and whose 招生调档 is not yet ticked."""
    return batch.candidates.filter(arrival=Arrival.REPORTED, struck_on=None, intake_done_on=None)


def intake_list(user, on: date, data) -> dict[str, Any]:
    """The table by county and school of one year: the latest unless the address names one."""
    seen = EnrolmentBatch.objects.visible_to(user)
    years = sorted(set(seen.values_list("year", flat=True)), reverse=True)
    asked = data.get("year", "")
    year = int(asked) if asked in map(str, years) else (years[0] if years else on.year)
    standing = seen.filter(year=year).exclude(request__state=State.RETRACTED)
    rows = list(with_progress(standing).order_by("request__county__code", "school__code", "sequence"))
    for row in rows:
        row.missing = row.reported - row.intake_done
    rows = [row for row in rows if row.reported]
    last = last_day_of({}, year)
    return {
        "rows": rows, "year": year, "last_day": last, "past": on > last, "total": sum(r.reported for r in rows), "done": sum(r.intake_done for r in rows),
        "missing": sum(r.missing for r in rows),
        "tabs": [{"label": f"{y}级", "url": f"?year={y}", "count": None, "current": y == year} for y in years],
    }  # fmt: skip


def intake_of(batch: EnrolmentBatch, user, on: date, data) -> dict[str, Any]:
    """Who is missing, and who was ticked when by whom."""
    access = access_of(user)
    reported = (
        batch.candidates.filter(arrival=Arrival.REPORTED, struck_on=None)
        .select_related("intake_done_by")
        .order_by("exam_number")
    )
    wanted = reported if data.get("show") == "all" else reported.filter(intake_done_on=None)
    total, left = reported.count(), missing(batch).count()
    tabs = [
        {"label": "尚缺", "url": "?", "count": left, "current": data.get("show") != "all"},
        {"label": "全部", "url": "?show=all", "count": total, "current": data.get("show") == "all"},
    ]
    return {
        "batch": batch,
        "page": Paginator(wanted, PAGE_SIZE).get_page(data.get("page")),
        "tabs": tabs,
        "last_day": last_day_of(batch.request.policy, batch.year),
        "may_tick": access.may(Permission.PREPARE_BUSINESS, batch.school)
        or access.may(Permission.DECIDE_AS_COUNTY, batch.school),
    }
