"""小学、初中新生注册 as the chain knows it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from approvals.enums import Move, State
from approvals.kinds import Deed, Kind, Stop
from approvals.models import Request
from linxia_xueji.dates import today
from linxia_xueji.enums import Level
from linxia_xueji.policy import Policy
from linxia_xueji.rules import Judgement, judge_many
from registry.entry.batches import KIND
from registry.entry.facts import everybody, gather
from registry.entry.panel import entry_panel
from registry.entry.register import register
from registry.entry.rules import ENTRY
from registry.enums import EntryArrival


def judge(request: Request, on: date) -> Judgement:
    """Every child standing, judged on the facts of this moment under the settings the request began with."""
    named = [(person.name, facts) for person, facts in gather(request.entry_batch, on)]
    return judge_many(ENTRY, named, Policy(request.policy).forces)


def why_not(request: Request, move: Move) -> str | None:
    """What the school must finish before it submits, and the authority before it decides, in words."""
    people = everybody(request.entry_batch, today())
    if move == Move.SUBMIT:
        here = [person for person in people if person.removed_on is None]
        if waiting := sum(person.arrival == EntryArrival.UNMARKED for person in here):
            return f"还有{waiting}名学生未登记报到情况"
        came = any(person.arrival == EntryArrival.REPORTED and person.enrolment_id is None for person in here)
        return None if came else "没有已报到的学生"
    if move == Move.APPROVE and request.state == State.PENDING and request.turn_level != Level.SCHOOL:
        asked = sum(person.undecided for person in people)
        return f"有{asked}件延缓入学申请尚未决定，请先在“延缓入学”中办理" if asked else None
    return None


def effect(deed: Deed) -> dict[str, Any] | None:
    """With the last decision everybody who came is registered."""
    return register(deed.request.entry_batch, by=deed.by, on=deed.on) if deed.final else None


def read(request: Request) -> None:
    """Hang the batch on its request, with the school that the request has already."""
    batch = request.entry_batch
    batch.school, batch.request = request.school, request


def entry_kind(route: Callable[[Request], list[Stop]]) -> Kind:
    """The business with its route, which is data of the prefecture's (`transfers.routes`)."""
    return Kind(
        code=KIND,
        label="小学初中新生注册",
        prefix="RX",
        book=ENTRY,
        moves=frozenset({Move.SUBMIT, Move.APPROVE, Move.SEND_BACK, Move.RETRACT}),
        panel="registry/entry/_panel.html",
        route=route,
        judge=judge,
        effect=effect,
        context=entry_panel,
        why_not=why_not,
        read=read,
        approved_label="已注册",
        refuse_label="不予注册",
    )
