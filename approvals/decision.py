"""What the decision page offers: the way, the advice, and each move with what follows from it or why it is closed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from approvals import phrases
from approvals.due import limit_words
from approvals.enums import BY_APPLICANT, NEEDS_NOTE, Move, State, state_after
from approvals.forms import DecisionForm
from approvals.kinds import Kind, kind_of
from approvals.models import Entry, Request, Step
from approvals.permission import current_step, is_last, law_forbids, missing_reason, steps_of, why_not
from linxia_xueji.access import Access
from linxia_xueji.enums import Permission
from linxia_xueji.rules import Finding, Force, Judgement, Verdict
from linxia_xueji.templatetags.portal import clause_short

ORDER = (Move.SUBMIT, Move.APPROVE, Move.SEND_BACK, Move.RECORD, Move.RETRACT, Move.REFUSE)
"""The order of the action bar never changes; striking single students stands beside the students."""

Stock = dict[str, tuple[str, ...]]
"""Move → 常用语 to choose from."""
WHILE_BACK = {"pause": "修改期间暂停计时", "restart": "重新提交后重新计时", "run_on": "修改期间照常计时"}


@dataclass(frozen=True)
class Choice:
    """One move as the action bar, its dialog and its page show it; `blocked` says why it is closed, `closes` that it is final."""

    move: str
    label: str
    url: str
    style: str
    blocked: str
    form: DecisionForm | None
    consequence: str
    confirm: str
    phrases: tuple[str, ...]
    closes: bool


def judgement_of(request: Request, entries: list[Entry], on: date) -> Judgement:
    """The judgement of today; of a closed request the one on which it was closed. `entries`: newest first."""
    kind = kind_of(request)
    if request.is_open or not entries:
        return kind.judge(request, on)
    known = {rule.id: rule for rule in kind.book.rules}
    return Judgement(
        tuple(
            Finding(
                known[f["rule"]],
                Force(f["force"]),
                f["broken"],
                f["fact"],
                tuple(f["items"]),
                date.fromisoformat(f["passes_on"]) if f.get("passes_on") else None,
            )
            for f in entries[0].findings
            if f["rule"] in known
        )
    )


def advice(judgement: Judgement, moves: list[Choice], turn_permission: str) -> dict[str, Any] | None:
    """What the system suggests to whoever's turn it is, and why; the decision is a person's.

    Nothing where the law is content and the way on is closed all the same: then the page says what closes it.
    """
    applicant = turn_permission == Permission.PREPARE_BUSINESS
    onward = Move.SUBMIT if applicant else Move.APPROVE
    if not law_forbids(judgement, onward) and any(m.blocked for m in moves if m.move == onward):
        return None
    reasons = [f"{f.rule.label}：{f.fact}" for f in judgement.problems[:3]]
    if judgement.verdict == Verdict.ALLOWED:
        return {"text": "提交" if applicant else "审核通过", "reasons": [f"{len(judgement.findings)}项全部符合"]}
    if judgement.verdict == Verdict.DISCRETION:
        return {"text": "待人工核对", "reasons": reasons}
    return {"text": "修改后提交" if applicant else "退回修改", "reasons": reasons}


def choices(request: Request, judgement: Judgement, access: Access, user, on: date) -> list[Choice]:
    """The moves of this person's side that the state knows, in the fixed order; none for a mere reader."""
    kind = kind_of(request)
    known = [m for m in ORDER if m in kind.moves and state_after(request.state, m, last_step=False) is not None]
    sides = {m for m in known if _on_their_side(request, m, access)}
    stock = phrases.offered(access) if sides else {}
    return [choice(request, m, judgement, access, user, on, stock=stock) for m in known if m in sides]


def choice(
    request: Request,
    move: Move,
    judgement: Judgement,
    access: Access,
    user,
    on: date,
    data=None,
    stock: Stock | None = None,
) -> Choice:
    """One move for this person, with its form or the address of its own page. :param stock: the 常用语, where asked before."""
    kind = kind_of(request)
    url = kind.move_url(request, move)
    blocked = why_not(user, request, move, on, access) or law_forbids(judgement, move) or ""
    form = None if url else decision_form(request, move, judgement, data)
    waiting = steps_left(request) if move == Move.APPROVE else []
    return Choice(
        move=move.value,
        label=kind.refuse_label if move == Move.REFUSE else move.label,
        url=url or reverse("approvals:move", args=[request.pk, move.value]),
        style="bad" if move == Move.REFUSE else "pri" if move == _suggested(judgement, request) else "",
        blocked=blocked,
        form=form,
        consequence=_consequence(request, kind, move, waiting),
        confirm=f"确认{_verb(kind, move)}",
        phrases=(phrases.offered(access) if stock is None else stock).get(move, ()),
        closes=closes(move, waiting),
    )


