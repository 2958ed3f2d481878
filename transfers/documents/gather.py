"""From the register to the papers of 学籍变动: what each would say today.

A sheet shows the student as they were when the application was filed, so that it holds along the chain and after it: the
effect of a request must not supersede the paper that was signed for it.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from approvals.calendar import PENDING
from approvals.due import days_per_office, limit_words
from approvals.enums import Move
from approvals.kinds import kind_of
from approvals.models import Entry, Request
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from registry.enums import IdType
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, IssuedNumber, KeyFacts
from transfers.business import Applied, Business, business_named
from transfers.changes import detail_of
from transfers.documents.sheets import (
    ApprovalSheet,
    BaseInfoSheet,
    Box,
    Compared,
    Ground,
    Line,
    Notice,
    Paper,
    RefusalNotice,
)
from transfers.enrolled import Enrolled, enrolled_of
from transfers.enums import Direction
from transfers.models import Change, KeyInfoChange, Transfer
from transfers.panel import person, sides
from transfers.proofs import slots_filled
from transfers.routes import BEYOND
from transfers.slots import slots_of

REPORTS = {"expulsion": "除名审批表", "death": "学生死亡报告审批表", "abroad": "学生出国（境）报告审批表"}
"""What the school reports of itself; every other business has somebody who applies."""
ASSUMED = "通知未附表样，本件样式为假定。"
NOTES = {"withdrawal": "通知三（二）3所称附件格式未随通知下发，本表样式为假定。"}
SHOWN = 6
"""Standings on 学生学籍基础信息表, the latest."""


def approval_of(request: Request, on: date) -> ApprovalSheet:
    """申请审批表 as applied for. :param on: today; an application submitted before prints the names of that day."""
    change, business = _read(request)
    detail, there = detail_of(change), slots_filled(change)
    return ApprovalSheet(
        title=REPORTS.get(business.code, f"学生{business.label}申请审批表"),
        number=request.number,
        student=_lines(person(_as_filed(change), full=True)),
        particulars=_lines(business.lines(detail)),
        sides=tuple(Compared(s.label, s.now, s.new) for s in sides(detail, full=True))
        if isinstance(detail, KeyInfoChange)
        else (),
        applicant=f"{change.applicant}（{change.get_relation_display()}）",
        applied_on=_day(request.applied_on),
        reason=change.reason,
        papers=tuple(Paper(slot.label, slot.code in there) for slot in slots_of(business.code)),
        boxes=_boxes(request, on),
        note=_as_of(request) + NOTES.get(business.code, ASSUMED),
    )


def _as_of(request: Request) -> str:
    """The sheet does not follow the register: it shows the student of the day on which the request was filed."""
    return f"学生信息为{_day(localdate(request.created_at))}登记申请时的学籍记载，此后的变动不计入本表。"


def notice_of(request: Request, on: date) -> Notice:
    """受理通知书 of the round under way, with the last day as it is counted today."""
    change, business = _read(request)
    entered = request.entries.filter(move=Move.SUBMIT).order_by("pk").last()
    return Notice(
        number=request.number,
        to=change.applicant,
        text=f"{_day(request.applied_on)}提出的{_matter(change, business)}，已由{_name(request.school, request, on)}受理。",
        facts=_lines(
            [
                ("业务", business.label),
                ("申请日期", _day(request.applied_on)),
                ("受理日期", _day(entered.on if entered else request.submitted_on)),
                ("办理期限", due_words(request)),
                ("办理环节", " → ".join(f"{box.label}（{box.office}）" for box in _boxes(request, on))),
            ]
        ),
        ask=_ask(request, request.school.parent, on),
        issuer=_name(request.school, request, on),
        note=ASSUMED,
    )


def due_words(request: Request) -> str:
    """The last day to decide, as far as the calendar is known."""
    limit = limit_words(request.kind, request.policy)
    if days_per_office(request.kind, request.policy):
        return f"{limit}，自收到的次日起计"
    if request.due_on is None:
        return f"{limit}，到期日{PENDING}"
    review = f"（{request.due_on.year + 1}年放假安排公布后可能变动，待复核）" if request.due_review else ""
    return f"{limit}，至{_day(request.due_on)}{review}"


def refusal_of(request: Request, on: date) -> RefusalNotice:
    """不予…通知书, from the very entry by which it was refused."""
    change, business = _read(request)
    entry = refusing(request)
    office = entry.organisation or request.school
    return RefusalNotice(
        title=f"{business.refuse_label}通知书",
        number=request.number,
        to=change.applicant,
        text=f"{_day(request.applied_on)}提出的{_matter(change, business)}收悉。经审核，决定{business.refuse_label}，依据如下：",
        grounds=tuple(_grounds(entry, business)),
        opinion=entry.note,
        ask=_ask(request, office, on),
        issuer=_name(office, request, on),
        note=ASSUMED,
    )


def refusing(request: Request) -> Entry:
    """The entry by which it was refused. :raises Entry.DoesNotExist: where it was not."""
    return request.entries.filter(move=Move.REFUSE).select_related("organisation").latest("pk")


def _grounds(entry: Entry, business: Business) -> list[Ground]:
    """The reasons given, each with the whole words of its rule; one that no rule of today bears stands as it was written."""
    rules, found = {rule.id: rule for rule in business.book.rules}, []
    for reason in entry.reasons:
        rest = [f for f in entry.findings if f["rule"] in rules and _begins(reason, rules[f["rule"]].label, f["fact"])]
        clause = rules[rest[0]["rule"]].ground if rest else ""
        fact = f"{rules[rest[0]['rule']].label}：{rest[0]['fact']}" if rest else reason
        found.append(Ground(fact, clause))
    return found


def _begins(reason: str, label: str, fact: str) -> bool:
    return reason.startswith(f"{label}：{fact}（")


def base_info_of(enrolment: Enrolment, on: date) -> BaseInfoSheet:
    """学生学籍基础信息表 as the register has the student today."""
    enrolled = enrolled_of(enrolment)
    facts = enrolled.facts
    number = IssuedNumber.objects.filter(enrolment=enrolment, voided_on=None).first()
    rows = EnrolmentStatus.objects.filter(enrolment=enrolment).order_by("-valid_from", "-pk")[:SHOWN]
    school = enrolment.school.name_on(on)
    return BaseInfoSheet(
        title="学生学籍基础信息表",
        student=_lines(
            [
                *person(Applied(enrolled, None, on, enrolment.school, None), full=True),
                ("证件类型", IdType(facts.id_type).label),
                ("全国学籍号", enrolment.student.national_number.reveal() or "无"),
                ("学号", number.number if number else "无"),
                ("学校标识码", enrolment.school.code),
                ("入学年份", f"{enrolment.entry_year}年"),
                ("入学日期", _day(enrolment.begins_on)),
                ("学籍状态", enrolled.status_words),
            ]
        ),
        standings=tuple(
            Line(f"{_day(row.valid_from)}至{_day(row.valid_to) if row.valid_to else '今'}", row.get_status_display())
            for row in reversed(rows)
        ),
        boxes=_signers(enrolment, school),
        note="本表由学籍所在学校打印并盖章。" + ASSUMED,
    )


def _signers(enrolment: Enrolment, school: str) -> tuple[Box, ...]:
    """Beyond compulsory schooling both principals sign their opinion on it (三（二）1)."""
    own = Box("学籍所在学校", school)
    if enrolment.stage not in BEYOND:
        return (own,)
    return (own, Box("转出学校意见", school), Box("转入学校意见", ""))


def _read(request: Request) -> tuple[Change, Business]:
    kind_of(request).read(request)
    return request.change, business_named(request.kind)


def _as_filed(change: Change) -> Applied:
    """The student as the register had them when the application was filed."""
    detail, request = detail_of(change), change.request
    if isinstance(detail, Transfer) and detail.direction == Direction.INCOMING:
        return Applied(None, detail, request.applied_on, request.school, None)
    enrolment, moment = change.enrolment, request.created_at
    facts = KeyFacts.objects.filter(student=enrolment.student_id)
    grades = EnrolmentGrade.objects.filter(enrolment=enrolment)
    enrolled = Enrolled(enrolment, _known(facts, moment), None, _known(grades, moment))
    return Applied(enrolled, detail, request.applied_on, request.school, None)


def _known(rows: QuerySet, moment: datetime) -> Any:
    """The dated row that counted at a moment."""
    return rows.filter(recorded_at__lte=moment).order_by("-valid_from", "-pk").first() or rows.order_by("pk").first()


def _boxes(request: Request, on: date) -> tuple[Box, ...]:
    """The steps of its route; none where the draft has no route yet, which the rules say elsewhere."""
    if request.route:
        ids = {step["organisation"] for step in request.route}
        offices = Organisation.objects.prefetch_related("names").in_bulk(ids)
        return tuple(Box(s["label"], _name(offices[s["organisation"]], request, on)) for s in request.route)
    try:
        return tuple(Box(s.label, _name(s.organisation, request, on)) for s in kind_of(request).route(request))
    except Refusal:
        return ()


def _matter(change: Change, business: Business) -> str:
    """Whose business it is, in the words of a letter."""
    name = person(_as_filed(change))[0][1]
    return f"{name}的{business.label}{'' if business.label.endswith('报告') else '申请'}"


def _ask(request: Request, office: Organisation | None, on: date) -> str:
    """The school, and an authority."""
    offices = dict.fromkeys(filter(None, (request.school, office)))
    return "或".join(_name(office, request, on) for office in offices)


def _name(office: Organisation, request: Request, on: date) -> str:
    """Papers print the name of their day (domain, Identifiers)."""
    return office.name_on(request.submitted_on or on)


def _lines(pairs: list[tuple[str, str]]) -> tuple[Line, ...]:
    return tuple(Line(label, value) for label, value in pairs)


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
