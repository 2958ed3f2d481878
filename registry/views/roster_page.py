"""What the page of an uploaded roster shows: steps, columns, faults, comparison, and what may be done next."""

from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from linxia_xueji.models import User
from linxia_xueji.templatetags.portal import moment
from registry.admissions.staging import FAULTS_KEPT
from registry.enums import Change, UploadState
from registry.models import RosterUpload
from registry.roster.columns import COLUMNS, STANDARD
from registry.roster.comparison import facts_in_words
from registry.roster.handback import MOST_MARKED
from registry.roster.rights import may_import
from registry.views.admission_page import CHECKED, FAULTS_A_PAGE, LISTED, RUNNING

_DOING = {UploadState.WAITING: "等待检查", UploadState.CHECKING: "正在检查", UploadState.IMPORTING: "正在导入"}
_SAID = {UploadState.CHECKED: "检查完成", UploadState.FAILED: "文件不能读取", UploadState.IMPORTED: "导入完成"}
KEPT_ONLY = sum(not column.held for column in COLUMNS)
"""Columns the models do not hold yet."""


def page_of(upload: RosterUpload, query: QueryDict, user: User) -> dict[str, Any]:
    """The context of the page and of its polled part."""
    running = upload.state in RUNNING
    may = may_import(user, upload.organisation)
    context: dict[str, Any] = {
        "upload": upload,
        "steps": _steps(upload),
        "running": running,
        "refresh_seconds": 3 if running else None,
        "doing": _DOING.get(upload.state, ""),
        "say": _SAID.get(upload.state, ""),
        "may_import": may,
        "may_undo": may and upload.state == UploadState.IMPORTED and not upload.undone_at,
        "undone_words": _undone(upload),
        "kept_only": KEPT_ONLY,
        "standard": STANDARD,
    }
    return context | (_result(upload, query) if upload.state in CHECKED else {})


def _undone(upload: RosterUpload) -> str:
    """Who took the import back, and when."""
    return f"{upload.undone_by.full_name}于{moment(upload.undone_at)}撤销此次导入" if upload.undone_at else ""


def _steps(upload: RosterUpload) -> list[dict[str, str]]:
    """上传 → 检查 → 核对 → 导入, and where the roster stands."""
    at = {UploadState.CHECKED: 2, UploadState.IMPORTING: 3, UploadState.IMPORTED: 4}.get(upload.state, 1)
    words = (
        ("上传", upload.file.name),
        ("检查", "只检查，不写入"),
        ("核对", "看清变化再导入"),
        ("导入", "由主管教育局导入"),
    )
    return [
        {"label": label, "who": who, "when": "", "state": "done" if n < at else "now" if n == at else "todo"}
        for n, (label, who) in enumerate(words)
    ]


def _result(upload: RosterUpload, query: QueryDict) -> dict[str, Any]:
    summary = upload.summary
    counts = {change: summary[change.value] for change in Change}
    first = next((c for c in (Change.ADD, Change.CHANGE, Change.SAME) if counts[c]), Change.BLOCKED)
    shown = Change(query["show"]) if query.get("show") in Change.values else first
    staged = upload.staged.filter(change=shown).select_related("school").order_by("row")
    return {
        "faults": Paginator(upload.faults, FAULTS_A_PAGE).get_page(query.get("page")),
        "faults_cut": summary["faults"] - FAULTS_KEPT,
        "fault_count": summary["faults"] - summary["warnings"],
        "good": upload.valid - counts[Change.BLOCKED],
        "bad": summary["errors"] + counts[Change.BLOCKED],
        "changes_nothing": not counts[Change.ADD] and not counts[Change.CHANGE],
        "kpis": [_kpi(change, counts[change], shown) for change in Change],
        "shown": shown,
        "lines": [_line(row) for row in staged[:LISTED]],
        "lines_cut": counts[shown] > LISTED,
        "listed": LISTED,
        "whole_file": upload.total <= MOST_MARKED,
    }


def _kpi(change: Change, count: int, shown: Change) -> dict[str, Any]:
    label = "人不能导入" if change == Change.BLOCKED else f"人{change.label}"
    tone = "over" if change == Change.BLOCKED and count else ""
    return {"value": count, "label": label, "tone": tone, "url": f"?show={change.value}#compare", "current": change == shown}  # fmt: skip


def _line(row) -> dict[str, Any]:
    return {
        "row": row.row,
        "name": row.name,
        "school": row.school.short_name,
        "facts": facts_in_words(row),
        "status": row.get_status_display(),
        "change": row.get_change_display(),
        "changed": row.changed if row.change == Change.CHANGE else [],
    }
