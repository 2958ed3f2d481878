"""Taking in a list: the file is kept, checked and compared; nothing of it is in force before it is imported."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date

from django.db import connection, transaction

from linxia_xueji import files
from linxia_xueji.access import access_of
from linxia_xueji.collector import quiet_collector
from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation, User
from linxia_xueji.models.scope import scope_of
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import seal_each
from linxia_xueji.trail import record
from registry.admissions.check import Progress, Report, check_file
from registry.admissions.columns import BY_KEY
from registry.admissions.comparison import Line, Outcome, compare, summary_of
from registry.admissions.faults import WORDINGS, Fault
from registry.admissions.lookups import from_database
from registry.admissions.past import past
from registry.admissions.reading import UnreadableFile, refuse_foreign
from registry.enums import UploadState
from registry.models import AdmissionStaged, AdmissionUpload

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 30 * 1024 * 1024
"""Bytes; 20,000 rows are one or two million."""

FAULTS_KEPT = 2_000
"""Faults listed on the page; the marked file has every one."""

_COLUMNS = (
    "upload_id", "row", "exam_number", "name", "sex", "ethnicity", "birth_date", "id_number",
    "exam_county_id", "school_id", "score", "change", "changed", "replaces",
)  # fmt: skip
# As they are handed over, said beforehand so that not every cell is asked: days, scores and JSON go as text.
_TYPES = ("int8", "int4", *("text",) * 6, "int8", "int8", *("text",) * 3, "int8")
_BLOCKED_COLUMN = {"school_locked": "school", "id_in_force": "id_number"}


@transaction.atomic
def receive(*, content: bytes, name: str, year: int, organisation: Organisation, by: User) -> AdmissionUpload:
    """Keep an uploaded list of the prefecture, waiting to be checked. `Refusal` for want of the right, for size, or where
    it is no workbook.
    """
    require_import(by, organisation)
    if len(content) > LARGEST:
        raise Refusal(f"文件超过{LARGEST // 1024 // 1024}MB，请只保留录取名单一个工作表后再上传")
    refuse_foreign(content)
    use = files.keep(
        content=content, name=name, content_type=XLSX, purpose="录取名单", scope=scope_of(organisation), by=by
    )
    upload = AdmissionUpload.objects.create(
        organisation=organisation, year=year, file=use, uploaded_by=by, uploaded_at=now()
    )
    record(action="上传录取名单", by=by, target=upload, organisation=organisation, after={"file": use.stored_id})
    return upload


def require_import(by: User, organisation: Organisation) -> None:
    """`Refusal` unless the person may import lists at this prefecture today."""
    if organisation.level != Level.PREFECTURE or not access_of(by).may(Permission.IMPORT_ADMISSIONS, organisation):
        raise Refusal("没有导入录取名单的权限，由州学管中心办理")


@quiet_collector(collect=False)
def stage(upload: AdmissionUpload, *, on: date, progress: Progress | None = None) -> None:
    """Check the stored file of an upload and lay its sound rows ready with what each would change.

    May be run again, as long as the upload is not imported. A file that cannot be judged leaves the upload FAILED with
    the sentence in `error`. Called outside a transaction, `progress` is seen at once.
    """
    if upload.state == UploadState.IMPORTED:
        raise Refusal("此名单已导入，不再预检")
    upload.state, upload.error = UploadState.CHECKING, ""
    upload.save(update_fields=["state", "error"])
    try:
        content, tell = files.read(upload.file), progress or saving(upload)
        report = check_file(content, from_database(upload.year, on), tell, glanced=True)
    except UnreadableFile as refusal:
        upload.state, upload.error = UploadState.FAILED, refusal.message
        upload.save(update_fields=["state", "error"])
        return
    compared_with = past(upload.year)  # before it is read: what changes in between is another past at the import
    outcomes = compare(_lines(report), upload.year)
    with transaction.atomic():
        upload.staged.all().delete()
        _copy(upload, outcomes)
        upload.state = UploadState.CHECKED
        upload.done = upload.total = report.rows
        upload.valid, upload.compared_with = report.valid, compared_with
        upload.faults = [asdict(fault) for fault in report.faults[:FAULTS_KEPT]]
        upload.summary = {
            **summary_of(outcomes),
            "faults": len(report.faults),
            "errors": len(report.faulty_rows),
            "warnings": sum(not fault.is_error for fault in report.faults),
        }
        upload.save()


def report_of(upload: AdmissionUpload, *, on: date) -> Report:
    """The full report of an upload, made afresh from its file; rows that are blocked count as faulty.

    For the files handed back (`workbook.marked`, `workbook.faulty_rows`): the faults kept on the upload are cut short.
    """
    report = check_file(files.read(upload.file), from_database(upload.year, on))
    names = {row.row: row.name for row in report.clean}
    blocked = [
        Fault(
            row=item["row"], column=BY_KEY[_BLOCKED_COLUMN[item["code"]]].header, code=item["code"],
            severity=WORDINGS[item["code"]].severity, message=item["message"], mend=item["mend"],
            name=names[item["row"]],
        )
        for item in upload.summary.get("blocked_rows", [])
        if item["row"] in names
    ]  # fmt: skip
    faults = sorted([*report.faults, *blocked], key=lambda fault: fault.row)
    rows = {fault.row for fault in blocked}
    return replace(report, faults=tuple(faults), clean=tuple(row for row in report.clean if row.row not in rows))


def saving(upload: AdmissionUpload, every: float = 0.5) -> Callable[[int, int], None]:
    """A progress that saves done and total on the upload, at most once in `every` seconds."""
    last = 0.0

    def save(done: int, total: int) -> None:
        nonlocal last
        if done == total or time.monotonic() - last >= every:
            last = time.monotonic()
            AdmissionUpload.objects.filter(pk=upload.pk).update(done=done, total=total)

    return save


def _lines(report: Report) -> list[Line]:
    counties = dict(Organisation.objects.filter(level=Level.COUNTY).values_list("division_id", "pk"))
    schools = dict(Organisation.objects.filter(level=Level.SCHOOL).values_list("code", "pk"))
    return [
        Line(row, exam_number, name, sex.value, ethnicity, birth, id_number, counties[county], schools[school], score)
        for row, exam_number, name, sex, ethnicity, birth, id_number, county, school, score in report.clean
    ]


def _copy(upload: AdmissionUpload, outcomes: list[Outcome]) -> None:
    """COPY into the staging table: identity numbers go in sealed, while the database takes in those before."""
    table = connection.ops.quote_name(AdmissionStaged._meta.db_table)
    sealed = seal_each([outcome.line.id_number for outcome in outcomes])
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        copy.set_types(_TYPES)
        for (line, change, replaces, changed, *_), id_number in zip(outcomes, sealed, strict=True):
            row, exam_number, name, sex, ethnicity, birth, _, county, school, score = line
            shown = json.dumps(changed, ensure_ascii=False) if changed else "[]"
            copy.write_row(
                (
                    upload.pk, row, exam_number, name, sex, ethnicity, birth.isoformat(), id_number, county, school,
                    str(score), change, shown, replaces,
                )
            )  # fmt: skip
