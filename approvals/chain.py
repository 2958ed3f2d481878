"""The chain: opening a request, and the one function by which anything moves."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from approvals.due import copy_due
from approvals.enums import DECIDES, NEEDS_NOTE, OPEN, Move, State, state_after
from approvals.kinds import Deed, Kind, kind_of
from approvals.messages import announce
from approvals.models import Entry, Request, Step
from approvals.permission import current_step, is_last, law_forbids, missing_reason, wants_reason, why_not
from linxia_xueji.access import access_of
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation, scope_of
from linxia_xueji.policy import in_force
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.rules import Judgement, Verdict
from linxia_xueji.trail import record


def open_request(
    *,
    kind: Kind,
    school: Organisation,
    subject: str,
    lock_key: str,
    by,
    on: date,
    year: int,
    applied_on: date | None = None,
    counterpart: Organisation | None = None,
) -> Request:
    """Open a draft for the school's registrar; the database refuses a second open one with the same lock key.

    :param applied_on: the day on which the guardian applied, from which the clock runs; that of the first submission
        where nobody applies. :param counterpart: the school on the other side.
    """
    request = Request(
        kind=kind.code,
        number=next_number(f"{kind.prefix}-{school.division_id}-{year}"),
        subject=subject,
        lock_key=lock_key,
        rule_version=kind.book.version,
        policy=in_force(school, on).of_a_request,
        created_at=now(),
        applied_on=applied_on,
        counterpart=counterpart,
        counterpart_county=counterpart.at(Level.COUNTY) if counterpart else None,
        **scope_of(school),
    )
    _give_to_applicant(request)
    request.save()
    record(action=f"新建{kind.label}", by=by, target=request, rule_version=kind.book.version)
    return request


def next_number(key: str) -> str:
    """The next 受理号 under a key; one statement locks the counter's row until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO approvals_counter (key, value) VALUES (%s, 1) "
            "ON CONFLICT (key) DO UPDATE SET value = approvals_counter.value + 1 RETURNING value",
            [key],
        )
        return f"{key}-{cursor.fetchone()[0]:04d}"


@transaction.atomic
def advance(
    *,
    request: Request,
    move: str,
    by,
    note: str = "",
    reasons: tuple[str, ...] = (),
    inputs: dict[str, Any] | None = None,
    seen: int | None = None,
    on: date | None = None,
) -> Request:
    """Make one move: lock, ask why not, judge again, write the entry, change the state, place the next step, carry out the effect.

    :param seen: version of the request on the page from which the move comes; another one means the page is stale.
    :param on: the day of the deed; today unless a reply or a demonstration is dated otherwise.
    :raises Stale: when somebody else moved it meanwhile.
    :raises Refusal: when person, state or law do not allow it. Nothing is changed then.
    """
    on, move = on or today(), Move(move)
    request = (
        Request.objects.select_for_update(of=("self",))
        .select_related("school__parent__parent__parent")
        .get(pk=request.pk)
    )
    if seen is not None and seen != request.version:
        raise Stale(stale_sentence(request))
    if sentence := why_not(by, request, move, on):
        raise Refusal(sentence)
    kind, step, note = kind_of(request), current_step(request), note.strip()
    _fix_first_submission(request, move, by, on)
    judgement = kind.judge(request, on)
    _require(request, move, judgement, note, step)
    target = state_after(request.state, move, last_step=is_last(request, step))
    if move == Move.SUBMIT:
        _place_steps(request, kind)
    if step is not None and move in DECIDES and move != Move.STRIKE:
        step.decided_at, step.decided_by = now(), by
        step.save(update_fields=["decided_at", "decided_by"])
    final = target == State.APPROVED
    detail = kind.effect(Deed(request, move, step, final, inputs or {}, by, on, note)) or {}
    before = request.status
    request.state = target
    _turn(request, on)
    _sum_up(request, kind.judge(request, on) if move == Move.STRIKE else judgement)
    request.version += 1
    entry = _enter(request, move, by, on, note, reasons, judgement, detail, step)
    copy_due(request, on)
    request.save()
    record(
        action=entry.get_move_display(), by=by, target=request, before={"status": before},
        after={"status": request.status, "note": note, **detail}, rule_version=request.rule_version,
    )  # fmt: skip
    announce(request, entry)
    return request


