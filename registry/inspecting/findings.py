"""Findings: written by the office, answered and put right by the school, looked at again by the office."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from approvals.due import calendars
from approvals.messages import tell
from linxia_xueji.access import DECIDES_AT, access_of, decides_for, people_who_may
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation, User, same_scope
from linxia_xueji.policy import in_force
from linxia_xueji.reference import clause_ids
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.trail import record
from registry.inspecting.enums import FindingAct, FindingState, VisitState
from registry.inspecting.onsite import keep_photo, told_at
from registry.inspecting.states import ENDED, Side, Step, step_of, steps_from
from registry.models import Finding, FindingEvent, InspectedStudent, InspectionVisit
from registry.models.inspecting import LONGEST
from registry.scans import Proof

CLAUSE = "一（二）"
"""What a finding rests on unless another clause is chosen: 人籍一致."""


@dataclass(frozen=True)
class Written:
    """A finding as the office writes it."""

    words: str
    clause: str
    due_on: date
    student: InspectedStudent | None = None


def due_by(office: Organisation, on: date) -> date | None:
    """The last day by the setting and the calendar of the office; None while that is not published."""
    return calendars().of(office).working_days_after(on, in_force(office, on)["inspect.days"]).day


def is_late(finding: Finding, on: date) -> bool:
    """Whether the day has passed and something is still awaited; it is shown and changes nothing."""
    return finding.due_on < on and finding.state not in ENDED


def why_not_find(user: User, visit: InspectionVisit) -> str:
    """Why the person cannot write a finding about a school, or ""."""
    if not decides_for(user, visit.round.organisation):
        return f"由{visit.round.organisation.short_name}提出问题"
    if visit.round.called_off_at:
        return "此次督查已撤销"
    return "到校后请先点“开始检查”" if visit.state == VisitState.PLANNED else ""


@transaction.atomic
def find(*, visit: InspectionVisit, written: Written, key: UUID, by: User) -> Finding:
    """Write a finding and tell the school; what is sent twice under one key is written once.

    :raises Refusal: see `why_not_find`; without words, with another clause or a day that has passed.
    """
    visit = _visit(visit.pk)
    if sent := Finding.objects.filter(key=key, visit=visit).first():
        return sent
    if why := why_not_find(by, visit):
        raise Refusal(why)
    if not written.words.strip():
        raise Refusal("请写明问题")
    if written.clause not in clause_ids():
        raise Refusal("请从列出的条款中选择")
    if written.due_on < today():
        raise Refusal("整改期限不能早于今天，请核对")
    made = Finding.objects.create(
        **same_scope(visit), visit=visit, student=written.student, clause=written.clause, words=written.words.strip()[:LONGEST],
        due_on=written.due_on, key=key,
    )  # fmt: skip
    _event(made, FindingAct.FOUND, made.words, by)
    record(
        action="提出督查问题", by=by, target=made, organisation=visit.round.organisation,
        after={"rule": made.clause, "note": made.words, "until": made.due_on.isoformat()},
    )  # fmt: skip
    _tell_school(made, visit, f"{visit.round}：提出一项问题，请校长答复", by)
    return made


def side_of(user: User, finding: Finding) -> Side | None:
    """Whose moves a person may make: the head's for the school, the planning office's."""
    if access_of(user).may(Permission.DECIDE_AS_SCHOOL, finding.school):
        return Side.SCHOOL
    return Side.OFFICE if decides_for(user, finding.visit.round.organisation) else None


def open_to(user: User, finding: Finding, on: date) -> list[Step]:
    """The moves a person may make now; 通报 is made for a school, on a page of its own."""
    side = side_of(user, finding)
    steps = steps_from(finding.state, side, overdue=finding.due_on < on) if side else []
    return [step for step in steps if step.act != FindingAct.NOTICE]


@transaction.atomic
def act(*, finding: Finding, act: str, words: str, seen: str, photo: Proof | None = None, by: User) -> Finding:
    """Make one move. :param seen: the state the page showed.

    :raises Refusal: where it is not the person's move, or without words. :raises Stale: somebody moved it meanwhile.
    """
    finding = _finding(finding.pk)
    if seen != finding.state:
        raise Stale(f"此项问题已变为“{finding.get_state_display()}”，页面已更新，刚才的操作未生效")
    step = next((s for s in open_to(by, finding, today()) if s.act == act), None)
    if step is None:
        raise Refusal(why_not(finding, act))
    if not words.strip():
        raise Refusal("请写明情况")
    file = keep_photo(finding.visit, photo, by) if photo else None
    move(finding, step, words.strip()[:LONGEST], by, file)
    label = FindingAct(act).label
    record(
        action="办理督查问题", by=by, target=finding, organisation=_by_whom(finding, step),
        after={"decision": label, "status": finding.get_state_display(), "note": words.strip()[:LONGEST]},
    )  # fmt: skip
    if step.side == Side.SCHOOL:
        _tell_office(finding, f"{finding.school.short_name}：{label}（{finding.visit.round}）", by)
    else:
        _tell_school(finding, finding.visit, f"{finding.visit.round}：{label}", by)
    return finding


def why_not(finding: Finding, act: str) -> str:
    """Why a move cannot be made, in a sentence."""
    step = step_of(finding.state, act)
    if step is None:
        return f"此项问题为“{finding.get_state_display()}”，不能这样办理"
    if step.overdue and finding.due_on >= today():
        return f"整改期限{finding.due_on:%Y-%m-%d}未到，学校报告整改后才能复查"
    return "由学校校长办理" if step.side == Side.SCHOOL else f"由{finding.visit.round.organisation.short_name}办理"


def move(finding: Finding, step: Step, words: str, by: User, file=None) -> None:
    """Carry out a move of the table, with its event; whoever calls it holds the finding."""
    finding.state = step.ends
    finding.save(update_fields=["state"])
    _event(finding, step.act, words, by, file)


def _event(finding: Finding, done: FindingAct, words: str, by: User, file=None) -> FindingEvent:
    return FindingEvent.objects.create(
        finding=finding, act=done, state=finding.state, words=words, file=file, by=by, at=now()
    )


def _visit(pk: int) -> InspectionVisit:
    found = InspectionVisit.objects.select_for_update(of=("self",))
    return found.select_related("round__organisation__parent", "school__parent__parent__parent").get(pk=pk)


def _finding(pk: int) -> Finding:
    found = Finding.objects.select_for_update(of=("self",))
    return found.select_related("visit__round__organisation__parent", "school__parent__parent__parent").get(pk=pk)


def _by_whom(finding: Finding, step: Step) -> Organisation:
    return finding.school if step.side == Side.SCHOOL else finding.visit.round.organisation


def _tell_school(finding: Finding, visit: InspectionVisit, words: str, by: User) -> None:
    tell(told_at(visit.school, today()), words, link=reverse("registry:finding", args=[finding.pk]), by=by)


def _tell_office(finding: Finding, words: str, by: User) -> None:
    office = finding.visit.round.organisation
    people = people_who_may(DECIDES_AT[office.level], office, today())
    tell(people, words, link=reverse("registry:finding", args=[finding.pk]), by=by)


def not_put_right(visit: InspectionVisit) -> list[Finding]:
    """Those of a school for which a 通报 may be issued."""
    return list(visit.findings.filter(state=FindingState.FAILED).order_by("pk"))
