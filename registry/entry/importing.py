"""A workbook of children: kept and checked, put into the batch once, all rows or those without fault."""

from django.db import transaction

from linxia_xueji import files
from linxia_xueji.dates import now
from linxia_xueji.models import same_scope
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.trail import record
from registry.admissions.staging import XLSX
from registry.entry.batches import editable
from registry.entry.check import Listed, Report, check, numbers_in
from registry.entry.columns import CHILDREN
from registry.enums import IdType
from registry.models import Entrant, EntryBatch, EntryUpload, KeyFacts
from registry.offices import workbook
from registry.offices.reading import read_book

KEPT_FAULTS = 300
"""Faults shown on the page; all of them stand in the marked file."""


def report_of(content: bytes, batch: EntryBatch) -> Report:
    """The check of a workbook against the list and the register as they are now. :raises UnreadableFile: for no such list."""
    (listing,) = read_book(content, (CHILDREN,)).values()
    numbers = numbers_in(listing)
    here = Entrant.objects.filter(
        school=batch.school, stage=batch.stage, year=batch.year, removed_on=None, id_number__in=numbers
    )
    facts = KeyFacts.objects.filter(valid_to=None, id_type=IdType.RESIDENT, id_number__in=numbers)
    listed = Listed(
        frozenset(number.reveal() for number in here.values_list("id_number", flat=True)),
        {found.id_number.reveal(): found for found in facts},
    )
    return check(listing, listed)


def receive(*, batch: EntryBatch, content: bytes, name: str, by) -> EntryUpload:
    """Check a workbook and keep it with what was found; the list stays as it is."""
    report = report_of(content, batch)
    with transaction.atomic():
        use = files.keep(
            content=content, name=name, content_type=XLSX, purpose="新生名单", scope=same_scope(batch.request), by=by
        )
        upload = EntryUpload.objects.create(
            batch=batch, file=use, faults=[fault.as_json() for fault in report.faults[:KEPT_FAULTS]],
            summary=report.summary, uploaded_by=by, uploaded_at=now(),
        )  # fmt: skip
        record(action="上传新生名单", by=by, target=upload, organisation=batch.school, after=report.summary)
    return upload


@transaction.atomic
def apply(upload: EntryUpload, *, by, only_clean: bool) -> EntryUpload:
    """Put it into the batch. The same file twice adds nobody: who is on the list already is left alone.

    :raises Refusal: where rows have errors and only the others were not chosen, or no row is left.
    :raises Stale: where it was imported before.
    """
    batch = editable(upload.batch, by)
    upload = EntryUpload.objects.select_for_update(of=("self",)).select_related("file").get(pk=upload.pk)
    if upload.imported_at:
        raise Stale("此文件已导入，页面已更新，刚才的操作未生效。")
    report = report_of(files.read(upload.file), batch)
    if report.summary["errors"] and not only_clean:
        raise Refusal(f"有{report.summary['errors']}行有错误，请改正后重新上传，或选择只导入无误的行")
    if not report.clean:
        raise Refusal("没有可以导入的学生，请核对文件")
    known = _known([values["id_number"] for _, values in report.clean if values["id_type"] == IdType.RESIDENT])
    Entrant.objects.bulk_create((_entrant(batch, values, known, by) for _, values in report.clean), batch_size=500)
    upload.summary, upload.imported_by, upload.imported_at = report.summary, by, now()
    upload.save(update_fields=["summary", "imported_by", "imported_at"])
    record(action="导入新生名单", by=by, target=upload, organisation=batch.school, after=report.summary)
    return upload


def _known(numbers: list[str]) -> dict[str, int]:
    facts = KeyFacts.objects.filter(valid_to=None, id_type=IdType.RESIDENT, id_number__in=numbers)
    return {found.id_number.reveal(): found.student_id for found in facts}


def _entrant(batch: EntryBatch, values: dict, known: dict[str, int], by) -> Entrant:
    student = known.get(values["id_number"]) if values["id_type"] == IdType.RESIDENT else None
    return Entrant(
        batch=batch, school=batch.school, stage=batch.stage, year=batch.year, known_id=student, recorded_by=by,
        recorded_at=now(), **values,
    )  # fmt: skip


def marked(upload: EntryUpload, *, by) -> bytes:
    """The user's own workbook with faulty cells coloured and a column of reasons, checked afresh."""
    content = files.read(upload.file)
    report = report_of(content, upload.batch)
    after = {"file": "标注", "rows": report.summary["rows"], "faults": len(report.faults)}
    record(action="下载新生名单", by=by, target=upload, organisation=upload.batch.school, after=after)
    return workbook.marked(content, report)
