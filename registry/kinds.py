"""The two businesses of the register on the chain: the batch of new students, and the voiding of a number."""

from datetime import date
from typing import Any

from django.urls import reverse

from approvals.enums import Move
from approvals.kinds import Deed, Kind
from approvals.models import Request
from linxia_xueji.policy import Policy
from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import Judgement, judge_many
from registry import batches, figures, numbers, province, voiding
from registry.facts import EXCUSED, counts, deferrals_of, gather, people_of
from registry.panel import batch_panel
from registry.route import route_of
from registry.rules import ENROLMENT, VOIDING
from registry.standing import read_batch


def judge_batch(request: Request, on: date) -> Judgement:
    """Every applicant judged on the facts of this moment, under the settings the request began with."""
    return judge_many(
        ENROLMENT, [(p.name, facts) for p, facts in gather(request.batch, on)], Policy(request.policy).forces
    )


def batch_why_not(request: Request, move: Move) -> str | None:
    """What the school must finish before it submits, in words."""
    if move != Move.SUBMIT:
        return None
    batch, counted = request.batch, counts(request.batch)
    if counted["unmarked"]:
        return f"还有{counted['unmarked']}名学生未登记报到情况"
    accepted = {deferral.candidate_id for deferral in deferrals_of(batch) if deferral.accepted_on}
    excused = {person.pk for person in people_of(batch) if person.struck_on is None and person.arrival in EXCUSED}
    if waiting := len(excused - accepted):
        return f"有{waiting}名学生的延期注册或不可抗力尚未经校长同意"
    return None if counted["applying"] else "没有申请注册的学生"


def batch_effect(deed: Deed) -> dict[str, Any] | None:
    """What happens to the batch when its request moves."""
    batch = deed.request.batch
    if deed.move == Move.SUBMIT:
        batches.seat_everyone(batch)
        first, last = numbers.proposed_range(batch)
        return {"first": first, "last": last}
    if deed.move == Move.RETRACT:
        batches.free_seats(batch)
    if deed.move == Move.STRIKE:
        return batches.strike(deed)
    if deed.move == Move.RECORD:
        return province.record_reply(deed)
    if deed.move == Move.APPROVE and not deed.final:
        return figures.sign(deed)
    if deed.final:
        issued = numbers.issue(batch, by=deed.by, on=deed.on)
        if not issued:
            raise Refusal("批次中没有申请注册的学生，请退回修改")
        return {"issued": len(issued), "first": issued[0], "last": issued[-1]}
    return None


def own_page(request: Request, move: Move) -> str | None:
    """The province's reply comes with papers and a workbook, on a page of its own."""
    return reverse("registry:reply", args=[request.batch.pk]) if move == Move.RECORD else None


ENROLMENT_BATCH = Kind(
    code=batches.KIND,
    label="新生注册",
    prefix="ZC",
    book=ENROLMENT,
    moves=frozenset(Move) - {Move.REFUSE},
    panel="registry/batch/_panel.html",
    route=lambda request: route_of(request.school),
    judge=judge_batch,
    effect=batch_effect,
    context=batch_panel,
    why_not=batch_why_not,
    form=figures.form_for,
    move_url=own_page,
    approved_label="省厅已批复",
    read=read_batch,
    refuse_label="不予注册",
)

NUMBER_VOIDING = Kind(
    code=voiding.KIND,
    label="学号作废",
    prefix="ZF",
    book=VOIDING,
    moves=frozenset(Move) - {Move.STRIKE},
    panel="registry/batch/_voiding_panel.html",
    route=voiding.route,
    judge=voiding.judge,
    effect=voiding.effect,
    context=voiding.context,
    form=voiding.form_for,
    read=voiding.read,
    refuse_label="不予作废",
)
