"""Seeing to those the run left out: once the business in the way is done they follow, one by one; nobody is forgotten."""

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from approvals.enums import OPEN
from approvals.models import Request
from linxia_xueji.dates import now
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.enums import Fate, ItemOutcome, TurnState
from registry.models import Enrolment, KeyFacts, TurnItem, YearTurn
from registry.year_turn.fates import BY_HAND, MOVING, ONE, count, fate_of
from registry.year_turn.rights import require_follow
from registry.year_turn.running import carry_out
from registry.year_turn.settling import settle

FOLLOWABLE = (TurnState.DONE, TurnState.CONFIRMED)
AT_ONCE = 200
"""Students that one press of a button follows up."""
_OUTCOMES = {
    Fate.SUSPENDED: ItemOutcome.SUSPENDED,
    Fate.CURRENT: ItemOutcome.CURRENT,
    Fate.RECENT: ItemOutcome.CURRENT,
    Fate.ENTERED: ItemOutcome.CURRENT,
}


def with_names(items: QuerySet[TurnItem]) -> QuerySet[TurnItem]:
    """Items with the student's present `name`, and `open_request`: the id of the business that is (still) in the way."""
    key = Concat(Value("student:"), Cast(OuterRef("student"), TextField()))
    return items.annotate(
        name=Subquery(KeyFacts.objects.filter(student=OuterRef("student"), valid_to=None).values("name")[:1]),
        open_request=Subquery(Request.objects.filter(lock_key=key, state__in=OPEN).values("pk")[:1]),
    )


def ready(turn: YearTurn, user: User) -> QuerySet[TurnItem]:
    """Those of a turn whose business is done and who can follow without a word."""
    waiting = TurnItem.objects.visible_to(user).filter(turn=turn, settled_at=None).exclude(reason__in=BY_HAND)
    return with_names(waiting).filter(open_request=None).order_by("pk")


@transaction.atomic
def follow(item: TurnItem, *, by: User) -> TurnItem:
    """Let one student follow the class, at the school where they are now; or settle what business has settled.

    :raises Refusal: without the right, before the run is complete, while business is under way, and where the grade has
        to be put right first.
    """
    item = _locked(item, by)
    enrolment = _present(item)
    if enrolment is None:
        return _settle(item, ItemOutcome.GONE, by=by)
    regardless = item.grade == _grade(enrolment)
    fate = fate_of(item.turn, enrolment.pk, regardless=regardless)
    if fate in MOVING:
        carry_out(item.turn, ONE, by=by, enrolment=enrolment.pk, regardless=regardless)
        count(item.turn, enrolment.school_id)
        settle(item.turn, [item.student_id])
        return _settle(item, ItemOutcome.FOLLOWED, by=by)
    if fate in _OUTCOMES:
        return _settle(item, _OUTCOMES[fate], by=by)
    raise Refusal(_why_not(item, fate))


def follow_all(turn: YearTurn, *, by: User) -> tuple[int, int]:
    """Everybody who is ready, as many as go at once, each for themselves. Returns how many were seen to, and were not."""
    done, refused = 0, 0
    for item in ready(turn, by)[:AT_ONCE]:
        try:
            follow(item, by=by)
            done += 1
        except Refusal:
            refused += 1
    return done, refused


@transaction.atomic
def keep(item: TurnItem, *, note: str, by: User) -> TurnItem:
    """The grade in the register is right as it is: settled with a reason.

    :raises Refusal: without the right or a reason, or while business is under way.
    """
    item = _locked(item, by)
    if item.open_request:
        raise Refusal(_why_not(item, Fate.BLOCKED))
    if not note.strip():
        raise Refusal("请写明保持原年级的理由")
    return _settle(item, ItemOutcome.KEPT, by=by, note=note.strip())


def _locked(item: TurnItem, by: User) -> TurnItem:
    TurnItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    item = with_names(TurnItem.objects.select_related("turn__prefecture", "school__parent__parent__parent")).get(
        pk=item.pk
    )
    require_follow(by, item.school)
    if item.turn.state not in FOLLOWABLE:
        raise Refusal(f"{item.turn}{item.turn.get_state_display()}，处理完成后才能续办")
    if item.settled_at:
        raise Refusal(f"{item.name}{item.get_outcome_display()}，不必再办")
    return item


def _present(item: TurnItem) -> Enrolment | None:
    """The student's active enrolment of the same kind: where they were, or where a transfer has brought them since."""
    bucket = item.enrolment.bucket
    found = Enrolment.objects.filter(student=item.student_id, bucket=bucket, ends_on=None, pending=False)
    return found.select_for_update(of=("self",)).first()


def _grade(enrolment: Enrolment) -> int | None:
    return enrolment.grades.filter(valid_to=None).values_list("grade", flat=True).first()


def _settle(item: TurnItem, outcome: ItemOutcome, *, by: User, note: str = "") -> TurnItem:
    item.outcome, item.note, item.settled_by, item.settled_at = outcome, note, by, now()
    item.save(update_fields=["outcome", "note", "settled_by", "settled_at"])
    after = {"结果": outcome.label, "grade": item.grade} | ({"note": note} if note else {})
    record(action="续办未随班学生", by=by, target=item, organisation=item.school, after=after)
    return item


def _why_not(item: TurnItem, fate: str | None) -> str:
    if fate == Fate.BLOCKED:
        request = Request.objects.get(pk=item.open_request)
        return f"{item.name}有在办业务（{request.number} {request.subject}，{request.status}），办结后再续办"
    if fate == Fate.PENDING:
        return f"{item.name}的学籍待转入，转入后再续办"
    return f"{item.name}的年级与学段不符，请核对后写明理由保持原年级，或先更正年级"
