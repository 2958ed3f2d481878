"""操作留痕: read-only, for those who may read it, of the organisations they may look into."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linxia_xueji.access import access_of
from linxia_xueji.dates import SHANGHAI
from linxia_xueji.enums import Permission
from linxia_xueji.models import TrailEntry
from linxia_xueji.policy import SETTINGS
from linxia_xueji.reach import within
from registry.enums import LISTED_FIELDS
from registry.forms_lists import TrailFilter

ENTRIES_A_PAGE = 50
_ITEMS = 10
_HASH = re.compile("[0-9a-f]{64}")

_ACTIONS = {
    "calendar.load_notice": "载入国家放假安排",
    "calendar.enter_local_day": "登记本地工作日安排",
    "calendar.revoke_local_day": "撤销本地工作日安排",
    "export_form": "导出附件",
}
_KEYS = {
    "purpose": "用途", "decision": "决定", "using": "使用单位", "valid_until": "有效期至",
    "year": "年份", "file": "文件", "files": "文件数", "only_clean": "只导入无误行", "add": "新增", "change": "变更",
    "same": "无变化", "blocked": "不能变更", "errors": "错误行数", "count": "人数", "document": "文号", "reason": "理由",
    "schools": "学校数", "seed": "随机种子", "key": "设置项", "value": "取值", "from": "生效日期", "status": "状态", "note": "意见", "rows": "行数",
    "faults": "问题数", "fields": "字段", "added": "新增人数", "at": "时间", "name": "名称", "short_name": "简称",
    "level": "层级", "parent": "主管机构", "division": "区划", "valid_from": "设立日期", "valid_to": "撤销日期",
    "appointment": "任职", "accepted": "同意日期", "until": "延期至", "candidates": "学生编号", "candidate": "学生编号",
    "issuer": "出具机构", "number": "编号", "first": "起始学号", "last": "截止学号", "plan": "计划人数", "actual": "实际人数",
    "applied": "申请人数", "agreed": "同意人数", "graduates": "初中毕业生总人数",
    "graduates_counted": "学籍库中初中毕业人数", "graduates_note": "与学籍库人数不同的原因", "rule": "条款", "issued": "下发学号数",
    "form": "表", "format": "格式", "students": "人数", "copies": "份数", "received_on": "收到日期", "day": "日期",
    "kind": "类型", "free": "放假", "work": "调休上班", "issued_on": "印发日期", "amends": "调整的通知", "source": "来源",
    "document_number": "文号", "username": "用户名", "starts": "任职起", "ends": "任职止", "days": "天数", "arrival": "报到", "rest": "其他",
    "second_factor": "使用动态验证码", "left": "剩余恢复码", "to": "督办对象", "code": "查验码",
    "on": "日期", "by": "经办人", "doubts": "存疑", "slot": "材料", "found": "查到的学籍数", "ended": "终止日期", "grade": "年级",
    "changed": "变更项", "enrolment": "学籍编号", "suspended_until": "休学至", "left_on": "离境日期", "outside_school": "州外学校",
    "business": "业务", "case": "情形", "steps": "环节", "grounds": "退学事由", "stage": "学段", "first_day": "第一天", "last_day": "最后一天",
}  # fmt: skip


@login_required
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """The entries, newest first, by day and action."""
    entries = _entries(request)
    actions = [(name, _ACTIONS.get(name, name)) for name in _actions(entries)]
    form = TrailFilter(request.GET or None, actions=actions)
    if form.is_bound and form.is_valid():
        entries = _filtered(entries, **form.cleaned_data)
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [_row(entry) for entry in page], "filter_form": form}
    return render(request, "registry/lists/trail.html", context)


def _entries(request: HttpRequest) -> QuerySet[TrailEntry]:
    """What a person may read; for those who may read nothing there is no such page."""
    granted = access_of(request.user).organisations(Permission.READ_TRAIL)
    if not granted:
        raise Http404
    entries = TrailEntry.objects.filter(within(granted, "organisation"))
    return entries.select_related("by", "post__organisation", "organisation").order_by("-at", "-pk")


def _actions(entries: QuerySet[TrailEntry]) -> list[str]:
    return list(entries.order_by("action").values_list("action", flat=True).distinct())


def _filtered(entries: QuerySet[TrailEntry], day: date | None, action: str) -> QuerySet[TrailEntry]:
    if day:
        start = datetime.combine(day, time(), SHANGHAI)
        entries = entries.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return entries.filter(action=action) if action else entries


def _row(entry: TrailEntry) -> dict[str, Any]:
    return {
        "entry": entry,
        "action": _ACTIONS.get(entry.action, entry.action),
        "before": _said(entry.before),
        "after": _said(entry.after),
    }


def _said(value: Any, key: str = "") -> str:
    """What stood before or after, as 名称：值; a file by the first digits of its hash, a long list by its first items."""
    if isinstance(value, dict):
        return "；".join(f"{_KEYS.get(name, name)}：{_said(item, name)}" for name, item in value.items())
    if isinstance(value, list):
        said = "、".join(_said(item, key) for item in value[:_ITEMS])
        return said if len(value) <= _ITEMS else f"{said}等{len(value)}项"
    if isinstance(value, bool):
        return "是" if value else "否"
    text = "—" if value is None or value == "" else str(value)
    if key == "key" and text in SETTINGS:
        return SETTINGS[text].label
    return f"{text[:12]}…" if _HASH.fullmatch(text) else LISTED_FIELDS.get(text, text) if key == "fields" else text
