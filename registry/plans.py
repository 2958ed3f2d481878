"""招生计划: either the prefecture or the county issues it; the latest in force counts, every amendment is kept."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from linxia_xueji.access import access_of
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Permission, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.reading import once
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import AdmissionPlan, Intake


@transaction.atomic
def set_plan(
    *, school: Organisation, year: int, count: int, issuer: Organisation, document_number: str, issued_on: date, by
) -> AdmissionPlan:
    """Record a plan or its amendment; a cut below the seats held is refused with the list (notice 二)."""
    if not access_of(by).may(Permission.SET_PLAN, school) or issuer.pk not in access_of(by).organisations(
        Permission.SET_PLAN
    ):
        raise Refusal("只有州、县教育局可以下达所管学校的招生计划")
    if not document_number.strip():
        raise Refusal("请填写下达计划的文号")
    if issued_on > today():
        raise Refusal("下达日期不能晚于今天：计划自下达之日起算")
    if not school.programmes.filter(stage=Stage.SENIOR, valid_to=None).exists():
        raise Refusal(f"{school.short_name}不是普通高中，不能下达普通高中招生计划")
    intake = lock_intake(school, year)
    previous = in_force(school, year)
    plan = AdmissionPlan.objects.create(
        school=school,
        year=year,
        count=count,
        issuer=issuer,
        document_number=document_number.strip(),
        issued_on=issued_on,
        recorded_by=by,
        recorded_at=now(),
    )
    counting = in_force(school, year).count
    if counting < intake.held:
        raise Refusal(
            f"计划{counting}人少于已占用学位{intake.held}人，请先由学校撤回或核减{intake.held - counting}人",
            rule="enrolment.over_plan",
            items=_holders(school, year),
        )
    intake.plan = counting
    try:
        intake.save(update_fields=["plan"])
    except IntegrityError as error:
        raise Refusal("刚有学生占用学位，计划不能少于已占用的人数，请刷新后再试", rule="enrolment.over_plan") from error
    record(
        action="下达招生计划",
        by=by,
        target=plan,
        organisation=issuer,
        before={"count": previous.count} if previous else None,
        after={"count": count, "document": plan.document_number},
    )
    return plan


def in_force(school: Organisation, year: int) -> AdmissionPlan | None:
    """The plan that counts: issued last, and of two issued on one day the one recorded last."""
    return once(("plan", school.pk, year), issued_first(AdmissionPlan.objects.filter(school=school, year=year)).first)


def issued_first(plans: QuerySet[AdmissionPlan]) -> QuerySet[AdmissionPlan]:
    """Plans of one school and year, the one in force first."""
    return plans.order_by("-issued_on", "-pk")


def lock_intake(school: Organisation, year: int) -> Intake:
    """The row of seats and serials of a school and year, locked until the transaction ends."""
    Intake.objects.get_or_create(school=school, year=year)
    return Intake.objects.select_for_update().get(school=school, year=year)


def _holders(school: Organisation, year: int) -> list[str]:
    """Who holds the seats: batch by batch."""
    rows = school.batches.filter(year=year).select_related("request").order_by("sequence")
    return [f"{b.request.number}：{b.candidates.filter(seat=True).count()}人（{b.request.status}）" for b in rows]
