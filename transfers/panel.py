"""What the decision page shows of a change: the student, the particulars, the papers, and what may be done beside deciding."""

from dataclasses import dataclass
from typing import Any

from approvals.enums import State
from approvals.models import Request
from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission, Sex, Stage
from linxia_xueji.reference import ethnicities
from linxia_xueji.secrets import Secret
from registry.enums import IdType
from registry.paper_files import seal_words
from registry.roster.grades import words_of
from transfers.books.shared import papers_asked
from transfers.business import Applied, Lines, business_named
from transfers.changes import applied_of
from transfers.freeze import freeze_words
from transfers.models import Change, KeyInfoChange, Proof
from transfers.national import NationalForm, may_record_national
from transfers.outside import OutsideForm, may_record_outside
from transfers.papers import papers_of
from transfers.proofs import may_confirm, present, replaced
from transfers.reading import certificate_read
from transfers.slots import Slot, slot_of, slots_of


@dataclass(frozen=True)
class Row:
    """One slot: what is asked for, and the scan in it."""

    slot: Slot
    asked: bool
    proof: Proof | None

    @property
    def wants_attesting(self) -> bool:
        """Whether a head must still attest original, signature or seal."""
        return self.proof is not None and (self.slot.original or self.slot.attested) and not self.proof.attested_by_id


@dataclass(frozen=True)
class Side:
    """One field of key information, now and new."""

    label: str
    now: str
    new: str

    @property
    def changed(self) -> bool:
        """Whether they differ."""
        return self.now != self.new


def change_panel(request: Request, user) -> dict[str, Any]:
    """The whole panel."""
    change, access, applied = request.change, access_of(user), applied_of(request)
    business, detail = business_named(request.kind), applied.detail
    mends = request.state in (State.DRAFT, State.RETURNED) and access.may(Permission.PREPARE_BUSINESS, request.school)
    return {
        "change": change,
        "who": who(applied),
        "lines": [*business.lines(detail), *_common(change, request)],
        "sides": sides(detail) if isinstance(detail, KeyInfoChange) else (),
        "slots": slot_rows(change, applied),
        "replaced": [Row(slot_of(request.kind, proof.slot), False, proof) for proof in replaced(change)],
        "mends": mends,
        "confirms": may_confirm(request, access),
        "outside_form": OutsideForm() if may_record_outside(request, detail, access) else None,
        "national_form": NationalForm() if may_record_national(request, access) else None,
        "papers": (papers := papers_of(request)),
        "seal_note": seal_words(request.school, certificate_read(change)) if papers else "",
        "freeze": freeze_words(request.school, today()),
    }


def who(applied: Applied) -> Lines:
    """The student as the register has them, or as they come from outside; numbers masked."""
    found, enrolled = person(applied), applied.enrolled
    if enrolled is None:
        return found
    until = f"（到{enrolled.suspended_until:%Y-%m-%d}）" if enrolled.suspended_until else ""
    return [*found, ("学籍状态", enrolled.status_words + until)]


def person(applied: Applied, *, full: bool = False) -> Lines:
    """The same without the standing of the enrolment. :param full: with whole numbers, for paper."""
    if applied.enrolled is None:
        pupil = applied.detail.pupil
        return [
            ("姓名", pupil.name), ("性别", Sex(pupil.sex).label), ("身份证件号", _number(pupil.id_number, full=full)),
            ("现就读", f"{applied.detail.outside_school}（州外） {words_of(pupil.grade)}"),
        ]  # fmt: skip
    enrolled = applied.enrolled
    facts, enrolment = enrolled.facts, enrolled.enrolment
    return [
        ("姓名", facts.name), ("性别", Sex(facts.sex).label), ("出生日期", f"{facts.birth_date:%Y-%m-%d}"),
        ("民族", ethnicities()[facts.ethnicity].name), ("身份证件号", _number(facts.id_number, full=full)),
        ("学校", enrolment.school.name), ("学段年级", f"{Stage(enrolment.stage).label} {words_of(enrolled.grade)}{enrolled.school_class}"),
    ]  # fmt: skip


def _common(change: Change, request: Request) -> Lines:
    found = [
        ("申请人", f"{change.applicant}（{change.get_relation_display()}）"),
        ("申请日期", f"{request.applied_on:%Y-%m-%d}" if request.applied_on else "—"),
    ]
    if change.national_on:
        found.append(("国网办结", f"{change.national_on:%Y-%m-%d}，{change.national_by}"))
    return found


def sides(detail: KeyInfoChange, *, full: bool = False) -> tuple[Side, ...]:
    """现信息 and 变更为, field by field. :param full: with whole numbers, for paper; else they are masked."""
    before = detail.before
    new = _number(detail.id_number, full=full)
    if not full:
        new = _told_apart(new, detail.id_number, before.id_number)
    return (
        Side("姓名", before.name, detail.name),
        Side("性别", Sex(before.sex).label, Sex(detail.sex).label),
        Side("出生日期", f"{before.birth_date:%Y-%m-%d}", f"{detail.birth_date:%Y-%m-%d}"),
        Side("身份证件类型", IdType(before.id_type).label, IdType(detail.id_type).label),
        Side("身份证件号", _number(before.id_number, full=full), new),
    )


def _number(number: Secret, *, full: bool = False) -> str:
    return (number.reveal() if full else str(number)) or "无"


def _told_apart(shown: str, number: Secret, unlike: Secret) -> str:
    """Two different numbers that look alike behind the mask are told apart."""
    return f"{shown}（已变更）" if number != unlike and shown == _number(unlike) else shown


def slot_rows(change: Change, applied: Applied) -> list[Row]:
    """The slots of the business: those asked for that are missing first, then the rest as the rules name them."""
    business = business_named(change.request.kind)
    asked = papers_asked(business.book, business.facts(applied))
    proofs = {proof.slot: proof for proof in present(change)}
    rows = [Row(slot, slot in asked, proofs.get(slot.code)) for slot in slots_of(business.code)]
    return sorted((row for row in rows if row.asked or row.proof), key=lambda row: row.proof is not None)


def beside_scan(shown: Proof) -> dict[str, Any]:
    """What stands beside a scan, so that both are compared without leaving the page; the other scans of the change too."""
    change = shown.change
    applied = applied_of(change.request)
    business, detail = business_named(change.request.kind), applied.detail
    others = [Row(slot_of(change.request.kind, p.slot), True, p) for p in present(change) if p.pk != shown.pk]
    return {
        "who": who(applied),
        "lines": business.lines(detail),
        "sides": sides(detail) if isinstance(detail, KeyInfoChange) else (),
        "others": others,
    }
