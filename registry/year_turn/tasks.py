"""The jobs of a turn. Each may be run again after a crash: what is done is recorded school by school."""

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linxia_xueji.models import User
from registry.enums import TurnState
from registry.models import YearTurn
from registry.year_turn import opening, running, settling, undoing

_AGAIN = RetryStrategy(max_attempts=6, exponential_wait=3)


@app.task(name="turn.count", retry=_AGAIN)
def count_turn(turn_id: int) -> None:
    """Count the preview of the whole prefecture."""
    opening.count_again(YearTurn.objects.get(pk=turn_id))


@app.task(name="turn.work", retry=_AGAIN)
def work_turn(turn_id: int) -> None:
    """Go on with a turn that is being run or taken back; nothing where it is neither."""
    state = YearTurn.objects.get(pk=turn_id).state
    if state == TurnState.RUNNING:
        running.run(turn_id)
    elif state == TurnState.UNDOING:
        undoing.undo(turn_id)


@app.task(name="turn.settle", retry=_AGAIN)
def settle_turn(turn_id: int) -> None:
    """What follows from a turn that was confirmed."""
    settling.settle(YearTurn.objects.get(pk=turn_id))


@transaction.atomic
def open_later(*, by: User, **chosen) -> YearTurn:
    """Open a turn and have it counted, both or neither."""
    turn = opening.open_turn(by=by, **chosen)
    count_turn.defer(turn_id=turn.pk)
    return turn


@transaction.atomic
def count_later(turn: YearTurn) -> None:
    """Have the preview counted anew."""
    YearTurn.objects.filter(pk=turn.pk).update(counted_at=None)
    count_turn.defer(turn_id=turn.pk)


@transaction.atomic
def choose_day_later(turn: YearTurn, *, day, by: User) -> None:
    """Another first day, and the preview counted for it."""
    opening.choose_day(turn, day=day, by=by)
    count_later(turn)


@transaction.atomic
def run_later(turn: YearTurn, *, by: User, on) -> None:
    """Ask for the run: refused at once, or done by the worker."""
    running.ask_run(turn, by=by, on=on)
    work_turn.defer(turn_id=turn.pk)


@transaction.atomic
def undo_later(turn: YearTurn, *, by: User, keep_touched: bool) -> None:
    """Ask for the undoing: refused at once, or done by the worker."""
    undoing.ask_undo(turn, by=by, keep_touched=keep_touched)
    work_turn.defer(turn_id=turn.pk)


@transaction.atomic
def confirm_later(turn: YearTurn, *, by: User) -> None:
    """Confirm at once; what follows is done by the worker."""
    opening.confirm(turn, by=by)
    settle_turn.defer(turn_id=turn.pk)


def go_on(turn: YearTurn) -> None:
    """Wake a run or an undoing that broke off for good; two at once do no harm."""
    work_turn.defer(turn_id=turn.pk)
