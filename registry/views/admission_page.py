"""What the page of an uploaded admission list shows: steps, faults, comparison, and what may be done next."""

from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from linxia_xueji.identity import masked
from registry.admissions.staging import FAULTS_KEPT
from registry.enums import Change, UploadState
from registry.models import AdmissionStaged, AdmissionUpload

FAULTS_A_PAGE = 100
LISTED = 200
RUNNING = (UploadState.WAITING, UploadState.CHECKING, UploadState.IMPORTING)
CHECKED = (UploadState.CHECKED, UploadState.IMPORTING, UploadState.IMPORTED)

_COLUMN_OF = {"school_locked": "录取学校", "id_in_force": "身份证号"}
_DOING = {
    UploadState.WAITING: "等待检查",
    UploadState.CHECKING: "正在检查",
    UploadState.IMPORTING: "正在导入",
}
_SAID = {
    UploadState.CHECKED: "检查完成",
    UploadState.FAILED: "文件不能读取",
    UploadState.IMPORTED: "导入完成",
}


def page_of(upload: AdmissionUpload, query: QueryDict) -> dict[str, Any]:
    """The context of the page and of its polled part."""
    running = upload.state in RUNNING
    context = {
        "upload": upload,
        "steps": steps_of(upload),
        "running": running,
        "refresh_seconds": 3 if running else None,
        "doing": _DOING.get(upload.state, ""),
        "say": _SAID.get(upload.state, ""),
    }
    if upload.state in CHECKED:
        context |= _faults(upload, query) | _comparison(upload, query) | _choice(upload)
    return context


def steps_of(upload: AdmissionUpload) -> list[dict[str, str]]:
    """上传 → 预检 → 核对 → 导入, and where the list stands."""
    at = {UploadState.CHECKED: 2, UploadState.IMPORTING: 3, UploadState.IMPORTED: 4}.get(upload.state, 1)
    words = (
        ("上传", upload.file.name),
        ("预检", "只检查，不写入"),
        ("核对", "看清变化再导入"),
        ("导入", "写入录取名单"),
    )
    return [
        {"label": label, "who": who, "when": "", "state": "done" if n < at else "now" if n == at else "todo"}
        for n, (label, who) in enumerate(words)
    ]


def _faults(upload: AdmissionUpload, query: QueryDict) -> dict[str, Any]:
    blocked = upload.summary["blocked_rows"]
    values = _values_of_blocked(upload, blocked)
    rows = [
        *({**fault, "name": _safe(fault["name"])} for fault in upload.faults),
        *(
            {**item, "column": _COLUMN_OF[item["code"]], "severity": "error", "value": values.get(item["row"], "")}
            for item in blocked
        ),
    ]
    rows.sort(key=lambda row: row["row"])
    return {
        "faults": Paginator(rows, FAULTS_A_PAGE).get_page(query.get("page")),
        "faults_cut": upload.summary["faults"] - FAULTS_KEPT,
        "fault_count": upload.summary["faults"] - upload.summary["warnings"] + len(blocked),
    }


def _safe(text: str) -> str:
    """A name is shown as entered, unless somebody entered a number there."""
    return masked(text) if sum(character.isdigit() for character in text) >= 15 else text


def _values_of_blocked(upload: AdmissionUpload, blocked: list[dict]) -> dict[int, str]:
    codes = {item["row"]: item["code"] for item in blocked}
    staged = upload.staged.filter(row__in=codes).select_related("school")
    return {
        line.row: line.school.short_name if codes[line.row] == "school_locked" else str(line.id_number)
        for line in staged
    }


def _comparison(upload: AdmissionUpload, query: QueryDict) -> dict[str, Any]:
    counts = {change: upload.summary[change.value] for change in Change}
    first = next((change for change in (Change.CHANGE, Change.ADD, Change.BLOCKED) if counts[change]), Change.SAME)
    shown = Change(query["show"]) if query.get("show") in Change.values else first
    staged = upload.staged.filter(change=shown).select_related("school", "exam_county__division").order_by("row")
    kpis = [
        {
            "value": counts[change],
            "label": f"人{change.label}",
            "tone": "over" if change == Change.BLOCKED and counts[change] else "",
            "url": f"?show={change.value}#compare",
            "current": change == shown,
        }
        for change in Change
    ]
    return {
        "kpis": kpis,
        "shown": shown,
        "lines": [_line(line) for line in staged[:LISTED]],
        "lines_cut": counts[shown] > LISTED,
        "columns": upload.summary["columns"],
        "listed": LISTED,
        "changes_nothing": not counts[Change.ADD] and not counts[Change.CHANGE],
    }


def _line(line: AdmissionStaged) -> dict[str, Any]:
    return {
        "row": line.row,
        "exam_number": line.exam_number,
        "name": _safe(line.name),
        "county": line.exam_county.division.short_name,
        "school": line.school.short_name,
        "change": line.get_change_display(),
        "changed": [{key: _safe(text) for key, text in item.items()} for item in line.changed],
    }


def _choice(upload: AdmissionUpload) -> dict[str, Any]:
    """How many rows could be imported and how many not."""
    blocked = upload.summary[Change.BLOCKED.value]
    return {"good": upload.valid - blocked, "bad": upload.summary["errors"] + blocked}
