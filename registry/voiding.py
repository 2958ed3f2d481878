"""Voiding an issued number: a request on its batch's route; the number stays as void with its reason."""

from datetime import date
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from approvals.chain import open_request
from approvals.enums import Move
from approvals.kinds import Deed, Stop, kind_named
from approvals.models import Request
from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission
from linxia_xueji.forms import DayField
from linxia_xueji.prepared import records
from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import Judgement
from registry.deeds import end_enrolment
from registry.enums import Ending
from registry.models import IssuedNumber, NumberVoiding
from registry.plans import lock_intake
from registry.route import route_of
from registry.rules import VOIDING, VoidingFacts

KIND = "number_voiding"


@transaction.atomic
def open_voiding(*, number: IssuedNumber, reason: str, by, on: date | None = None) -> NumberVoiding:
    """Begin the voiding of an issued number; one open one per number."""
    school = number.batch.school
    if not access_of(by).may(Permission.PREPARE_BUSINESS, school):
        raise Refusal(f"只有{school.short_name}的学籍管理员可以申请作废学号")
    if not reason.strip():
        raise Refusal("请写明作废的原因")
    if number.voided_on:
        raise Refusal(f"学号{number.number}已于{number.voided_on:%Y-%m-%d}作废")
    try:
        with transaction.atomic():
            request = open_request(
                kind=kind_named(KIND),
                school=school,
                subject=f"作废学号{number.number}",
                lock_key=f"voiding:{number.number}",
                by=by,
                on=on or today(),
                year=number.batch.year,
            )
    except IntegrityError as error:
        raise Refusal(f"学号{number.number}已有在办的作废申请") from error
    return NumberVoiding.objects.create(request=request, number=number, reason=reason.strip()[:200])


def read(request: Request) -> None:
    """Hang what is to be voided on its request, with number and student."""
    (request.voiding,) = records(_voiding, of=(request.pk,))


def _voiding(request: int) -> QuerySet[NumberVoiding]:
    return NumberVoiding.objects.filter(request=request).select_related("number__enrolment__candidate")


def judge(request: Request, on: date) -> Judgement:
    """The voiding judged by its book."""
    number = request.voiding.number
    return VOIDING.judge(VoidingFacts(number.number, number.voided_on is not None))


def route(request: Request) -> list[Stop]:
    """The route of the batch in which the number was issued."""
    return route_of(request.school)


class ReplyForm(forms.Form):
    """The province's reply to a voiding, recorded by the centre where the province does not use the portal."""

    document_number = forms.CharField(label="批复文号", max_length=60)
    replied_on = DayField(label="批复日期")


def form_for(request: Request, move: str, data) -> forms.Form | None:
    """What recording the reply needs besides the words of it."""
    return ReplyForm(data, prefix="reply") if move == Move.RECORD else None


def effect(deed: Deed) -> dict[str, Any] | None:
    """On the last approval or the reply recorded: the number is void, the enrolment ended as void, the seat free.

    :raises Refusal: where the reply is recorded without document and day, or dated ahead.
    """
    if not deed.final:
        return None
    reply = _reply(deed) if deed.move == Move.RECORD else None
    voiding = deed.request.voiding
    number = (
        IssuedNumber.objects.select_for_update(of=("self",))
        .select_related("enrolment", "batch__school")
        .get(pk=voiding.number_id)
    )
    lock_intake(number.batch.school, number.batch.year)
    number.voided_on, number.void_reason = deed.on, voiding.reason
    number.save(update_fields=["voided_on", "void_reason"])
    end_enrolment(number.enrolment, ending=Ending.VOIDED, on=deed.on)
    number.batch.candidates.filter(enrolment=number.enrolment).update(seat=False)
    return reply


def _reply(deed: Deed) -> dict[str, Any]:
    document, replied_on = deed.inputs.get("document_number"), deed.inputs.get("replied_on")
    if not document or not replied_on:
        raise Refusal("登记省厅批复须填写文号和批复日期")
    if replied_on > deed.on:
        raise Refusal("批复日期不能晚于今天")
    return {"document": document, "replied_on": replied_on.isoformat()}


def context(request: Request, user) -> dict:
    """What the decision page shows of it."""
    return {"voiding": request.voiding}
