"""Papers about one candidate: 更正便函 of the county of exam registration, 延期注册 and 不可抗力."""

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from approvals.messages import tell
from linxia_xueji.access import access_of, people_who_may
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.models import FileUse, same_scope
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.batches import editable
from registry.enums import LISTED_FIELDS, Arrival, DeferralKind
from registry.facts import differing_fields, field_text
from registry.models import Candidate, CorrectionItem, CorrectionLetter, Deferral, EnrolmentBatch, PaperReceipt

ARRIVAL_OF = {DeferralKind.DEFERRAL: Arrival.DEFERRED, DeferralKind.FORCE_MAJEURE: Arrival.FORCE_MAJEURE}


@transaction.atomic
def ask_for_letter(*, candidate: Candidate, note: str, by) -> CorrectionLetter:
    """Ask the county of exam registration to correct the fields that differ, even when the school lies in another county."""
    editable(candidate.batch, by)
    fields = differing_fields(candidate)
    if not fields:
        raise Refusal("该生信息与录取名单一致，不需要更正便函")
    try:
        with transaction.atomic():
            letter = CorrectionLetter.objects.create(
                candidate=candidate,
                issuer=candidate.admission.exam_county,
                asked_by=by,
                asked_at=now(),
                asked_note=note.strip(),
                **same_scope(candidate.batch.request),
            )
    except IntegrityError as error:
        raise Refusal("已向该县申请更正便函，尚未出具，请等待或联系该县教育局") from error
    for field in [f for f in LISTED_FIELDS if f in fields]:
        CorrectionItem.objects.create(
            letter=letter,
            field=field,
            listed=field_text(candidate.admission, field),
            corrected=field_text(candidate, field),
        )
    record(
        action="申请更正便函",
        by=by,
        target=letter,
        after={"fields": sorted(fields), "issuer": letter.issuer.short_name},
    )
    readers = people_who_may(Permission.ISSUE_CORRECTION, letter.issuer, letter.asked_at.date())
    tell(readers, f"{letter.school.short_name}申请{candidate.name}的更正便函，待出具", link=_page_of(letter), by=by)
    return letter


def _page_of(letter: CorrectionLetter) -> str:
    return reverse("registry:letter", args=[letter.pk])


def _answered(letter: CorrectionLetter, what: str, by) -> None:
    tell([letter.asked_by], f"{letter.candidate.name}的更正便函：{letter.issuer.short_name}{what}", link=_page_of(letter), by=by)


def _to_issue(letter: CorrectionLetter, by) -> CorrectionLetter:
    letter = CorrectionLetter.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=letter.pk)
    if not access_of(by).may(Permission.ISSUE_CORRECTION, letter.issuer):
        raise Refusal(f"更正便函由学生中考报名所在的{letter.issuer.short_name}出具")
    if letter.issued_on or letter.declined_on:
        raise Refusal(f"此便函{letter.status}，页面已更新")
    return letter


@transaction.atomic
def issue_letter(*, letter: CorrectionLetter, number: str, proof: FileUse, by, on: date) -> CorrectionLetter:
    """The county issues the letter with its number and the copy of the proof (通知二)."""
    letter = _to_issue(letter, by)
    if not number.strip():
        raise Refusal("请填写便函编号")
    letter.number, letter.issued_on, letter.issued_by, letter.proof = number.strip(), on, by, proof
    letter.save(update_fields=["number", "issued_on", "issued_by", "proof"])
    record(
        action="出具更正便函",
        by=by,
        target=letter,
        after={"number": letter.number, "fields": [i.field for i in letter.items.all()]},
    )
    _answered(letter, "已出具", by)
    return letter


@transaction.atomic
def decline_letter(*, letter: CorrectionLetter, reason: str, by, on: date) -> CorrectionLetter:
    """The county does not issue it, with reason."""
    letter = _to_issue(letter, by)
    if not reason.strip():
        raise Refusal("不予出具须写明理由")
    letter.declined_on, letter.decline_reason = on, reason.strip()[:200]
    letter.save(update_fields=["declined_on", "decline_reason"])
    record(action="不予出具更正便函", by=by, target=letter, after={"reason": letter.decline_reason})
    _answered(letter, f"不予出具。{letter.decline_reason}", by)
    return letter


@transaction.atomic
def apply_for_deferral(
    *, candidate: Candidate, kind: str, reason: str, until: date | None, proof: FileUse, by, on: date
) -> Deferral:
    """Enter the application for 延期注册, or the proof of 不可抗力; the head of the school accepts it (assumed)."""
    editable(candidate.batch, by)
    if not reason.strip():
        raise Refusal("请写明原因")
    if kind == DeferralKind.DEFERRAL and (until is None or until <= on):
        raise Refusal("请填写延期至哪一天，须晚于今天")
    deferral = Deferral.objects.create(
        candidate=candidate,
        kind=kind,
        reason=reason.strip()[:200],
        until=until,
        proof=proof,
        applied_by=by,
        applied_on=on,
    )
    candidate.arrival, candidate.held_back = ARRIVAL_OF[DeferralKind(kind)], ""
    candidate.save(update_fields=["arrival", "held_back"])
    record(
        action=f"登记{deferral.get_kind_display()}",
        by=by,
        target=candidate,
        after={"until": until.isoformat() if until else None},
    )
    return deferral


@transaction.atomic
def accept_deferral(*, deferral: Deferral, by, on: date) -> Deferral:
    """The head of the school accepts it; the seat is then kept until the student comes."""
    deferral = Deferral.objects.select_for_update(of=("self",)).select_related("candidate__school").get(pk=deferral.pk)
    if not access_of(by).may(Permission.DECIDE_AS_SCHOOL, deferral.candidate.school):
        raise Refusal(f"延期注册由{deferral.candidate.school.short_name}校长同意")
    if deferral.accepted_on:
        raise Refusal("已同意，页面已更新")
    deferral.accepted_on, deferral.accepted_by = on, by
    deferral.save(update_fields=["accepted_on", "accepted_by"])
    record(
        action=f"同意{deferral.get_kind_display()}",
        by=by,
        target=deferral.candidate,
        after={"accepted": on.isoformat()},
    )
    return deferral


@transaction.atomic
def receive_paper(*, batch: EnrolmentBatch, received_on: date, copies: int, note: str, by, on: date) -> PaperReceipt:
    """The level above the school records the paper copies that came in (纸质版和电子版上报, 通知二)."""
    access = access_of(by)
    if not (access.may(Permission.DECIDE_AS_COUNTY, batch.school) or access.may(Permission.DECIDE_AS_PREFECTURE, batch.school)):
        raise Refusal("纸质材料由县市教育局或州学管中心登记接收")
    if received_on > on:
        raise Refusal("收到日期不能晚于今天")
    receipt = PaperReceipt.objects.create(batch=batch, received_on=received_on, copies=copies, note=note, received_by=by, recorded_at=now())
    record(action="接收纸质材料", by=by, target=batch, after={"received_on": received_on.isoformat(), "copies": copies})
    return receipt
