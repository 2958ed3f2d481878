"""Taking in a roster: the file is kept, checked and compared; nothing of it is in the register before it is imported."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date

from django.db import connection, models, transaction

from linxia_xueji import files
from linxia_xueji.collector import quiet_collector
from linxia_xueji.dates import now
from linxia_xueji.models import Organisation, User
from linxia_xueji.models.scope import scope_of
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import Secret, seal_each, writing_key
from linxia_xueji.trail import record
from registry.admissions.faults import Fault
from registry.admissions.reading import UnreadableFile, refuse_foreign
from registry.admissions.staging import FAULTS_KEPT, LARGEST, XLSX
from registry.enums import Change, UploadState
from registry.models import RosterStaged, RosterUpload
from registry.roster.check import Progress, Report, RosterRow, check_file
from registry.roster.columns import BY_KEY
from registry.roster.comparison import Line, compare, in_order, summary_of
from registry.roster.faults import fault
from registry.roster.grades import entry_year_of
from registry.roster.lookups import from_database
from registry.roster.reading import LIMITS, ROOM
from registry.roster.rights import require_upload

_SHOWN_IN = {"registered_elsewhere": "id_number", "facts_differ": "name", "grade_in_register": "grade",
             "taken_number": "national_number", "perhaps_here": "name"}  # fmt: skip
_COLUMNS = [field.column for field in RosterStaged._meta.concrete_fields if not field.primary_key]
_WRITTEN = json.JSONEncoder(ensure_ascii=False).encode


@transaction.atomic
def receive(*, content: bytes, name: str, organisation: Organisation, by: User) -> RosterUpload:
    """Keep an uploaded roster, waiting to be checked. `Refusal` for want of the right, for size, or where it is no workbook."""
    require_upload(by, organisation)
    if len(content) > LARGEST:
        raise Refusal(f"文件超过{LARGEST // 1024 // 1024}MB，请分学校导出后再上传")
    refuse_foreign(content, ROOM, LIMITS)
    use = files.keep(
        content=content, name=name, content_type=XLSX, purpose="在校生名册", scope=scope_of(organisation), by=by
    )
    upload = RosterUpload.objects.create(organisation=organisation, file=use, uploaded_by=by, uploaded_at=now())
    record(action="上传在校生名册", by=by, target=upload, organisation=organisation, after={"file": use.stored_id})
    return upload


def stage(upload: RosterUpload, *, on: date, progress: Progress | None = None) -> None:
    """Check the stored file of an upload and lay its sound rows ready with what each would change.

    May be run again, as long as the upload is not imported. A file that cannot be judged leaves it FAILED with the
    sentence in `error`. Called outside a transaction, `progress` is seen at once.
    """
    if upload.state == UploadState.IMPORTED:
        raise Refusal("此名册已导入，不再检查")
    upload.state, upload.error = UploadState.CHECKING, ""
    upload.save(update_fields=["state", "error"])
    try:
        with quiet_collector(collect=False):
            _lay_ready(upload, on, progress or saving(upload))
    except UnreadableFile as refusal:
        upload.state, upload.error = UploadState.FAILED, refusal.message
        upload.save(update_fields=["state", "error"])


def _lay_ready(upload: RosterUpload, on: date, progress: Progress) -> None:
    report = check_file(files.read(upload.file), from_database(upload.organisation, on), progress, glanced=True)
    rows = [_line(row) for row in report.clean]
    compare(rows)
    blocked = [fault_of(row) for row in rows if row.change == Change.BLOCKED]
    with transaction.atomic():
        upload.staged.all().delete()
        _copy(upload, rows, report.clean)
        upload.state = UploadState.CHECKED
        upload.done = upload.total = report.rows
        upload.valid = len(report.clean)
        upload.faults = [asdict(f) for f in sorted([*report.faults, *blocked], key=lambda f: f.row)[:FAULTS_KEPT]]
        upload.summary = {
            **summary_of(rows),
            "faults": len(report.faults) + len(blocked),
            "errors": len(report.faulty_rows),
            "warnings": sum(not f.is_error for f in report.faults),
            "absent": list(report.listing.absent),
            "unknown": [list(pair) for pair in report.listing.unknown],
            "derived": "grade" not in report.listing.places,
            "key": writing_key(),
        }
        upload.save()


def report_of(upload: RosterUpload, *, on: date) -> tuple[Report, list[Fault]]:
    """The report of an upload made afresh from its file, and every fault of it with those of the comparison."""
    report = check_file(files.read(upload.file), from_database(upload.organisation, on))
    blocked = [fault_of(row) for row in in_order(upload.staged.filter(change=Change.BLOCKED))]
    return report, sorted([*report.faults, *blocked], key=lambda f: f.row)


def fault_of(row: Line) -> Fault:
    """Why a sound row cannot be imported, as a fault of the file."""
    column = BY_KEY[_SHOWN_IN[row.code]].header
    value = str(row.id_number) if column == "身份证件号" else ""
    words = row.changed[0] if row.changed else {}
    return fault(row=row.row, column=column, code=row.code, name=row.name, value=value, **words)


def saving(upload: models.Model, every: float = 0.5) -> Callable[[int, int], None]:
    """A progress that saves done and total on the upload, at most once in `every` seconds."""
    last = 0.0

    def save(done: int, total: int) -> None:
        nonlocal last
        if done == total or time.monotonic() - last >= every:
            last = time.monotonic()
            type(upload)._default_manager.filter(pk=upload.pk).update(done=done, total=total)

    return save


def _line(row: RosterRow) -> Line:
    return Line(
        row.row, row.school.pk, row.name, row.sex.value, row.ethnicity, row.birth, row.id_type.value, Secret(row.id_number),
        Secret(row.national_number), row.stage.value, row.grade, row.school_class, Secret(row.archive),
    )  # fmt: skip


def _copy(upload: RosterUpload, lines: list[Line], rows: tuple[RosterRow, ...]) -> None:
    """COPY into the staging table; numbers and the row as it came go in sealed."""
    id_numbers, national_numbers = (
        seal_each([getattr(row, name) for row in rows]) for name in ("id_number", "national_number")
    )
    archives = seal_each([row.archive for row in rows], indexed=False)
    sealed = zip(id_numbers, national_numbers, archives, strict=True)
    table = connection.ops.quote_name(RosterStaged._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for line, row, (id_number, national_number, archive) in zip(lines, rows, sealed, strict=True):
            school = row.school
            copy.write_row((
                upload.pk, line.row, school.pk, school.county, school.prefecture, line.name, line.sex, line.ethnicity,
                line.birth_date, line.id_type, id_number, national_number, line.stage, line.grade, line.school_class,
                entry_year_of(row.entry), row.entry, row.status.value, row.boarding, row.left_behind, archive,
                str(line.change), line.code, _WRITTEN(line.changed), line.student_id, line.enrolment_id,
            ))  # fmt: skip
