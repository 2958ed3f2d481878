"""Noting and withdrawing deviations."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from approvals.calendars import calendars
from approvals.messages import tell
from linxia_xueji.access import people_who_may
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Permission
from linxia_xueji.models import User, same_scope
from linxia_xueji.policy import in_force
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import ClassAttestation, Deviation, SampledStudent
from registry.models.verifying import LONGEST_NOTE
from registry.verifying import rights, roster
from registry.verifying.deeds import held
from registry.verifying.enums import DeviationEnd, DeviationKind, SampleResult


@dataclass(frozen=True)
class Noted:
    """What somebody found of a student; which fields are filled depends on the kind."""

    kind: str
    field: str = ""
    value: str = ""
    grade: int | None = None
    school_class: str = ""
    status: str = ""
    name: str = ""
    birth_date: date | None = None
    note: str = ""


@transaction.atomic
def note(one: ClassAttestation, *, enrolment: int | None, found: Noted, by: User) -> Deviation:
    """Note a deviation of a student of the class, or (without enrolment) of somebody the roster does not have.

    :raises Refusal: see `why_not_note`; where nothing differs, and where the same stands already.
    """
    school = held(one.school_verification)
    if why := rights.why_not_note(by, school):
        raise Refusal(why)
    line = _line(one, school, enrolment)
    registered = _registered(line, found, one)
    sampled = rights.is_officer(by, school)
    days = in_force(school.verification.prefecture, today())["verify.settle_days"]
    try:
        with transaction.atomic():
            made = Deviation.objects.create(
                **same_scope(school), school_verification=school, class_attestation=one, kind=DeviationKind(found.kind),
                enrolment_id=enrolment, name=line["name"] if line else found.name, field=found.field, registered=registered,
                actual=found.value, actual_grade=found.grade, actual_class=found.school_class, actual_status=found.status,
                birth_date=found.birth_date, note=found.note[:LONGEST_NOTE], sampled=sampled, noted_by=by, noted_at=now(),
                due_on=calendars().of(school.school).working_days_after(today(), days).day,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal("该生的这项差异已登记，请打开已登记的一项") from error
    record(action="登记核查差异", by=by, target=made, organisation=school.school, after={"kind": made.kind})
    if sampled:
        _of_sample(made, by)
    return made


def _line(one: ClassAttestation, school, enrolment: int | None) -> dict | None:
    if enrolment is None:
        return None
    rows = roster.lines(roster.of_class(school.verification, one, school.school_id).filter(pk=enrolment))
    if not rows:
        raise Refusal("该生不在这个班的名册中，请从班级名册选择")
    return rows[0]


def _registered(line: dict | None, found: Noted, one: ClassAttestation) -> str:
    """What the roster says of it, as text. :raises Refusal: where it says just that."""
    if found.kind == DeviationKind.FIELD:
        stands = line[found.field]
        stands = stands.reveal() if found.field == "id_number" else str(stands)
        if stands == found.value:
            raise Refusal("填写的内容与学籍登记相同，不用登记")
        return stands
    if found.kind == DeviationKind.GRADE and (found.grade, found.school_class or one.school_class) == (
        one.grade,
        one.school_class,
    ):
        raise Refusal("填写的年级、班级与学籍登记相同，不用登记")
    if found.kind == DeviationKind.STATUS:
        if line["status"] == found.status:
            raise Refusal("填写的状态与学籍登记相同，不用登记")
        return line["status"]
    return ""


def _of_sample(made: Deviation, by: User) -> None:
    """What an authority found: noted on its sample, and told to the school."""
    SampledStudent.objects.filter(
        sample__verification=made.school_verification.verification_id, enrolment=made.enrolment_id
    ).update(result=SampleResult.DEVIATES, checked_by=by, checked_at=now())
    for permission in (Permission.PREPARE_BUSINESS, Permission.DECIDE_AS_SCHOOL):
        readers = people_who_may(permission, made.school_verification.school, today())
        words = f"抽查发现{made.name}{made.get_kind_display()}，请核实处理"
        tell(readers, words, link=reverse("registry:deviation", args=[made.pk]), by=by)


@transaction.atomic
def withdraw(deviation: Deviation, *, reason: str, by: User) -> Deviation:
    """Take back what was noted by mistake. :raises Refusal: see `why_not_withdraw`; without a reason, and where it has ended."""
    school = held(deviation.school_verification)
    deviation = Deviation.objects.select_for_update(of=("self",)).get(pk=deviation.pk)
    if deviation.ended_at:
        raise Refusal(f"此项差异已结束（{deviation.get_ended_as_display()}），请刷新页面查看")
    if why := rights.why_not_withdraw(by, school):
        raise Refusal(why)
    if not reason.strip():
        raise Refusal("请写明撤销理由")
    deviation.ended_as, deviation.ended_at, deviation.ended_by = DeviationEnd.WITHDRAWN, now(), by
    deviation.ended_because = reason.strip()[:LONGEST_NOTE]
    deviation.save(update_fields=["ended_as", "ended_at", "ended_by", "ended_because"])
    record(
        action="撤销核查差异",
        by=by,
        target=deviation,
        organisation=school.school,
        after={"reason": deviation.ended_because},
    )
    return deviation
