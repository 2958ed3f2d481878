"""States, moves and which move leads where: the one table of the chain."""

from django.db.models import TextChoices


class State(TextChoices):
    """Where a request stands; the level (county or prefecture) is its current step, not a state."""

    DRAFT = "draft", "草稿"
    PENDING = "pending", "审核中"
    RETURNED = "returned", "退回待修改"
    APPROVED = "approved", "已办结"
    REFUSED = "refused", "不予办理"
    RETRACTED = "retracted", "已撤回"


class Move(TextChoices):
    """What can be done to a request."""

    SUBMIT = "submit", "提交"
    APPROVE = "approve", "审核通过"
    SEND_BACK = "send_back", "退回修改"
    REFUSE = "refuse", "不予办理"
    RETRACT = "retract", "撤回"
    STRIKE = "strike", "核减学生"
    RECORD = "record", "登记省厅批复"


S, M = State, Move

OPEN = (S.DRAFT, S.PENDING, S.RETURNED)
"""A request in one of these states holds its lock key: one open request per subject."""

TRANSITIONS: dict[tuple[State, Move], State] = {
    (S.DRAFT, M.SUBMIT): S.PENDING,
    (S.DRAFT, M.RETRACT): S.RETRACTED,
    (S.RETURNED, M.SUBMIT): S.PENDING,
    (S.RETURNED, M.RETRACT): S.RETRACTED,
    (S.PENDING, M.RETRACT): S.RETRACTED,
    (S.PENDING, M.SEND_BACK): S.RETURNED,
    (S.PENDING, M.REFUSE): S.REFUSED,
    (S.PENDING, M.STRIKE): S.PENDING,
    (S.PENDING, M.RECORD): S.APPROVED,
    (S.PENDING, M.APPROVE): S.PENDING,
}
"""Approving the last step leads to APPROVED instead (`state_after`)."""

BY_APPLICANT = frozenset({M.SUBMIT, M.RETRACT})
DECIDES = frozenset({M.APPROVE, M.SEND_BACK, M.REFUSE, M.STRIKE})
NEEDS_NOTE = frozenset({M.SEND_BACK, M.REFUSE, M.STRIKE, M.RETRACT, M.RECORD})


def state_after(state: str, move: str, *, last_step: bool) -> State | None:
    """Where a move leads, or None where it does not exist in that state."""
    if move == M.APPROVE and state == S.PENDING and last_step:
        return S.APPROVED
    return TRANSITIONS.get((State(state), Move(move)))
