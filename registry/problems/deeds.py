"""What people decide about a problem: not the same person, reopened, proved right by evidence."""

from django.db import transaction

from linxia_xueji.access import access_of
from linxia_xueji.dates import now, today
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.enums import ProblemAct, ProblemEnd
from registry.models import Problem, ProblemEvent
from registry.problems.exits import requests_of
from registry.problems.rights import may_decide


@transaction.atomic
def not_same(problem: Problem, *, reason: str, by) -> Problem:
    """The two records are two people's: decided for this pair until its facts change.

    :raises Refusal: without the right or a reason, and where it is settled or a request about it is open.
    """
    problem = _held(problem, by, reason)
    if problem.settled_on:
        raise Refusal(f"此问题已了结（{problem.get_settled_as_display()}），请刷新页面查看经过")
    if requests_of([p.student_id for p in problem.parties.all() if p.student_id]).exists():
        raise Refusal("所涉学生有在办的佐证、变更或删除申请，办结或撤回后再判定")
    problem.settled_as, problem.settled_on = ProblemEnd.NOT_SAME, today()
    return _kept(problem, ProblemAct.NOT_SAME, reason, by)


@transaction.atomic
def reopen(problem: Problem, *, reason: str, by) -> Problem:
    """The decision that they are two people is taken back.

    :raises Refusal: without the right or a reason, and where no such decision stands.
    """
    problem = _held(problem, by, reason)
    if problem.settled_as != ProblemEnd.NOT_SAME:
        raise Refusal("此问题没有“不是同一人”的判定，不能撤销；请刷新页面查看经过")
    problem.settled_as, problem.settled_on = "", None
    return _kept(problem, ProblemAct.REOPENED, reason, by)


def prove(problem: Problem, *, words: str, by) -> None:
    """The record is right as it is: settled by evidence until its facts change. In the transaction of the last decision."""
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    problem.settled_as, problem.settled_on = ProblemEnd.EVIDENCE, today()
    _kept(problem, ProblemAct.EVIDENCE, words, by)


def _held(problem: Problem, by, reason: str) -> Problem:
    """The problem, locked until the transaction ends: of two officers the second sees what the first decided."""
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    parties = problem.parties.select_related("school__parent__parent__parent")
    if not may_decide(access_of(by), problem, parties):
        raise Refusal("是否同一人由所涉学校的校长或主管部门判定")
    if not reason.strip():
        raise Refusal("请写明理由")
    return problem


def _kept(problem: Problem, act: ProblemAct, reason: str, by) -> Problem:
    problem.save(update_fields=["settled_as", "settled_on"])
    ProblemEvent.objects.create(problem=problem, act=act, at=now(), by=by, reason=reason.strip())
    record(action=act.label, by=by, target=problem, after={"reason": reason.strip()})
    return problem
