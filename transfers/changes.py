"""Filing a change, mending it, and judging it at every decision."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from approvals.chain import open_request
from approvals.enums import State
from approvals.kinds import kind_named
from approvals.models import Request
from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from linxia_xueji.policy import Policy
from linxia_xueji.reading import once
from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import Basis, Finding, Force, Judgement, Rule
from linxia_xueji.trail import record
from transfers.business import Applied, Business, business_named
from transfers.busy import busy_words
from transfers.enrolled import Enrolled, enrolled_of, lock_key, open_request_of, open_under
from transfers.enums import Direction
from transfers.models import Change, IncomingPupil, Transfer
from transfers.models.details import Detail
from transfers.proofs import doubts_of, slots_filled


@transaction.atomic
def file_change(
    *, business: Business, enrolled: Enrolled | None, detail: Detail, common: dict[str, Any], applied_on: date,
    school: Organisation, by,
) -> Change:  # fmt: skip
    """Open the draft of a change; the database refuses a second open one of the same student.

    :param school: who applies: the receiving school of a transfer, the student's own one otherwise.
    :raises Refusal: for anybody but the school's registrar, and where the student has another open request.
    """
    if not access_of(by).may(Permission.PREPARE_BUSINESS, school):
        raise Refusal(f"只有{school.short_name}的学籍管理员可以申请{business.label}")
    name = enrolled.facts.name if enrolled else detail.pupil.name
    key = lock_key(enrolled.enrolment.student_id) if enrolled else _newcomer_key(detail.pupil)
    try:
        with transaction.atomic():
            request = open_request(
                kind=kind_named(business.code), school=school, subject=f"{name} {business.label}", by=by, on=today(),
                lock_key=key, year=applied_on.year, applied_on=applied_on, counterpart=_counterpart(detail, enrolled),
            )  # fmt: skip
    except IntegrityError as error:
        raise _taken(key, business, by) from error
    change = Change.objects.create(request=request, enrolment=enrolled.enrolment if enrolled else None, **common)
    _save(detail, change)
    return change


def _taken(key: str, business: Business, by) -> Refusal:
    other = open_under(key)
    details = f"：{busy_words(other, by)}" if other else ""
    return Refusal(f"该生有在办业务{details}，办结后可申请{business.label}", rule=f"{business.code}.open_business")


def _newcomer_key(pupil: IncomingPupil) -> str:
    """Someone not in the register yet is known by the number, or else by name and day of birth; both only as a hash."""
    return f"incoming:{hash_of(pupil.id_number.reveal() or f'{pupil.name}{pupil.birth_date}')}"


def hash_of(text: str) -> str:
    """A keyed hash of what may not stand in a column as it is."""
    return salted_hmac("transfers.incoming", text, algorithm="sha256").hexdigest()[:40]


def _counterpart(detail: Detail, enrolled: Enrolled | None) -> Organisation | None:
    inside = isinstance(detail, Transfer) and detail.direction == Direction.INSIDE
    return enrolled.enrolment.school if inside and enrolled else None


def _save(detail: Detail, change: Change) -> None:
    pupil = (
        getattr(detail, "pupil", None)
        if isinstance(detail, Transfer) and detail.direction == Direction.INCOMING
        else None
    )
    detail.change = change
    detail.save()
    if pupil is not None:
        pupil.transfer = detail
        pupil.save()


@transaction.atomic
def mend_change(*, change: Change, detail: Detail, common: dict[str, Any], applied_on: date, by) -> Change:
    """Write the application anew while it lies with the school; the day of application stays once it was submitted.

    :raises Refusal: for anybody else, after submission, and where who comes now is in another open request.
    """
    request = Request.objects.select_for_update(of=("self",)).select_related("school").get(pk=change.request_id)
    may_mend(request, by)
    if request.submitted_on is None:
        request.applied_on = applied_on
    request.version += 1
    if isinstance(detail, Transfer):
        _mend_transfer(request, detail, detail_of(change), by)
    request.save(update_fields=["applied_on", "version", "subject"])
    for name, value in common.items():
        setattr(change, name, value)
    change.save(update_fields=list(common))
    _save(detail, change)
    record(action="修改申请", by=by, target=request)
    return change


def _mend_transfer(request: Request, detail: Transfer, filed: Transfer, by) -> None:
    """What was decided outside stays; where somebody else comes, the request is about them from now on."""
    for name in ("outside_authority", "outside_document", "outside_decided_on"):
        setattr(detail, name, getattr(filed, name))
    if detail.direction != Direction.INCOMING:
        return
    business = business_named(request.kind)
    request.subject = f"{detail.pupil.name} {business.label}"
    request.lock_key = _newcomer_key(detail.pupil)
    try:
        with transaction.atomic():
            request.save(update_fields=["lock_key"])
    except IntegrityError as error:
        raise _taken(request.lock_key, business, by) from error


def may_mend(request: Request, by) -> None:
    """:raises Refusal: unless the request lies with the school and the person fills it in."""
    if request.state not in (State.DRAFT, State.RETURNED):
        raise Refusal(f"此件{request.status}，不能修改；需要修改时请联系办理机构退回")
    if not access_of(by).may(Permission.PREPARE_BUSINESS, request.school):
        raise Refusal(f"只有{request.school.short_name}的学籍管理员可以修改")


def detail_of(change: Change) -> Detail:
    """The particulars of a change, from the table of its business."""
    return getattr(change, business_named(change.request.kind).detail._meta.model_name)


def applied_of(request: Request) -> Applied:
    """All that is to be judged of a filed change, as it is at this moment; read once a page."""
    return once(("applied", request.pk), lambda: _applied(request))


def _applied(request: Request) -> Applied:
    change = request.change
    detail, former = detail_of(change), change.enrolment
    if isinstance(detail, Transfer) and detail.direction == Direction.INCOMING:
        former = None
    enrolled = enrolled_of(former, getattr(detail, "number_asked", None)) if former else None
    other = open_request_of(former.student_id, but=request) if enrolled and _another(enrolled, request) else None
    return Applied(
        enrolled=enrolled,
        detail=detail,
        applied_on=request.applied_on or today(),
        school=request.school,
        policy=Policy(request.policy),
        proofs=slots_filled(change),
        doubtful=doubts_of(change),
        with_head=request.state in (State.DRAFT, State.RETURNED),
        busy=busy_words(other, None) if other else "",
    )


def _another(enrolled: Enrolled, request: Request) -> bool:
    return any(pk != request.pk for pk in enrolled.open_requests)


NOT_KNOWN = Rule(
    "change.not_known", Force.FORBID, "", "学期或工作日历未定时不判断、不提交", "学期和日历已录入", Basis.ASSUMED,
    broken=lambda facts: True, fact=str, mend="由县市教育局或州学管中心录入后再办理",
)  # fmt: skip
"""What stands in place of a judgement while nothing may be judged."""


def judge_change(request: Request, on: date) -> Judgement:
    """The change judged by its book on the facts of this moment and the day of its application."""
    business = business_named(request.kind)
    try:
        return business.book.judge(business.facts(applied_of(request)), Policy(request.policy).forces)
    except Refusal as refusal:
        return Judgement((Finding(NOT_KNOWN, Force.FORBID, True, refusal.message),))


def what_if(business: Business, applied: Applied) -> Judgement:
    """The same of what nobody has filed."""
    return business.book.judge(business.facts(applied), applied.policy.forces)
