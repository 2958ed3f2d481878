"""Opening the turn of a school year for preview, choosing its first day, and confirming it for good."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from linxia_xueji.dates import now
from linxia_xueji.models import Organisation, User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.enums import TurnState
from registry.models import YearTurn
from registry.year_turn.fates import count, first_day, list_left
from registry.year_turn.rights import require_turn

LEEWAY = timedelta(days=31)
"""How far from 1 September the first day of the new year may lie (assumed)."""


@transaction.atomic
def open_turn(*, prefecture: Organisation, school_year: int, day: date, by: User) -> YearTurn:
    """Open it for preview; nothing of the register changes. The numbers are counted by the caller's job.

    :raises Refusal: without the right, where it is open already or an earlier one is not confirmed, or for a day far off.
    """
    turn = YearTurn(prefecture=prefecture, school_year=school_year, day=day, opened_by=by, opened_at=now())
    require_turn(by, turn)
    _require_day(turn, day)
    before = YearTurn.objects.filter(prefecture=prefecture).exclude(state=TurnState.CONFIRMED)
    if waiting := before.exclude(school_year=school_year).first():
        raise Refusal(f"{waiting}{waiting.get_state_display()}，确认后才能开启下一学年")
    try:
        with transaction.atomic():
            turn.save()
    except IntegrityError as error:
        raise Refusal(f"{turn}已经开启") from error
    record(action="开启学年处理", by=by, target=turn, organisation=prefecture, after={"起算日": day.isoformat()})
    return turn


@transaction.atomic
def choose_day(turn: YearTurn, *, day: date, by: User) -> None:
    """Another first day, before the turn is run. :raises Refusal: without the right, afterwards, or for a day far off."""
    turn = YearTurn.objects.select_for_update(of=("self",)).select_related("prefecture").get(pk=turn.pk)
    require_turn(by, turn)
    if turn.state != TurnState.PREVIEW or turn.moves.exists():
        raise Refusal(f"{turn}{turn.get_state_display()}，起算日不能再改")
    _require_day(turn, day)
    before, turn.day = turn.day, day
    turn.save(update_fields=["day"])
    record(
        action="修改学年起算日", by=by, target=turn, organisation=turn.prefecture, before={"起算日": before.isoformat()},
        after={"起算日": day.isoformat()},
    )  # fmt: skip


def _require_day(turn: YearTurn, day: date) -> None:
    usual = first_day(turn.school_year)
    if abs(day - usual) > LEEWAY:
        raise Refusal(f"起算日离{usual:%Y-%m-%d}超过{LEEWAY.days}天，请核对学年和日期")


@transaction.atomic
def count_again(turn: YearTurn) -> None:
    """Count the whole prefecture anew, and list by name whom the turn would leave out. Nothing once it is run."""
    turn = YearTurn.objects.select_for_update(of=("self",)).get(pk=turn.pk)
    if turn.state != TurnState.PREVIEW:
        return
    list_left(turn)
    count(turn)
    turn.counted_at = now()
    turn.save(update_fields=["counted_at"])


@transaction.atomic
def confirm(turn: YearTurn, *, by: User) -> None:
    """For good: after this nothing is taken back; whoever was left out can still follow.

    :raises Refusal: without the right, or unless the run is complete.
    """
    turn = YearTurn.objects.select_for_update(of=("self",)).select_related("prefecture").get(pk=turn.pk)
    require_turn(by, turn)
    if turn.state != TurnState.DONE:
        raise Refusal(f"{turn}{turn.get_state_display()}，处理完成后才能确认")
    turn.state, turn.confirmed_by, turn.confirmed_at = TurnState.CONFIRMED, by, now()
    turn.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    waiting = turn.turnitem_set.filter(settled_at=None).count()
    record(action="确认学年处理", by=by, target=turn, organisation=turn.prefecture, after={"未随班人数": waiting})
