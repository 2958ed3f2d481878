"""Making files: at once where they are small, by the worker with progress where they would keep a page waiting."""

from datetime import date
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from linxia_xueji import files
from linxia_xueji.dates import now, today
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import decrypt, encrypt
from linxia_xueji.trail import record
from registry.admissions import staging, workbook
from registry.annexes import file_of
from registry.enums import OrderKind, OrderState
from registry.models import AdmissionUpload, EnrolmentBatch, ExportRecord, FileOrder
from registry.package import package_of
from registry.rosters.exports import book_of, mark_taken

Subject = EnrolmentBatch | AdmissionUpload | ExportRecord

AT_ONCE = 200
"""Students in a form, or rows of a list, whose file is made while the page waits: a second or so."""
_ACTIONS = {OrderKind.BUNDLE: "导出上报材料包", OrderKind.MARKED: "下载录取名单", OrderKind.REST: "下载录取名单"}
_OWNERS = {EnrolmentBatch: "batch", AdmissionUpload: "upload", ExportRecord: "export"}
RUNNING = (OrderState.WAITING, OrderState.MAKING)


def size_of(subject: Subject, kind: str) -> int:
    """How many rows the file will have at most; 附件1 is one page."""
    if isinstance(subject, AdmissionUpload):
        return subject.total
    if isinstance(subject, ExportRecord):
        return subject.count
    return 0 if kind == OrderKind.ANNEX1 else subject.candidates.filter(struck_on=None).count()


def make(subject: Subject, kind: str, format: str, *, by, site: str) -> FileOrder:
    """The file, finished where it is small; else an order for the worker, in which the person's earlier one is given up."""
    owner = {_OWNERS[type(subject)]: subject}
    order = FileOrder(kind=kind, format=format, site=site, asked_by=by, asked_at=now(), **owner)
    order.total = size_of(subject, kind)
    if order.total <= AT_ONCE:
        content, order.noted = _made(order, today())
        order.sealed, order.state = encrypt(content), OrderState.DONE
        return order
    with transaction.atomic():
        FileOrder.objects.filter(asked_by=by).exclude(state__in=RUNNING).delete()
        order.save()
        make_order.defer(order_id=order.pk)
    return order


@transaction.atomic
def hand_over(order: FileOrder, *, by) -> bytes:
    """The content of a finished order; taking it out stands in the trail."""
    if order.state != OrderState.DONE:
        raise Refusal("文件还没有做好，做好后在导出页下载")
    target = order.batch or order.upload or order.export
    if order.export:
        mark_taken(order.export)
    action = _ACTIONS.get(order.kind, f"导出{OrderKind(order.kind).label}")
    place = {"organisation": order.upload.organisation} if order.upload else {}
    record(action=action, by=by, target=target, after=order.noted, **place)
    return decrypt(bytes(order.sealed))


def name_of(order: FileOrder) -> str:
    """The name of the file, without ending and without personal data."""
    if order.upload:
        return f"{order.upload.year}年{OrderKind(order.kind).label}-{order.upload.pk}"
    number = order.export_id if order.export else order.batch.request.number
    return f"{OrderKind(order.kind).label}-{number}"


@app.task(name="orders.make")
def make_order(order_id: int) -> None:
    """Make the file of an order; what keeps it from being made stands on the order. May be run again after a crash."""
    orders = FileOrder.objects.filter(pk=order_id, state__in=RUNNING)
    order = orders.select_related(
        "batch__request", "upload__file", "upload__organisation", "export", "asked_by"
    ).first()
    if order is None:
        return
    orders.update(state=OrderState.MAKING, done=0)
    try:
        content, noted = _made(order, today())
        orders.update(state=OrderState.DONE, sealed=encrypt(content), noted=noted, done=order.total)
    except Refusal as refusal:
        orders.update(state=OrderState.FAILED, error=refusal.message)
    except Exception:
        orders.update(state=OrderState.FAILED, error="制作文件时出错，请重新导出；仍不成功的，请联系州学管中心")
        raise


def _made(order: FileOrder, on: date) -> tuple[bytes, dict[str, Any]]:
    """Content, and what the trail notes of it."""
    if order.upload:
        report = staging.report_of(order.upload, on=on)
        marked = order.kind == OrderKind.MARKED
        content = workbook.marked(files.read(order.upload.file), report) if marked else workbook.faulty_rows(report)
        label = "标注" if marked else "错误行"
        return content, {"file": label, "rows": report.rows, "faults": len(report.faults)}
    if order.kind == OrderKind.BUNDLE:
        content, count = package_of(order.batch, on, by=order.asked_by, site=order.site)
        return content, {"files": count}

    def progress(rows: int) -> None:
        FileOrder.objects.filter(pk=order.pk).update(done=rows, total=max(rows, order.total))

    told = {"progress": progress} if order.pk else {}
    if order.export:
        return book_of(order.export, by=order.asked_by, **told)
    made, students = file_of(order.batch, order.kind, order.format, on, by=order.asked_by, site=order.site, **told)
    return made.content, {"format": order.format, "count": students, "code": made.code}
