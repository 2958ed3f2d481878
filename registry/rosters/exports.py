"""Taking a roster out: asked for with its purpose, above a set size released by a second person, taken out once."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from approvals.messages import tell
from linxia_xueji.access import Access, access_of, people_who_may
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.models import User, scope_of
from linxia_xueji.policy import in_force
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.enums import ExportPurpose, ExportState, OrderKind
from registry.exchange.book import workbook as national_book
from registry.exchange.rows import rows as national_rows
from registry.exchange.rows import students as national_students
from registry.models import Enrolment, ExportRecord
from registry.roster.columns import TEMPLATE
from registry.rosters.columns import in_order
from registry.rosters.conditions import Conditions
from registry.rosters.roll import chosen, listed, whole
from registry.rosters.workbook import book

DECIDES = (
    Permission.DECIDE_AS_SCHOOL,
    Permission.DECIDE_AS_COUNTY,
    Permission.DECIDE_AS_PREFECTURE,
    Permission.DECIDE_AS_PROVINCE,
)
EXPORTS = (Permission.PREPARE_BUSINESS, *DECIDES)
"""Who takes rosters out: those who do the business. An auditor only reads."""
_STEP = 2000
NATIONAL_COLUMNS = f"全国学籍系统模板的{len(TEMPLATE)}列"
Progress = Callable[[int], None]


def may_export(access: Access) -> bool:
    """Whether the person takes rosters out at all."""
    return bool(access.post) and any(map(access.has, EXPORTS))


def may_decide(access: Access, export: ExportRecord) -> bool:
    """Whether the person may release it: of the same office or above, and never the one who asked."""
    return access.user_id != export.asked_by_id and any(access.may(p, export.school) for p in DECIDES)


@transaction.atomic
def ask(
    *,
    conditions: Conditions,
    columns: list[str],
    purpose: str,
    purpose_text: str,
    by,
    on: date,
    kind: str = OrderKind.ROLL,
) -> ExportRecord:
    """Put it on record. :param kind: a roster of these columns, or the national file, which has its own.

    :raises Refusal: for those who may not, for nobody, for 其他 without words.
    """
    access = access_of(by)
    if not may_export(access):
        raise Refusal("只有办理学籍业务的人员可以导出花名册；审计员可以查看，不能导出")
    if purpose == ExportPurpose.OTHER and not purpose_text.strip():
        raise Refusal("用途选“其他”的，请写明具体用途")
    of_kind = national_students if kind == OrderKind.NATIONAL else chosen
    count = of_kind(Enrolment.objects.open_to(access), conditions).count()
    if not count:
        raise Refusal("没有符合条件的学生，请修改条件后再导出")
    own = [] if kind == OrderKind.NATIONAL else [c.code for c in in_order(columns)]
    office = access.post.organisation
    above = count > in_force(office, on)["export.release_above"]
    made = ExportRecord.objects.create(
        **scope_of(office), asked_by=by, post=access.post, asked_at=now(), kind=kind, day=conditions.day,
        conditions=conditions.data(), told=conditions.words()[:300], columns=own, count=count, purpose=purpose,
        purpose_text=purpose_text.strip(), state=ExportState.WAITING if above else ExportState.OPEN,
    )  # fmt: skip
    record(action="申请导出花名册", by=by, target=made, after=_noted(made))
    if above:
        text = f"{office.short_name}{by.full_name}申请导出{count}人的花名册，待批准"
        tell(_releasers(made, by, on), text, link=reverse("registry:export", args=[made.pk]))
    return made


def _releasers(export: ExportRecord, by, on: date) -> set[User]:
    """Who may release it at the office itself, or at the nearest above where somebody may."""
    for office in export.school.ancestors():
        if found := {user for p in DECIDES for user in people_who_may(p, office, on)} - {by}:
            return found
    return set()


@transaction.atomic
def decide(*, export: ExportRecord, released: bool, note: str, by) -> ExportRecord:
    """Release it or not, with reason. :raises Refusal: for oneself, without right, without reason, or when it is decided."""
    export = (
        ExportRecord.objects.select_for_update(of=("self",))
        .select_related("school__parent__parent__parent")
        .get(pk=export.pk)
    )
    if export.asked_by_id == by.pk:
        raise Refusal("本人申请的导出须由本单位或上级另一人批准")
    if not may_decide(access_of(by), export):
        raise Refusal("只有本单位负责人、审核人员或上级主管部门可以批准导出")
    if export.state != ExportState.WAITING:
        raise Refusal(f"该导出{export.get_state_display()}，无须再批准")
    if not note.strip():
        raise Refusal("请写明批准或不予导出的理由")
    export.state = ExportState.OPEN if released else ExportState.REFUSED
    export.decided_by, export.decided_at, export.decision_note = by, now(), note.strip()
    export.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    decision = "批准导出" if released else ExportState.REFUSED.label
    record(action="批准导出花名册", by=by, target=export, after={"decision": decision, "reason": export.decision_note})
    text = f"申请导出的{export.count}人花名册：{decision}。{export.decision_note}"
    tell([export.asked_by], text, link=reverse("registry:export", args=[export.pk]), by=by)
    return export


def mark_taken(export: ExportRecord) -> None:
    """It goes out now, and only now. :raises Refusal: where it was taken out, or is not released."""
    open_ones = ExportRecord.objects.filter(pk=export.pk, state=ExportState.OPEN)
    if not open_ones.update(state=ExportState.TAKEN, taken_at=now()):
        raise Refusal("每次批准只能取出一次；需要再次使用的，请重新申请导出")


def book_of(export: ExportRecord, *, by, progress: Progress | None = None) -> tuple[bytes, dict[str, Any]]:
    """The workbook with whole numbers, of what was known when it was asked for, and what the trail notes of it.

    :raises Refusal: where the person sees other students by now, or the register was put right for those days.
    """
    if ExportRecord.objects.filter(pk=export.pk).exclude(state=ExportState.OPEN).exists():
        raise Refusal("尚未批准或已经取出，不能导出")
    conditions, seen = Conditions.of(export.day, export.conditions), Enrolment.objects.visible_to(by)
    make = _national if export.kind == OrderKind.NATIONAL else _roster
    return make(export, seen, conditions, progress), _noted(export)


def _roster(
    export: ExportRecord, seen: QuerySet[Enrolment], conditions: Conditions, progress: Progress | None
) -> bytes:
    columns = in_order(export.columns)
    rows = _as_released(listed(seen, conditions, columns, known=export.asked_at), export)
    told = f"截至{export.day.isoformat()}　{export.told}　用途：{export.get_purpose_display()}"
    told_rows = _told(whole(rows, columns), progress)
    return book("花名册", told, [c.label for c in columns], told_rows, [c.width for c in columns])


def _national(
    export: ExportRecord, seen: QuerySet[Enrolment], conditions: Conditions, progress: Progress | None
) -> bytes:
    found = _as_released(national_students(seen, conditions, known=export.asked_at), export)
    return national_book(_told(national_rows(found, known=export.asked_at), progress))


def _as_released(rows: QuerySet, export: ExportRecord) -> QuerySet:
    if rows.count() != export.count:
        raise Refusal("申请以后学籍或可查看的范围有变动，人数与批准的不同，请重新申请导出")
    return rows


def _told(rows: Iterator[list[str]], progress: Progress | None) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        if progress and number % _STEP == 0:
            progress(number)
        yield row


def fields_of(export: ExportRecord) -> list[str]:
    """The headings of its columns; the national file is known by what it is."""
    if export.kind == OrderKind.NATIONAL:
        return [NATIONAL_COLUMNS]
    return [column.label for column in in_order(export.columns)]


def _noted(export: ExportRecord) -> dict[str, Any]:
    return {
        "count": export.count, "day": export.day.isoformat(), "purpose": export.get_purpose_display(),
        "fields": "、".join(fields_of(export)),
    }  # fmt: skip
