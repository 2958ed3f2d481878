"""What follows from a turn once nothing of it is taken back: who waited for a record it ended is active, archives go along."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from registry.archive.deeds import hand_over
from registry.deeds import activate
from registry.enums import Fate, TurnState
from registry.models import Enrolment, TurnMove, YearTurn
from registry.year_turn.fates import ENDING

AT_ONCE = 200
"""Archives of one transaction."""


def settle(turn: YearTurn, students: Iterable[int] | None = None) -> None:
    """Of a confirmed turn, or of some of its students; may come twice and acts once. Nothing before it is confirmed."""
    if turn.state != TurnState.CONFIRMED:
        return
    moves = TurnMove.objects.filter(turn=turn)
    moves = moves if students is None else moves.filter(student__in=list(students))
    _wake(moves)
    while _hand_on(turn, moves):
        pass


@transaction.atomic
def _wake(moves: QuerySet[TurnMove]) -> None:
    """Enrolments 待转入 that waited for one that was ended, as with any other ending (`registry.deeds.end_enrolment`)."""
    ended = moves.filter(fate__in=ENDING, student=OuterRef("student"), enrolment__bucket=OuterRef("bucket"))
    waiting = Enrolment.objects.filter(pending=True, ends_on=None)
    waiting = waiting.annotate(closed_on=Subquery(ended.values("enrolment__ends_on")[:1])).exclude(closed_on=None)
    for enrolment in waiting.order_by("pk").select_for_update(of=("self",)):
        activate(enrolment, on=enrolment.closed_on)


@transaction.atomic
def _hand_on(turn: YearTurn, moves: QuerySet[TurnMove]) -> bool:
    """Some archives of a teaching point's last grade to the school that took it, as with a transfer; False where none is left."""
    YearTurn.objects.select_for_update(of=("self",)).get(pk=turn.pk)
    left = moves.filter(fate=Fate.HANDED_ON, enrolment__archive_left=None).select_related("enrolment").order_by("pk")
    found = list(left[:AT_ONCE])
    present = Enrolment.objects.in_bulk([move.next_enrolment for move in found])
    for move in found:
        hand_over(former=move.enrolment, present=present[move.next_enrolment])
    return bool(found)
