"""转学办理期 entered by an authority with its document: for a year whose calendar is not loaded, or beside what it gives.

Added to, never taken back: a later entry opens further days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from linxia_xueji.access import Access, access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.reach import run_by, within
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from transfers.models import EnteredWindow

LONGEST = 183
"""Days: no window outlasts half a year."""
SHOWN = 100


@dataclass(frozen=True)
class Shown:
    """One window and what it means today."""

    row: EnteredWindow
    tone: str
    words: str


def authorities(access: Access) -> QuerySet[Organisation]:
    """The offices in whose name the person may enter a window: those whose calendar they keep, schools left out."""
    kept = within(access.organisations(Permission.MANAGE_CALENDAR))
    return Organisation.objects.filter(kept).exclude(level=Level.SCHOOL).order_by("-level", "code")


@transaction.atomic
def enter_window(
    *, organisation: Organisation, stages: Iterable[str], first: date, last: date, document_number: str, by
) -> list[EnteredWindow]:
    """Open 转学 for an office and the schools it runs, stage by stage.

    :raises Refusal: without the right or the document, or for days out of order or too many.
    """
    if organisation.level == Level.SCHOOL or not access_of(by).may(Permission.MANAGE_CALENDAR, organisation):
        raise Refusal(f"{organisation.short_name}的转学办理期由其主管部门登记")
    if not document_number.strip():
        raise Refusal("请填写文号：转学办理期须有依据文件")
    if last < first:
        raise Refusal("最后一天早于第一天，请核对")
    if (last - first).days >= LONGEST:
        raise Refusal(f"一个办理期不超过{LONGEST}天，请核对起止日期")
    rows = [
        EnteredWindow.objects.create(
            organisation=organisation, stage=stage, first=first, last=last, document_number=document_number.strip(),
            entered_by=by, recorded_at=now(),
        )
        for stage in stages
    ]  # fmt: skip
    for row in rows:
        after = {
            "stage": row.stage,
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
            "document": row.document_number,
        }
        record(action="登记转学办理期", by=by, target=row, after=after)
    return rows


def windows_seen(access: Access, on: date) -> list[Shown]:
    """Those of the offices above one's own, of its own and of those it runs; the latest first."""
    if access.post is None:
        return []
    own = access.post.organisation
    above = [organisation.pk for organisation in own.ancestors()]
    rows = EnteredWindow.objects.filter(organisation__in=above) | EnteredWindow.objects.filter(
        organisation__in=run_by([own.pk])
    )
    found = rows.select_related("organisation", "entered_by").order_by("-last", "-pk")
    return [_shown(row, on) for row in found[:SHOWN]]


def _shown(row: EnteredWindow, on: date) -> Shown:
    if row.last < on:
        return Shown(row, "", "已结束")
    return Shown(row, "ok", "办理期内") if row.first <= on else Shown(row, "info", "未开始")
