"""Putting a checked list in force: one transaction, superseding what it changes, leaving alone what it does not."""

from django.db import connection, transaction

from approvals.enums import OPEN
from linxia_xueji.collector import quiet_collector
from linxia_xueji.dates import now
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.trail import record
from registry.admissions.comparison import FIELDS, compare, line_of
from registry.admissions.past import past
from registry.admissions.staging import require_import
from registry.batches import follow_amended_list
from registry.enums import Change, UploadState
from registry.models import Admission, AdmissionUpload

_WRITTEN = (Change.ADD, Change.CHANGE)
_LISTED = 50

_INSERT = """
INSERT INTO registry_admission (year, exam_number, name, sex, ethnicity, birth_date, id_number, exam_county_id,
                                school_id, score, upload_id, row, recorded_at)
SELECT %(year)s, exam_number, name, sex, ethnicity, birth_date, id_number, exam_county_id, school_id,
       score, upload_id, row, %(at)s
  FROM registry_admissionstaged WHERE upload_id = %(upload)s AND change = ANY(%(written)s)
"""

# A student whose batch is not closed is compared with the list in force, so the candidate follows to the new line,
# unless the school is another: then the old line, superseded, says that the student is no longer on the list there.
# The new lines are looked up one by one: what the planner knows of the table is from before they were written.
_FOLLOW = """
UPDATE registry_candidate c SET admission_id = m.new, exam_number = m.exam_number
  FROM (SELECT old, exam_number, school, (SELECT id FROM registry_admission n WHERE n.year = %(year)s
                                             AND n.exam_number = s.exam_number AND n.superseded_at IS NULL) AS new
          FROM unnest(%(old)s::bigint[], %(exam_numbers)s::text[], %(schools)s::bigint[]) AS s (old, exam_number, school)
        OFFSET 0) m,
       registry_enrolmentbatch b JOIN approvals_request r ON r.id = b.request_id
 WHERE c.admission_id = m.old AND c.school_id = m.school AND b.id = c.batch_id AND r.state = ANY(%(open)s)
"""

_REPLACE = """
UPDATE registry_admissionstaged s SET replaces = m.replaces
  FROM unnest(%s::int[], %s::bigint[]) AS m (row, replaces) WHERE s.upload_id = %s AND s.row = m.row
"""


def request_import(upload: AdmissionUpload, *, by: User, only_clean: bool) -> None:
    """Say why not, or set the upload IMPORTING; the job does the rest. Shares the transaction that defers the job."""
    locked = AdmissionUpload.objects.select_for_update().get(pk=upload.pk)
    _require(locked, by=by, only_clean=only_clean, states=(UploadState.CHECKED,))
    AdmissionUpload.objects.filter(pk=upload.pk).update(state=UploadState.IMPORTING, only_clean=only_clean, error="")


@quiet_collector(collect=False)
@transaction.atomic
def apply(upload: AdmissionUpload, *, by: User, only_clean: bool) -> AdmissionUpload:
    """Import an upload that was checked: all of it, or with `only_clean` the rows without fault.

    :raises Refusal: without the right, when not checked or imported before, when rows have faults or are blocked and
        `only_clean` was not chosen, or when no row is left.
    :raises Stale: when the list in force is no longer the one it was compared with; check again and show it again.
    """
    upload = AdmissionUpload.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=upload.pk)
    _require(upload, by=by, only_clean=only_clean, states=(UploadState.CHECKED, UploadState.IMPORTING))
    with connection.cursor() as cursor:
        # One import a year at a time: two lists compared with the same past must not both be laid over it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_admission'), %s)", [upload.year])
    if past(upload.year) != upload.compared_with:
        _compare_again(upload)
    replaced = upload.staged.filter(change=Change.CHANGE).values_list("replaces", "exam_number", "school_id")
    old, exam_numbers, schools = map(list, zip(*replaced, strict=True)) if replaced else ([], [], [])
    at = now()
    Admission.objects.filter(pk__in=old).update(superseded_at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT, {"year": upload.year, "at": at, "upload": upload.pk, "written": [c.value for c in _WRITTEN]}
        )
        follow_amended_list(upload)  # what a draft had copied from the old line is copied anew, before it is let go
        cursor.execute(
            _FOLLOW,
            {
                "year": upload.year, "old": old, "exam_numbers": exam_numbers, "schools": schools,
                "open": [state.value for state in OPEN],
            },
        )  # fmt: skip
    upload.state, upload.only_clean, upload.error = UploadState.IMPORTED, only_clean, ""
    upload.imported_by, upload.imported_at = by, at
    upload.save()
    counts = {key: upload.summary[key] for key in (*(change.value for change in Change), "errors")}
    record(
        action="导入录取名单", by=by, target=upload, organisation=upload.organisation,
        after={"year": upload.year, "file": upload.file.stored_id, "only_clean": only_clean, **counts},
    )  # fmt: skip
    return upload


def _require(upload: AdmissionUpload, *, by: User, only_clean: bool, states: tuple[UploadState, ...]) -> None:
    require_import(by, upload.organisation)
    if upload.state == UploadState.IMPORTED:
        raise Refusal("此名单已导入")
    if upload.state not in states:
        raise Refusal(f"此名单{upload.get_state_display()}，预检完成后才能导入")
    blocked = upload.summary["blocked_rows"]
    bad = upload.summary["errors"] + len(blocked)
    if bad and not only_clean:
        faults = [f"第{fault['row']}行：{fault['message']}" for fault in upload.faults if fault["severity"] == "error"]
        items = [*faults, *(f"第{item['row']}行：{item['message']}" for item in blocked)]
        raise Refusal(f"有{bad}行不能导入，请改正后重新上传，或选择只导入无误的行", items=items[:_LISTED])
    if upload.valid == len(blocked):
        raise Refusal("没有可以导入的行，请改正后重新上传")


def _compare_again(upload: AdmissionUpload) -> None:
    """Compare with the past as it is now, under the lock; `Stale` where a row would do something else than was shown."""
    rows = list(upload.staged.order_by("row").values_list("row", *FIELDS, "change", "changed", "replaces"))
    outcomes = compare((line_of(row[:-3]) for row in rows), upload.year)
    moved = []
    for (*_, change, changed, replaces), outcome in zip(rows, outcomes, strict=True):
        if outcome.change != change or list(outcome.changed) != changed:
            raise Stale("预检之后录取名单或批次有变化，比对结果已更新，请重新核对后再导入")
        if outcome.replaces != replaces:
            moved.append((outcome.line.key, outcome.replaces))
    with connection.cursor() as cursor:
        cursor.execute(_REPLACE, [[row for row, _ in moved], [replaces for _, replaces in moved], upload.pk])
