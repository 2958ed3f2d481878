"""Counts and rosters in the navigation."""

from datetime import date

from django.db.models import QuerySet

from linxia_xueji.access import Access
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place
from registry.api.tokens import ISSUES
from registry.enums import ExportState
from registry.models import ExportRecord
from registry.rosters.exports import DECIDES


def _views(access: Access) -> bool:
    return access.has(Permission.VIEW_REGISTER)


def places() -> None:
    """Make them known; called when the app is ready."""
    add_place(Place("查询与报表", 30, "人数统计", "registry:counts", _views))
    add_place(Place("查询与报表", 32, "花名册", "registry:roll", _views))
    add_place(Place("查询与报表", 34, "导出记录", "registry:exports", _views, waiting, hot=True))
    add_place(Place("查询与报表", 97, "数据接口", "registry:api_tokens", lambda access: any(map(access.has, ISSUES))))


def waiting(access: Access, on: date) -> QuerySet[ExportRecord]:
    """Rosters the person may release."""
    if not any(map(access.has, DECIDES)):
        return ExportRecord.objects.none()
    return ExportRecord.objects.open_to(access).filter(state=ExportState.WAITING).exclude(asked_by=access.user_id)