def decision_form(request: Request, move: Move, judgement: Judgement, data=None) -> DecisionForm:
    """The form of a move: reasons to tick from what is broken; a refusal always names a clause."""
    kind, step = kind_of(request), current_step(request)
    findings = judgement.problems if move in (Move.SEND_BACK, Move.REFUSE) else ()
    if move == Move.REFUSE and not findings:
        findings = judgement.findings
    required = missing_reason(judgement, move, step, last=is_last(request, step)) or ""
    if move in NEEDS_NOTE:
        required = (
            "写明缺什么、怎么改、何时前重新提交；学校会原样看到，不超过200字"
            if move == Move.SEND_BACK
            else f"{_verb(kind, move)}须写明理由，不超过200字"
        )
    return DecisionForm(
        data,
        move=move.value,
        initial={"seen": request.version},
        reasons=[(f.rule.id, f"{f.rule.label}：{f.fact}（{clause_short(f.rule)}）") for f in findings],
        note_required=required,
        clause_required=move == Move.REFUSE,
        business=kind.form(request, move, data),
    )


def chosen_reasons(form: DecisionForm) -> tuple[str, ...]:
    """The ticked reasons in the words shown."""
    ticked = form.cleaned_data.get("reasons") or ()
    return tuple(words for value, words in form.fields["reasons"].choices if value in ticked) if ticked else ()


def way(request: Request) -> list[dict[str, str]]:
    """The steps of the present round, the school's own first; before the first submission those it will go."""
    kind = kind_of(request)
    if request.round:
        stops: list[Any] = [s for s in steps_of(request) if s.round == request.round]
    else:
        stops = kind.route(request)
    now = (
        next((s for s in stops if isinstance(s, Step) and s.decided_at is None), None)
        if request.state == State.PENDING
        else None
    )
    shown = [_first(request)]
    for stop in stops:
        signed = isinstance(stop, Step) and stop.decided_at is not None and request.state != State.RETURNED
        shown.append(
            {
                "label": stop.label,
                "who": stop.decided_by.full_name if signed else stop.organisation.short_name,
                "when": _moment(stop.decided_at) if signed else "",
                "state": "done" if signed else "now" if stop is now else "todo",
            }
        )
    return shown


def _first(request: Request) -> dict[str, str]:
    waiting = request.state in (State.DRAFT, State.RETURNED)
    day = request.submitted_on
    return {
        "label": "学校修改" if request.state == State.RETURNED else "学校提交",
        "who": request.school.short_name if waiting or not request.submitted_by else request.submitted_by.full_name,
        "when": f"{day.month}月{day.day}日" if day and not waiting else "",
        "state": "now" if waiting else "done" if day else "todo",
    }


def _moment(at) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _on_their_side(request: Request, move: Move, access: Access) -> bool:
    """Whether it is this person's desk that makes such a move, be it their turn or not."""
    if move in BY_APPLICANT:
        return access.may(Permission.PREPARE_BUSINESS, request.school)
    if move == Move.RECORD:
        to_record = request.turn_permission == Permission.RECORD_PROVINCE_REPLY
        return to_record and access.may(request.turn_permission, request.turn_organisation)
    return any(access.may(s.permission, s.organisation) for s in steps_of(request) if s.round == request.round)


def _suggested(judgement: Judgement, request: Request) -> Move | None:
    if request.state != State.PENDING:
        return None if law_forbids(judgement, Move.SUBMIT) else Move.SUBMIT
    if judgement.verdict == Verdict.ALLOWED:
        return Move.APPROVE
    return Move.SEND_BACK if law_forbids(judgement, Move.APPROVE) else None


def _verb(kind: Kind, move: Move) -> str:
    return {Move.APPROVE: "通过", Move.SEND_BACK: "退回", Move.REFUSE: kind.refuse_label}.get(move, move.label)


def _consequence(request: Request, kind: Kind, move: Move, waiting: list[Step]) -> str:
    """What follows from a move, in one sentence."""
    if move == Move.SUBMIT:
        first = kind.route(request)[0]
        return f"提交后送{first.organisation.short_name}办理（{first.label}），限{limit_words(request.kind, request.policy)}内办结。"
    if move == Move.SEND_BACK:
        return f"退回后由{request.school.short_name}修改并重新提交；{WHILE_BACK[request.policy.get('clock.send_back', 'pause')]}。"
    if move == Move.APPROVE:
        return f"通过后{after_approval(waiting)}。"
    return {Move.REFUSE: "办结后不能恢复，须重新申请。", Move.RETRACT: "撤回后此件关闭，需要时重新申请。"}.get(move, "")


def after_approval(waiting: list[Step]) -> str:
    """Where an approval leads. `waiting`: `steps_left`."""
    return f"送{waiting[1].organisation.short_name}（{waiting[1].label}）" if len(waiting) > 1 else "此件办结"


def steps_left(request: Request) -> list[Step]:
    """The steps of this round that nobody has decided."""
    return [s for s in steps_of(request) if s.round == request.round and s.decided_at is None]


def closes(move: str, waiting: list[Step]) -> bool:
    """Whether a move is a final decision: last approval, 不予, record of the province's reply. `waiting`: `steps_left`."""
    return move in (Move.REFUSE, Move.RECORD) or (move == Move.APPROVE and len(waiting) < 2)
