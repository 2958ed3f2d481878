"""The chain's places in the navigation, with what waits there."""

from typing import Any

from approvals import desk
from approvals.models import Message
from approvals.phrases import office_of
from linxia_xueji.access import Access
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place


def _reads(access: Access) -> bool:
    return access.has(Permission.VIEW_REGISTER)


PLACES = (
    Place(
        "审批",
        10,
        "工作台 · 待办",
        "approvals:desk",
        count=lambda user, access: desk.inbox(user, access).count(),
        hot=True,
    ),
    Place("审批", 20, "已办", "approvals:done", shown=_reads),
    Place(
        "审批",
        30,
        "退回待修改",
        "approvals:returned",
        shown=_reads,
        count=lambda user, access: desk.returned(user).count(),
    ),
    Place(
        "审批",
        40,
        "超期与督办",
        "approvals:overdue",
        shown=_reads,
        count=lambda user, access: desk.overdue(user, today()).count(),
        hot=True,
    ),
    Place("审批", 50, "常用语", "approvals:phrases", shown=lambda access: office_of(access) is not None),
    Place("帮助", 30, "工作日历", "approvals:calendar"),
)


def unread(user) -> dict[str, Any]:
    """How many messages the person has not marked as read."""
    return {"unread": Message.objects.filter(to=user, read_at=None).count()}
