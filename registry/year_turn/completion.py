"""结业: who of the last grade of senior high does not graduate, marked by the school before the run (assumed)."""

from collections.abc import Iterable

from django.db import transaction

from linxia_xueji.dates import now
from linxia_xueji.enums import Stage
from linxia_xueji.models import Organisation, User, scope_of
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.enums import TurnState
from registry.models import TurnCompletion, YearTurn
from registry.models.year_turn import LONGEST_REASON
from registry.roster.grades import GRADES_OF
from registry.year_turn.fates import count, people
from registry.year_turn.rights import may_complete

LAST = GRADES_OF[Stage.SENIOR][1]


def last_graders(turn: YearTurn, school: Organisation) -> list[dict]:
    """Everybody of the last grade of senior high at a school who is to leave it in the turn, with `reason` where marked 结业."""
    marked = dict(TurnCompletion.objects.filter(turn=turn, school=school).values_list("enrolment", "reason"))
    rows = [row for row in people(turn, school.pk) if row["stage"] == Stage.SENIOR and row["grade"] == LAST]
    return [row | {"reason": marked.get(row["enrolment_id"], "")} for row in rows]


@transaction.atomic
def mark(turn: YearTurn, school: Organisation, *, enrolments: Iterable[int], reason: str, by: User) -> int:
    """Mark students as 结业. Returns how many.

    :raises Refusal: without the right, after the preview, without a reason, or for somebody who is not in the last grade.
    """
    _require(turn, school, by)
    if not reason.strip():
        raise Refusal("请填写未毕业原因")
    chosen, known = set(enrolments), {row["enrolment_id"] for row in last_graders(turn, school)}
    if not chosen:
        raise Refusal("请勾选结业的学生")
    if not chosen <= known:
        raise Refusal("勾选的学生中有人不在本校普通高中毕业年级，请刷新页面后重新勾选")
    for pk in sorted(chosen):
        TurnCompletion.objects.update_or_create(
            turn=turn, enrolment_id=pk,
            defaults={**_scope(school), "reason": reason.strip()[:LONGEST_REASON], "marked_by": by, "marked_at": now()},
        )  # fmt: skip
    after = {"enrolment": sorted(chosen), "未毕业原因": reason.strip()}
    record(action="标记结业", by=by, target=turn, organisation=school, after=after)
    count(turn, school.pk)
    return len(chosen)


@transaction.atomic
def unmark(turn: YearTurn, school: Organisation, *, enrolment: int, by: User) -> None:
    """They graduate after all. :raises Refusal: without the right, or after the preview."""
    _require(turn, school, by)
    gone, _ = TurnCompletion.objects.filter(turn=turn, school=school, enrolment=enrolment).delete()
    if gone:
        record(action="取消结业", by=by, target=turn, organisation=school, after={"enrolment": [enrolment]})
        count(turn, school.pk)


def _scope(school: Organisation) -> dict[str, Organisation | None]:
    return {name: value for name, value in scope_of(school).items() if name != "province"}


def _require(turn: YearTurn, school: Organisation, by: User) -> None:
    turn.refresh_from_db(fields=["state"], from_queryset=YearTurn.objects.select_for_update())
    if not may_complete(by, school):
        raise Refusal("结业名单由本校学籍管理员标记")
    if turn.state != TurnState.PREVIEW:
        raise Refusal(f"{turn}{turn.get_state_display()}，结业名单不能再改")
