"""What the page of one student in a batch shows: listed beside reported, papers, and what may be done now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from approvals.enums import Move, State
from approvals.permission import why_not
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from linxia_xueji.prepared import records
from registry.batch_page import ARRIVAL_TONES, may_edit
from registry.enums import LISTED_FIELDS, Arrival
from registry.facts import applicants, corrected_fields, differing_fields, is_applicant
from registry.forms import AskLetterForm, DeferralForm, HoldForm, ReportedForm, VoidForm
from registry.models import Candidate, CorrectionLetter, Deferral
from registry.panel import numbers_of
from registry.rules import ENROLMENT
from registry.showing import score_text, shown


@dataclass(frozen=True)
class Compared:
    """One field on the list and as reported; `state` is ok, warn (a letter covers it) or bad."""

    field: str
    label: str
    listed: str
    reported: str
    state: str

    @property
    def words(self) -> str:
        """What stands in the column 结论."""
        return {"ok": "一致", "warn": "已有更正便函", "bad": "不一致，须更正便函"}[self.state]


def candidate_seen(pk: int, access: Access) -> Candidate | None:
    """A student with everything the page needs, or None where this person may not see the batch."""
    found = records(_seen, access, of=(pk,))
    if not found:
        return None
    candidate, batch = found[0], found[0].batch
    candidate.school = batch.school = batch.request.school = records(_school, of=(batch.school_id,))[0]
    return candidate


def _seen(access: Access, candidate: int) -> QuerySet[Candidate]:
    seen = Candidate.objects.open_to(access).filter(pk=candidate).order_by()
    return seen.select_related(
        "batch__request", "admission__exam_county", "enrolment__student_number", "struck_by", "intake_done_by"
    )


def _school(school: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk=school).select_related("profile", "parent__parent__parent").order_by()


def _letters(candidate: int) -> QuerySet[CorrectionLetter]:
    letters = CorrectionLetter.objects.filter(candidate=candidate).order_by("-pk")
    return letters.select_related("issuer", "proof").prefetch_related("items")


def _deferrals(candidate: int) -> QuerySet[Deferral]:
    deferrals = Deferral.objects.filter(candidate=candidate).order_by("-pk")
    return deferrals.select_related("accepted_by", "applied_by", "proof")


def compared(candidate: Candidate, letters: list[CorrectionLetter], *, full: bool) -> list[Compared]:
    """The listed fields side by side, in the order of 附件2. :param letters: all of the student's."""
    items = [item for letter in letters if letter.issued_on for item in letter.items.all()]
    differing, covered = differing_fields(candidate), corrected_fields(candidate, items)
    rows = []
    for field, label in LISTED_FIELDS.items():
        state = "ok" if field not in differing else "warn" if field in covered else "bad"
        listed = shown(field, getattr(candidate.admission, field), full=full) if candidate.admission else ""
        rows.append(Compared(field, label, listed, shown(field, getattr(candidate, field), full=full), state))
    return rows


def number_of(candidate: Candidate) -> str:
    """The number issued, or the one proposed; empty where there is none."""
    if candidate.enrolment_id:
        return candidate.enrolment.student_number.number
    if not is_applicant(candidate) or candidate.batch.request.state == State.RETRACTED:
        return ""
    return numbers_of(candidate.batch, applicants(candidate.batch)).get(candidate.pk, "")


def initial_of(candidate: Candidate) -> dict[str, Any]:
    """What the form of reported information begins with; the ID number stays out of it."""
    values = {f: getattr(candidate, f) for f in LISTED_FIELDS if f != "id_number"}
    return values | {"score": score_text(str(candidate.score))}


def candidate_page(
    candidate: Candidate, user, on: date, *, full: bool = False, forms: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The whole page. :param full: ID numbers whole, once, after a logged POST. :param forms: bound forms with errors."""
    access, batch, letters = access_of(user), candidate.batch, records(_letters, of=(candidate.pk,))
    rows = compared(candidate, letters, full=full)
    editable = may_edit(batch, access) and candidate.struck_on is None
    issued = candidate.enrolment.student_number if candidate.enrolment_id else None
    waiting = any(letter.status == "待出具" for letter in letters)
    page = {
        "candidate": candidate,
        "batch": batch,
        "rows": rows,
        "full": full,
        "tone": ARRIVAL_TONES.get(candidate.arrival, ""),
        "number": number_of(candidate),
        "issued": issued,
        "letters": letters,
        "deferrals": records(_deferrals, of=(candidate.pk,)),
        "editable": editable,
        "may_ask": editable and not waiting and any(row.state == "bad" for row in rows),
        "may_accept": access.may(Permission.DECIDE_AS_SCHOOL, batch.school),
        "may_strike": candidate.struck_on is None and is_applicant(candidate) and why_not(user, batch.request, Move.STRIKE, on, access) is None,
        "may_void": issued is not None and not issued.voided_on and access.may(Permission.PREPARE_BUSINESS, batch.school),
        "strike_rule": rule_words(candidate.strike_rule),
        "arrivals": [(a.value, a.label) for a in (Arrival.REPORTED, Arrival.NO_SHOW, Arrival.UNMARKED) if a != candidate.arrival],
    }  # fmt: skip
    return page | fresh_forms(candidate) | (forms or {})


def rule_words(rule_id: str) -> str:
    """The words a strike-out rests on; empty for none."""
    rule = next((r for r in ENROLMENT.rules if r.id == rule_id), None)
    return f"{rule.label}（通知{rule.clause}“{rule.says}”）" if rule else rule_id


def fresh_forms(candidate: Candidate) -> dict[str, Any]:
    """The forms of the page, unbound."""
    return {
        "reported_form": ReportedForm(initial=initial_of(candidate)),
        "ask_form": AskLetterForm(),
        "deferral_form": DeferralForm(),
        "hold_form": HoldForm(initial={"reason": candidate.held_back}),
        "void_form": VoidForm(),
    }