def stale_sentence(request: Request) -> str:
    """Who was quicker, and when."""
    last = request.entries.select_related("by").last()
    if last is None:
        return "此件已有变动，页面已更新，刚才的操作未生效。"
    return f"此件已由{last.by.full_name}于{last.at.astimezone():%H:%M}{last.get_move_display()}，页面已更新，刚才的操作未生效。"


def _fix_first_submission(request: Request, move: Move, by, on: date) -> None:
    """Day and rules of the first submission; sending back does not move them. The settings of that day go with it."""
    if move == Move.SUBMIT:
        request.submitted_by = by
        if request.submitted_on is None:
            request.submitted_on = on
            request.applied_on = request.applied_on or on
            request.policy = in_force(request.school, on).of_a_request


def _require(request: Request, move: Move, judgement: Judgement, note: str, step: Step | None) -> None:
    """The law and the written reason, asked inside the transaction."""
    if sentence := law_forbids(judgement, move):
        problem = judgement.problems[0]
        raise Refusal(
            sentence, rule=problem.rule.id, items=[i for f in judgement.problems for i in (f.items or (f.fact,))]
        )
    if move in NEEDS_NOTE and not note:
        raise Refusal(f"{move.label}须写明理由")
    last = is_last(request, step)
    if not note and (sentence := missing_reason(judgement, move, step, last=last)):
        raise Refusal(sentence, rule=wants_reason(judgement, move, step, last=last).rule.id)


def _place_steps(request: Request, kind: Kind) -> None:
    """Write the route the request goes: the one it began with, afresh for each round of signatures."""
    request.round += 1
    stops = kind.route(request)
    if not request.route:
        request.route = [
            {
                "level": s.level,
                "organisation": s.organisation.pk,
                "permission": s.permission,
                "label": s.label,
                "waiting": s.waiting,
            }
            for s in stops
        ]
    Step.objects.bulk_create(
        Step(request=request, round=request.round, position=n, level=s["level"], organisation_id=s["organisation"],
             permission=s["permission"], label=s["label"], waiting=s["waiting"])
        for n, s in enumerate(request.route, 1)
    )  # fmt: skip


def _turn(request: Request, on: date) -> None:
    """Whose turn it is now."""
    if request.state == State.PENDING:
        step = current_step(request)
        request.turn_organisation, request.turn_permission = step.organisation, step.permission
        # A province outside the portal replies on paper: to record that is the centre's turn.
        if request.prefecture and step.level == Level.PROVINCE and not request.policy.get("province.in_portal", True):
            request.turn_organisation, request.turn_permission = request.prefecture, Permission.RECORD_PROVINCE_REPLY
        request.turn_level, request.turn_label = step.level, step.waiting
    elif request.state in OPEN:
        _give_to_applicant(request)
    else:
        kind = kind_of(request)
        request.turn_organisation, request.turn_permission, request.turn_level = None, "", ""
        ended = {State.APPROVED: kind.approved_label, State.REFUSED: kind.refuse_label}
        request.turn_label = ended.get(request.state, "")
        request.closed_on = on


def _give_to_applicant(request: Request) -> None:
    request.turn_organisation, request.turn_permission = request.school, Permission.PREPARE_BUSINESS
    request.turn_level, request.turn_label = Level.SCHOOL, State(request.state).label


def _sum_up(request: Request, judgement: Judgement) -> None:
    """The verdict the queue shows, in a few words."""
    problems = judgement.problems
    request.verdict = judgement.verdict
    if not problems:
        request.verdict_text = f"{len(judgement.findings)}项全部符合" if judgement.findings else ""
    elif judgement.verdict == Verdict.DISCRETION:
        request.verdict_text = f"{len(problems)}项待人工核对"
    else:
        request.verdict_text = f"{judgement.verdict.label}：{problems[0].rule.label}"[:120]


def _enter(request, move, by, on, note, reasons, judgement, detail, step) -> Entry:
    post = access_of(by, on).post
    return Entry.objects.create(
        request=request, round=request.round, move=move, by=by, post=post, organisation=post.organisation if post else None,
        level=step.level if step else Level.SCHOOL, at=now() if on == today() else _at(on), on=on, note=note, reasons=list(reasons),
        findings=judgement.snapshot(), detail=detail, rule_version=request.rule_version,
    )  # fmt: skip


def _at(on: date):
    """The moment of a deed entered for another day: that day, at the present time of day."""
    return now().replace(year=on.year, month=on.month, day=on.day)
