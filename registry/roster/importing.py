"""Putting a checked roster in force: one transaction of set-based statements; what is known already is left alone."""

from datetime import date

from django.db import connection, transaction
from django.db.models import Q

from linxia_xueji.dates import now
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.secrets import index_of, writing_key
from linxia_xueji.trail import record
from registry.enums import BUCKET_OF, Change, UploadState
from registry.models import RosterUpload
from registry.roster.comparison import Line, compare, in_order
from registry.roster.rights import require_import

_MEANT = ("change", "code", "changed", "student_id", "enrolment_id")
_LISTED = 50

# A new student with a number: nobody in the register had it when the list was compared.
_NEWCOMERS = Q(change=Change.ADD, student=None) & ~Q(id_index="", number_index="")
_COME_MEANWHILE = """
    SELECT EXISTS (
        SELECT 1 FROM registry_rosterstaged t WHERE t.upload_id = %(upload)s AND t.change = 'add' AND t.student_id IS NULL
           AND (t.id_number <> '' AND EXISTS (
                    SELECT 1 FROM registry_keyfacts k
                     WHERE k.valid_to IS NULL AND split_part(k.id_number, '$', 1) = split_part(t.id_number, '$', 1))
                OR t.national_number <> '' AND EXISTS (
                    SELECT 1 FROM registry_student s
                     WHERE split_part(s.national_number, '$', 1) = split_part(t.national_number, '$', 1))))"""

# The order matters: 姓名 are known before the enrolments, whose search index is made from them as they come in.
_STATEMENTS = (
    """UPDATE registry_rosterstaged
          SET student_id = COALESCE(student_id, nextval(%(students)s)), enrolment_id = nextval(%(enrolments)s)
        WHERE upload_id = %(upload)s AND change = 'add'""",
    """INSERT INTO registry_student (id, national_number, recorded_at)
       SELECT student_id, national_number, %(at)s FROM registry_rosterstaged t
        WHERE upload_id = %(upload)s AND change = 'add'
          AND NOT EXISTS (SELECT 1 FROM registry_student s WHERE s.id = t.student_id) ORDER BY row""",
    """UPDATE registry_student s SET national_number = t.national_number FROM registry_rosterstaged t
        WHERE t.upload_id = %(upload)s AND t.change IN ('add', 'change') AND s.id = t.student_id
          AND s.national_number = '' AND t.national_number <> ''""",
    """INSERT INTO registry_keyfacts (student_id, name, sex, ethnicity, birth_date, id_type, id_number, valid_from,
                                      recorded_at, recorded_by_id)
       SELECT student_id, name, sex, ethnicity, birth_date, id_type, id_number, begins_on, %(at)s, %(by)s
         FROM registry_rosterstaged t WHERE upload_id = %(upload)s AND change = 'add'
          AND NOT EXISTS (SELECT 1 FROM registry_keyfacts k WHERE k.student_id = t.student_id AND k.valid_to IS NULL)
        ORDER BY row""",
    """INSERT INTO registry_enrolment (id, student_id, school_id, county_id, prefecture_id, stage, bucket, entry_year,
                                       begins_on, ending, recorded_at)
       SELECT enrolment_id, student_id, school_id, county_id, prefecture_id, stage, %(buckets)s::jsonb ->> stage,
              entry_year, begins_on, '', %(at)s
         FROM registry_rosterstaged WHERE upload_id = %(upload)s AND change = 'add' ORDER BY row""",
    """INSERT INTO registry_enrolmentstatus (enrolment_id, status, valid_from, recorded_at, recorded_by_id)
       SELECT enrolment_id, status, begins_on, %(at)s, %(by)s
         FROM registry_rosterstaged WHERE upload_id = %(upload)s AND change = 'add'""",
    """INSERT INTO registry_enrolmentgrade (enrolment_id, grade, school_class, valid_from, recorded_at, recorded_by_id)
       SELECT enrolment_id, grade, school_class, GREATEST(begins_on, %(year)s::date), %(at)s, %(by)s
         FROM registry_rosterstaged WHERE upload_id = %(upload)s AND change = 'add'""",
    """WITH moved AS (
           UPDATE registry_enrolmentgrade g SET valid_to = GREATEST(g.valid_from, %(on)s::date), closed_at = %(at)s
             FROM registry_rosterstaged t
            WHERE t.upload_id = %(upload)s AND t.change = 'change' AND g.enrolment_id = t.enrolment_id
              AND g.valid_to IS NULL AND t.school_class NOT IN ('', g.school_class)
           RETURNING g.enrolment_id, g.grade, t.school_class)
       INSERT INTO registry_enrolmentgrade (enrolment_id, grade, school_class, valid_from, recorded_at, recorded_by_id)
       SELECT enrolment_id, grade, school_class, %(on)s, %(at)s, %(by)s FROM moved""",
    """INSERT INTO registry_circumstances (enrolment_id, boarding, left_behind, valid_from, recorded_at, recorded_by_id)
       SELECT enrolment_id, boarding, left_behind, GREATEST(begins_on, %(year)s::date), %(at)s, %(by)s
         FROM registry_rosterstaged WHERE upload_id = %(upload)s AND change = 'add' AND boarding || left_behind <> ''""",
    # A row says nothing of what it leaves empty: that stays as it was.
    """WITH told AS (
           SELECT t.enrolment_id, c.id AS present, COALESCE(NULLIF(t.boarding, ''), c.boarding, '') AS boarding,
                  COALESCE(NULLIF(t.left_behind, ''), c.left_behind, '') AS left_behind
             FROM registry_rosterstaged t
             LEFT JOIN registry_circumstances c ON c.enrolment_id = t.enrolment_id AND c.valid_to IS NULL
            WHERE t.upload_id = %(upload)s AND t.change = 'change'
              AND (t.boarding NOT IN ('', COALESCE(c.boarding, '')) OR t.left_behind NOT IN ('', COALESCE(c.left_behind, '')))),
       ended AS (
           UPDATE registry_circumstances c SET valid_to = GREATEST(c.valid_from, %(on)s::date), closed_at = %(at)s
             FROM told WHERE c.id = told.present RETURNING c.id)
       INSERT INTO registry_circumstances (enrolment_id, boarding, left_behind, valid_from, recorded_at, recorded_by_id)
       SELECT enrolment_id, told.boarding, told.left_behind, %(on)s, %(at)s, %(by)s
         FROM told LEFT JOIN ended ON ended.id = told.present""",
    """UPDATE registry_rosterrecord r SET superseded_at = %(at)s FROM registry_rosterstaged t
        WHERE t.upload_id = %(upload)s AND t.change = 'change' AND r.enrolment_id = t.enrolment_id
          AND r.superseded_at IS NULL""",
    """INSERT INTO registry_rosterrecord (enrolment_id, line_id, recorded_at)
       SELECT enrolment_id, id, %(at)s
         FROM registry_rosterstaged WHERE upload_id = %(upload)s AND change IN ('add', 'change') ORDER BY row""",
)


