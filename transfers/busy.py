"""What is said of a student who has another open request (在办业务)."""

from approvals.calendars import calendars
from approvals.due import clock_of
from approvals.kinds import kind_of
from approvals.models import Request
from linxia_xueji.dates import today


def busy_words(request: Request, viewer) -> str:
    """Which business is open, where and since when, to whoever may know; a stranger learns whom to ask.

    :param viewer: None for words that anybody may read.
    """
    office = request.school.parent or request.school
    if viewer is None or not Request.objects.visible_to(viewer).filter(pk=request.pk).exists():
        return f"详情请向{office.name}查询"
    kind = kind_of(request)
    clock = clock_of(request, today(), calendars().of(request.school))
    days = f"第{clock.days_used}个工作日" if clock and clock.days_used is not None else "尚未提交"
    return f"{kind.label}申请，{request.school.short_name}，{request.status}，{days}"
