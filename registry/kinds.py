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
from registry.enums import Arrival
from registry.facts import gather
from registry.panel import batch_panel
from registry.route import route_of
from registry.rules import ENROLMENT, VOIDING, EnrolmentFacts


def judge_batch(request: Request, on: date) -> Judgement:
    """Every applicant judged on the facts of this moment, under the settings the request began with."""
    return judge_many(
        ENROLMENT, [(p.name, facts) for p, facts in gather(request.batch, on)], Policy(request.policy).forces
    )


def batch_why_not(request: Request, move: Move) -> str | None:
    """What the school must finish before it submits, in words."""
    if move != Move.SUBMIT:
        return None
    people = request.batch.candidates.filter(struck_on=None)
    if unmarked := people.filter(arrival=Arrival.UNMARKED).count():
        return f"还有{unmarked}名学生未登记报到情况"
    waiting = (
        people.filter(arrival__in=(Arrival.DEFERRED, Arrival.FORCE_MAJEURE))
        .exclude(deferrals__accepted_on__isnull=False)
        .count()
    )
    if waiting:
        return f"有{waiting}名学生的延期注册或不可抗力尚未经校长同意"
    if not people.filter(arrival=Arrival.REPORTED, held_back="").exists():
        return "没有申请注册的学生"
    return None


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
    read_facts=EnrolmentFacts.read,
    approved_label="省厅已批复",
    reads=("batch__school__profile",),
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
    reads=("voiding__number__enrolment__candidate",),
    refuse_label="不予作废",
)
