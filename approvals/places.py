"""The chain's places in the navigation, with what waits there."""

from datetime import date

from django.db.models import QuerySet

from approvals import desk
from approvals.models import Message
from approvals.phrases import office_of
from linxia_xueji.access import Access
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
        waiting=lambda access, on: desk.on_desk(access),
        hot=True,
    ),
    Place("审批", 20, "已办", "approvals:done", shown=_reads),
    Place(
        "审批",
        30,
        "退回待修改",
        "approvals:returned",
        shown=_reads,
        waiting=lambda access, on: desk.sent_back(access),
    ),
    Place(
        "审批",
        40,
        "超期与督办",
        "approvals:overdue",
        shown=_reads,
        waiting=desk.late,
        hot=True,
    ),
    Place("审批", 50, "常用语", "approvals:phrases", shown=lambda access: office_of(access) is not None),
    Place("帮助", 30, "工作日历", "approvals:calendar"),
)


def unread(access: Access, on: date) -> QuerySet[Message]:
    """The messages the person has not marked as read."""
    return Message.objects.filter(to=access.user_id, read_at=None)
