"""Taking in the province's reply in two steps: its papers are kept and compared first, recorded on a second word."""

from typing import Any

from django.core import signing
from django.db import transaction

from approvals.chain import advance
from approvals.enums import Move
from linxia_xueji.dates import parse_date, today
from linxia_xueji.files import keep, read
from linxia_xueji.models import FileUse, same_scope
from linxia_xueji.refusal import Refusal
from registry.forms import ReplyForm
from registry.models import EnrolmentBatch
from registry.province import differences, read_numbers

SALT = "registry.reply"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 5 * 1024 * 1024
"""Bytes of a workbook of numbers; 9,999 rows are some hundred thousand."""


@transaction.atomic
def check_reply(batch: EnrolmentBatch, form: ReplyForm, *, by) -> dict[str, Any] | None:
    """What would be recorded, its papers kept meanwhile; None where the workbook does not fit, said on the form."""
    entered = form.cleaned_data
    if entered["replied_on"] > today():
        form.add_error("replied_on", "批复日期不能晚于今天")
    sheet = entered["sheet"].read(LARGEST + 1)
    if len(sheet) > LARGEST:
        form.add_error("sheet", "学号表超过5 MB，请只保留“准考证号”“学号”两列后重新上传")
    if form.errors:
        return None
    try:
        given = read_numbers(batch, sheet)
    except Refusal as refusal:
        for sentence in (refusal.message, *refusal.items[:50]):
            form.add_error("sheet", sentence)
        return None
    scope, scan = same_scope(batch.request), entered["scan"]
    scan_use = keep(
        content=scan.content, name=scan.name, content_type=scan.content_type, purpose="省厅批复", scope=scope, by=by
    )
    sheet_use = keep(
        content=sheet, name=entered["sheet"].name, content_type=XLSX, purpose="省厅学号表", scope=scope, by=by
    )
    told = {"document_number": entered["document_number"].strip(), "replied_on": entered["replied_on"].isoformat()}
    token = signing.dumps(
        {"batch": batch.pk, "scan": scan_use.pk, "sheet": sheet_use.pk, "seen": batch.request.version, **told},
        salt=SALT,
    )
    return {"reply": token, "given": len(given), "differences": differences(batch, given), **told}


def kept_reply(batch: EnrolmentBatch, token: str) -> dict[str, Any]:
    """What was checked. :raises Refusal: where it was another batch's, or more than a day ago."""
    try:
        kept = signing.loads(token, salt=SALT, max_age=24 * 60 * 60)
    except signing.BadSignature:
        kept = {}
    if kept.get("batch") != batch.pk:
        raise Refusal("核对结果已失效，请重新上传省厅批复")
    return kept


def record_kept(batch: EnrolmentBatch, kept: dict[str, Any], *, by) -> None:
    """Record the reply by the chain, which judges again; its numbers win."""
    scan, sheet = FileUse.objects.get(pk=kept["scan"]), FileUse.objects.get(pk=kept["sheet"])
    inputs = {
        "numbers": read_numbers(batch, read(sheet)), "scan": scan, "sheet": sheet,
        "document_number": kept["document_number"], "replied_on": parse_date(kept["replied_on"]),
    }  # fmt: skip
    note = f"省厅批复{kept['document_number']}"
    advance(request=batch.request, move=Move.RECORD, by=by, note=note, inputs=inputs, seen=kept["seen"])
