"""May this person make this move, and does the law allow it: each asked in one place, answered in a sentence for people."""

from datetime import date

from django.db.models import QuerySet

from approvals.enums import BY_APPLICANT, DECIDES, Move, State, state_after
from approvals.kinds import kind_of
from approvals.models import Request, Step
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.prepared import records
from linxia_xueji.reading import once
from linxia_xueji.rules import Finding, Force, Judgement, Verdict


def current_step(request: Request) -> Step | None:
    """The first step of the present round not yet taken; None while it lies with the applicant or is closed."""
    if request.state != State.PENDING:
        return None
    return next((s for s in steps_of(request) if s.round == request.round and s.decided_at is None), None)


def steps_of(request: Request) -> list[Step]:
    """The steps of all rounds in their order, with who decides and who has decided; read once a page."""
    return once(("steps", request.pk), lambda: records(_steps, of=(request.pk,)))


def _steps(request: int) -> QuerySet[Step]:
    return Step.objects.filter(request=request).select_related("organisation__parent__parent__parent", "decided_by")


def why_not(user, request: Request, move: str, on: date, access: Access | None = None) -> str | None:
    """Why this person may not make this move today, in words; None when nothing stands in the way.

    The same sentence refuses the deed and explains the disabled button. Guardian's grants are read afresh.
    """
    kind, move = kind_of(request), Move(move)
    if state_after(request.state, move, last_step=False) is None or move not in kind.moves:
        return f"此件{request.get_state_display()}，不能{move.label}"
    access = access or access_of(user, on)
    return _not_their_turn(access, request, move) or kind.why_not(request, move)


def _not_their_turn(access: Access, request: Request, move: Move) -> str | None:
    if move in BY_APPLICANT:
        allowed = access.may(Permission.PREPARE_BUSINESS, request.school)
        return None if allowed else f"只有{request.school.short_name}的学籍管理员可以{move.label}"
    step = current_step(request)
    if step is None:
        return f"此件{request.get_state_display()}，不能{move.label}"
    if move == Move.RECORD:
        return _may_not_record(access, request, step)
    if not access.may(step.permission, step.organisation):
        return f"现由{step.organisation.short_name}办理（{step.label}）"
    if move in DECIDES and any(e.move == Move.SUBMIT and e.by_id == access.user_id for e in request.entries.all()):
        return "提交人不能审批自己提交的申请"
    if move in DECIDES and any(
        s.decided_by_id == access.user_id and s.position != step.position for s in steps_of(request)
    ):
        return "同一人不能办理同一申请的两个环节"
    if step.level == Level.PROVINCE and not request.policy.get("province.in_portal", True):
        return "省厅不在本门户审批，由州学管中心登记省厅批复"
    return None


def _may_not_record(access: Access, request: Request, step: Step) -> str | None:
    if step.level != Level.PROVINCE:
        return "只有已上报省厅的申请可以登记批复"
    if request.policy.get("province.in_portal", True):
        return "省厅在本门户审批，不登记批复"
    if not request.prefecture or not access.may(Permission.RECORD_PROVINCE_REPLY, request.prefecture):
        return "只有州学管中心可以登记省厅批复"
    return None


def law_forbids(judgement: Judgement, move: str) -> str | None:
    """Why the law does not let it go on, with rule and clause; None where it does. Refusing and sending back are always lawful."""
    if move not in (Move.SUBMIT, Move.APPROVE, Move.RECORD) or judgement.verdict not in (
        Verdict.FORBIDDEN,
        Verdict.INCOMPLETE,
    ):
        return None
    hard = [f for f in judgement.problems if f.force != Force.DISCRETION]
    first = hard[0]
    more = f"（另有{len(hard) - 1}项不符合）" if len(hard) > 1 else ""
    return f"不符合“{first.rule.label}”：{first.fact}。依据：{first.rule.ground}{more}"


def is_last(request: Request, step: Step | None) -> bool:
    """Whether no step of the round comes after this one."""
    return step is not None and not any(s.round == step.round and s.position > step.position for s in steps_of(request))


def wants_reason(judgement: Judgement, move: str, step: Step | None, *, last: bool) -> Finding | None:
    """What needs a written reason of this move: from the applicant, and from the level that decides it.

    Where a rule names no level, the last one of the route decides it (assumed). :param last: whether the step is that one.
    """
    if move not in (Move.SUBMIT, Move.APPROVE):
        return None
    open_points = (f for f in judgement.problems if f.force == Force.DISCRETION)
    return next(
        (
            f
            for f in open_points
            if move == Move.SUBMIT or (step and (f.rule.level == step.level if f.rule.level else last))
        ),
        None,
    )


def missing_reason(judgement: Judgement, move: str, step: Step | None, *, last: bool) -> str | None:
    """The sentence asking for the written reason that discretion needs; parameters as of `wants_reason`."""
    found = wants_reason(judgement, move, step, last=last)
    return f"“{found.rule.label}”须写明理由（{found.rule.ground}）" if found else None