def request_import(upload: RosterUpload, *, by: User, only_clean: bool) -> None:
    """Say why not, or set the upload IMPORTING; the job does the rest. Shares the transaction that defers the job."""
    locked = RosterUpload.objects.select_for_update().get(pk=upload.pk)
    _require(locked, by=by, only_clean=only_clean, states=(UploadState.CHECKED,))
    RosterUpload.objects.filter(pk=upload.pk).update(state=UploadState.IMPORTING, only_clean=only_clean, error="")


@transaction.atomic
def apply(upload: RosterUpload, *, by: User, only_clean: bool, on: date) -> RosterUpload:
    """Import an upload that was checked: all of it, or with `only_clean` the rows without fault.

    :raises Refusal: without the right, when not checked or imported before, when rows have faults or are blocked and
        `only_clean` was not chosen, or when no row is left.
    :raises Stale: when the register is no longer as it was compared with; check again and show it again.
    """
    upload = RosterUpload.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=upload.pk)
    _require(upload, by=by, only_clean=only_clean, states=(UploadState.CHECKED, UploadState.IMPORTING))
    with connection.cursor() as cursor:
        # One at a time: two lists compared with the same register must not both be laid over it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_roster'))")
    _require_as_shown(upload)
    at = now()
    given = {
        "upload": upload.pk, "at": at, "by": by.pk, "on": on, "buckets": _buckets(),
        "year": date(on.year if on.month >= 9 else on.year - 1, 9, 1),
    }  # fmt: skip
    with connection.cursor() as cursor:
        # Looked up once: in the statement they would be for every row.
        cursor.execute(
            "SELECT pg_get_serial_sequence('registry_student', 'id'), pg_get_serial_sequence('registry_enrolment', 'id')"
        )
        given["students"], given["enrolments"] = cursor.fetchone()
        for statement in _STATEMENTS:
            cursor.execute(statement, given)
    upload.state, upload.only_clean, upload.error = UploadState.IMPORTED, only_clean, ""
    upload.imported_by, upload.imported_at = by, at
    upload.save()
    counts = {key: upload.summary[key] for key in (*(change.value for change in Change), "errors")}
    record(
        action="导入在校生名册", by=by, target=upload, organisation=upload.organisation,
        after={"file": upload.file.stored_id, "only_clean": only_clean, **counts},
    )  # fmt: skip
    return upload


def _buckets() -> str:
    """Stage → bucket as JSON, so that the statement knows no list of its own."""
    pairs = ", ".join(f'"{stage.value}": "{bucket.value}"' for stage, bucket in BUCKET_OF.items())
    return f"{{{pairs}}}"


def _require(upload: RosterUpload, *, by: User, only_clean: bool, states: tuple[UploadState, ...]) -> None:
    require_import(by, upload.organisation)
    if upload.state == UploadState.IMPORTED:
        raise Refusal("此名册已导入")
    if upload.state not in states:
        raise Refusal(f"此名册{upload.get_state_display()}，检查完成后才能导入")
    blocked = upload.summary[Change.BLOCKED.value]
    bad = upload.summary["errors"] + blocked
    if bad and not only_clean:
        items = [f"第{f['row']}行：{f['message']}" for f in upload.faults if f["severity"] == "error"]
        raise Refusal(f"有{bad}行不能导入，请改正后重新上传，或选择只导入无误的行", items=items[:_LISTED])
    if upload.valid == blocked:
        raise Refusal("没有可以导入的行，请改正后重新上传")


def _require_as_shown(upload: RosterUpload) -> None:
    """Compare again, under the lock; `Stale` where a row would now do something else than was shown.

    Whether somebody new came into the register meanwhile under a number of the list is seen by its indexes alone; only
    the other rows are compared one by one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COME_MEANWHILE, {"upload": upload.pk})
        (come,) = cursor.fetchone()
    # An index says nothing across a change of keys.
    newcomers = _NEWCOMERS if upload.summary.get("key") == writing_key() else Q(pk=None)
    rows = list(
        in_order(
            upload.staged.alias(id_index=index_of("id_number"), number_index=index_of("national_number")).exclude(
                newcomers
            )
        )
    )
    shown = [_meaning(row) for row in rows]
    compare(rows)
    if come or [_meaning(row) for row in rows] != shown:
        raise Stale("检查之后学籍有变化，比对结果已更新，请重新核对后再导入")


def _meaning(row: Line) -> tuple:
    return tuple(getattr(row, name) for name in _MEANT)
