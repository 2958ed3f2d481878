"""批量通过: what passes every rule and needs no word may be approved together; each is listed, judged anew and moved by itself.

Nothing is ever sent back or refused so, and nothing of a business that did not ask for it (批次 never does).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet

from approvals.chain import advance, stale_sentence
from approvals.decision import after_approval, closes, steps_left
from approvals.enums import Move, State
from approvals.kinds import Kind, kind_of
from approvals.models import Request
from approvals.permission import law_forbids, why_not
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Permission
from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import Verdict

CAP = 50
"""As many as a page of the desk."""
LARGEST_ID = 2**31
MARK = ":"
"""Between the id of a request and the version of it that was on the page."""


@dataclass(frozen=True)
class Item:
    """One request of those ticked: what follows from approving it, or why that takes a page of its own."""

    request: Request
    seen: int
    kind_label: str
    alone: str
    follows: str
    closes: bool

    @property
    def value(self) -> str:
        """As the page sends it on."""
        return f"{self.request.pk}{MARK}{self.seen}"


def must_stand_alone(kind: Kind, turn_permission: str, verdict: str) -> str:
    """Why a line of the desk cannot be ticked; empty where it can. Asks nothing of the database."""
    if not kind.bulk:
        return f"{kind.label}须逐件审核"
    if turn_permission == Permission.PREPARE_BUSINESS:
        return "由学校填报，须逐件提交"
    return "" if verdict == Verdict.ALLOWED else "核验没有全部符合，须逐件审核"


def chosen(values: Iterable[str]) -> dict[int, int]:
    """Id → version seen, of what was ticked; what cannot be read is passed over.

    :raises Refusal: for more than can be gone through at once.
    """
    found: dict[int, int] = {}
    for value in values:
        pk, _, seen = value.partition(MARK)
        if all(part.isascii() and part.isdecimal() and len(part) < 11 for part in (pk, seen)) and int(pk) < LARGEST_ID:
            found[int(pk)] = int(seen)
    if len(found) > CAP:
        raise Refusal(f"一次最多批量通过{CAP}件，现选了{len(found)}件，请分次办理")
    return found


def listed(ticked: dict[int, int], user, access: Access, on: date) -> list[Item]:
    """What was ticked and may be seen, those that must stand alone first, then by due date."""
    items = [_item(request, ticked[request.pk], user, access, on) for request in _read(access).filter(pk__in=ticked)]
    return sorted(items, key=lambda item: not item.alone)


def any_final(ticked: dict[int, int], access: Access) -> bool:
    """Whether approving these closes one of them."""
    waiting = _read(access).filter(pk__in=ticked, state=State.PENDING)
    return any(closes(Move.APPROVE, steps_left(request)) for request in waiting)


def approve_each(ticked: dict[int, int], *, by, on: date) -> list[tuple[int, str]]:
    """Approve one after the other, each in a transaction of its own.

    :returns: the id of each with nothing where it was done, or else the sentence that says why not.
    """
    return [(pk, _approve(pk, seen, by, on)) for pk, seen in ticked.items()]


def _approve(pk: int, seen: int, by, on: date) -> str:
    access = access_of(by, on)
    try:
        with transaction.atomic():
            request = _read(access).select_for_update(of=("self",)).filter(pk=pk).first()
            if request is None:
                return "此件已不在可见范围内"
            if sentence := _why_alone(request, seen, by, access, on):
                return sentence
            advance(request=request, move=Move.APPROVE, by=by, seen=seen, on=on)
    except Refusal as refusal:
        return refusal.message
    return ""


def _read(access: Access) -> QuerySet[Request]:
    found = Request.objects.open_to(access).select_related("school__parent__parent__parent")
    return found.order_by(F("due_on").asc(nulls_last=True), "pk")


def _item(request: Request, seen: int, user, access: Access, on: date) -> Item:
    waiting = steps_left(request) if request.state == State.PENDING else []
    return Item(
        request=request,
        seen=seen,
        kind_label=kind_of(request).label,
        alone=_why_alone(request, seen, user, access, on),
        follows=after_approval(waiting),
        closes=closes(Move.APPROVE, waiting),
    )


def _why_alone(request: Request, seen: int, user, access: Access, on: date) -> str:
    """The sentence of whatever stands in the way: another version, person, state, law, or something to be written."""
    kind = kind_of(request)
    if request.version != seen:
        return stale_sentence(request)
    kind.read(request)
    if sentence := why_not(user, request, Move.APPROVE, on, access):
        return sentence
    if sentence := must_stand_alone(kind, request.turn_permission, Verdict.ALLOWED):
        return sentence
    judgement = kind.judge(request, on)
    if judgement.verdict != Verdict.ALLOWED:
        return law_forbids(judgement, Move.APPROVE) or must_stand_alone(kind, "", judgement.verdict)
    needs_more = kind.form(request, Move.APPROVE, None) or kind.move_url(request, Move.APPROVE)
    return "本环节须填写数据，须逐件审核" if needs_more else ""
