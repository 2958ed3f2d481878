"""Taking back a whole import: exactly what it made goes, what it closed is open again. Not where anything rests on it."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from approvals.models import Request
from linxia_xueji.dates import now
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.enums import Change, UploadState
from registry.models import (
    Circumstances,
    Enrolment,
    EnrolmentGrade,
    EnrolmentStatus,
    KeyFacts,
    RosterRecord,
    RosterStaged,
    RosterUpload,
    Student,
)
from registry.roster.rights import require_import

_LISTED = 50
_OURS = (EnrolmentStatus, EnrolmentGrade, Circumstances, KeyFacts, Enrolment, RosterRecord, RosterStaged)
"""What an import itself makes of a student; anything else that points at one rests on it."""

# Enrolments go before the key facts, so that no search index is made anew for them.
_STATEMENTS = (
    """CREATE TEMPORARY TABLE undone ON COMMIT DROP AS
       SELECT change, student_id, enrolment_id, changed FROM registry_rosterstaged
        WHERE upload_id = %(upload)s AND change IN ('add', 'change')""",
    "UPDATE registry_rosterstaged t SET enrolment_id = NULL FROM undone u WHERE u.change = 'add' AND t.enrolment_id = u.enrolment_id",
    """UPDATE registry_rosterstaged t SET student_id = NULL FROM undone u JOIN registry_student s ON s.id = u.student_id
        WHERE u.change = 'add' AND s.recorded_at = %(at)s AND t.student_id = s.id""",
    """DELETE FROM registry_rosterrecord r USING registry_rosterstaged t
        WHERE t.upload_id = %(upload)s AND r.line_id = t.id""",
    """UPDATE registry_rosterrecord r SET superseded_at = NULL FROM undone u
        WHERE r.enrolment_id = u.enrolment_id AND r.superseded_at = %(at)s""",
    *(
        statement.format(table=table)
        for table in ("registry_enrolmentstatus", "registry_enrolmentgrade", "registry_circumstances")
        for statement in (
            "DELETE FROM {table} d USING undone u WHERE d.enrolment_id = u.enrolment_id AND d.recorded_at = %(at)s",
            """UPDATE {table} d SET valid_to = NULL, closed_at = NULL FROM undone u
                WHERE d.enrolment_id = u.enrolment_id AND d.closed_at = %(at)s""",
        )
    ),
    "DELETE FROM registry_enrolment e USING undone u WHERE u.change = 'add' AND e.id = u.enrolment_id",
    """DELETE FROM registry_keyfacts k USING undone u
        WHERE u.change = 'add' AND k.student_id = u.student_id AND k.recorded_at = %(at)s""",
    """DELETE FROM registry_student s USING undone u
        WHERE u.change = 'add' AND s.id = u.student_id AND s.recorded_at = %(at)s""",
    """UPDATE registry_student s SET national_number = '' FROM undone u
        WHERE u.change = 'change' AND s.id = u.student_id AND u.changed @> '[{"column": "全国学籍号"}]'""",
)  # fmt: skip


@transaction.atomic
def undo(upload: RosterUpload, *, by: User) -> RosterUpload:
    """Take the import of an upload back.

    :raises Refusal: without the right to import it, where it was not imported or was taken back, or, by name, where
        something rests on a student it made or changed.
    """
    upload = RosterUpload.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=upload.pk)
    require_import(by, upload.organisation)
    if upload.state != UploadState.IMPORTED or upload.undone_at:
        raise Refusal("此名册没有导入，或导入已撤销")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_roster'))")
    if items := resting(upload):
        raise Refusal(
            "导入之后已有业务或其他资料以这些学生为依据，不能整体撤销，请按学籍变动或问题学籍逐人办理",
            items=items[:_LISTED],
        )
    with connection.cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(statement, {"upload": upload.pk, "at": upload.imported_at})
    upload.undone_by, upload.undone_at = by, now()
    upload.save(update_fields=["undone_by", "undone_at"])
    record(
        action="撤销导入在校生名册", by=by, target=upload, organisation=upload.organisation,
        after={key: upload.summary[key] for key in (Change.ADD.value, Change.CHANGE.value)},
    )  # fmt: skip
    return upload


def resting(upload: RosterUpload) -> list[str]:
    """Students of an import on whom something rests since, each with what it is: 马海明：学籍变动."""
    found: dict[int, set[str]] = {}
    at = upload.imported_at
    touched = upload.staged.filter(change__in=(Change.ADD, Change.CHANGE))
    added = touched.filter(change=Change.ADD)
    for rows, what in (*_later(touched, at), *_pointing(added), *_business(added)):
        for row in rows.values_list("row", flat=True).distinct()[:_LISTED]:
            found.setdefault(row, set()).add(what)
    names = dict(upload.staged.filter(row__in=found).values_list("row", "name"))
    return [f"第{row}行{names[row]}：{'、'.join(sorted(what))}" for row, what in sorted(found.items())]


def _later(touched: QuerySet, at: datetime) -> list[tuple[QuerySet, str]]:
    """What was recorded of them, or came to an end, since."""
    since = Q(recorded_at__gt=at) | Q(closed_at__gt=at)
    found: list[tuple[QuerySet, str]] = [
        (
            touched.filter(enrolment__in=dated.objects.filter(since).values("enrolment")),
            f"{dated._meta.verbose_name}已变更",
        )
        for dated in (EnrolmentStatus, EnrolmentGrade, Circumstances)
    ]
    found.append((touched.filter(student__in=KeyFacts.objects.filter(since).values("student")), "关键信息已变更"))
    found.append((touched.filter(enrolment__closed_at__gt=at), "学籍已终止"))
    later = RosterRecord.objects.filter(recorded_at__gt=at)
    found.append((touched.filter(enrolment__in=later.values("enrolment")), "之后又导入过名册"))
    others = Enrolment.objects.filter(recorded_at__gt=at)
    found.append((touched.filter(student__in=others.values("student")), "另有学籍"))
    return found


def _pointing(added: QuerySet) -> list[tuple[QuerySet, str]]:
    """Whatever other table points at a student or an enrolment that was made, in whichever app it is."""
    return [
        (added.filter(**{f"{mine}__in": relation.related_model._base_manager.values(relation.field.attname)}), relation.related_model._meta.verbose_name)
        for mine, model in (("enrolment", Enrolment), ("student", Student))
        for relation in model._meta.related_objects
        if relation.related_model not in _OURS
    ]  # fmt: skip


def _business(added: QuerySet) -> list[tuple[QuerySet, str]]:
    """Business about them, which names its student by the key that keeps a second one away."""
    keyed = added.annotate(key=Concat(Value("student:", TextField()), Cast("student_id", TextField())))
    return [
        (keyed.filter(key__in=Request.objects.filter(lock_key__startswith="student:").values("lock_key")), "有申请")
    ]
