"""The clock of a request, read from its events and the calendar; nothing of it is stored. Pure.

clock.change: 有异动学籍必须在10个工作日内完成学籍异动操作流程 (一（一）).
clock.suspension: 学生申请休、复学后的10个工作日内提交休学材料并由学籍主管部门审核办理完结 (三（二）2).
That it starts with the application is inferred from the latter, and assumed for batches. The day of application does
not count (民法典 201); the last day runs to 24:00 (民法典 203). Nothing is ever decided by time alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from approvals.calendar import PENDING, Calendar, Due, UnknownYear

LIMIT = 10
SOON = 3


class Happening(StrEnum):
    """What moves a clock. A request is entered, sent back, comes in again, and is decided for good."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"


class ClockRule(StrEnum):
    """What a clock does while the request is back for correction: a setting, all three assumed."""

    PAUSE = "pause"
    RESTART = "restart"
    RUN_ON = "run_on"


class Chip(StrEnum):
    """The look of the deadline on every page (ui guide 7)."""

    OVER = "over"
    TODAY = "today"
    SOON = "soon"
    NORMAL = "normal"
    HOLD = "hold"
    DONE = "done"
    DONE_LATE = "done_late"
    PROVISIONAL = "provisional"


@dataclass(frozen=True)
class ClockEvent:
    """One happening on one day. Events are given in the order in which they happened."""

    kind: Happening
    on: date


@dataclass(frozen=True)
class Stretch:
    """Days that count: later than `after`, up to and including `to` (None: still running)."""

    after: date
    to: date | None


@dataclass(frozen=True)
class Clock:
    """What a clock shows on `today`. Day counts are working days; None where they need a year not published."""

    today: date
    limit: int
    rule: ClockRule
    stretches: tuple[Stretch, ...]
    used_at_end: tuple[int | None, ...]
    """Days used at the end of each stretch (or by `today`), as the rule counts them."""
    closed_on: date | None
    due: date | None
    """The last day to decide; None while paused or provisional."""
    review: bool
    missing_year: int | None
    overdue: bool | None
    """Whether the last day passed undecided (also while paused, and when closed late); None where that is unknown."""

    @property
    def closed(self) -> bool:
        return self.closed_on is not None

    @property
    def paused(self) -> bool:
        return not self.closed and self.stretches[-1].to is not None

    @property
    def running(self) -> bool:
        return not self.closed and not self.paused

    @property
    def provisional(self) -> bool:
        """Whether it runs and cannot have a due date yet."""
        return self.running and self.due is None

    @property
    def restarts(self) -> bool:
        return self.rule is ClockRule.RESTART

    @property
    def runs_on(self) -> bool:
        return self.rule is ClockRule.RUN_ON

    @property
    def days_used(self) -> int | None:
        return self.used_at_end[-1]

    @property
    def days_left(self) -> int | None:
        """Working days left after today; 0 on the last day, negative when overdue.

        It is still 0 on the free days right after the last day: `overdue` tells them apart.
        """
        return None if self.days_used is None else self.limit - self.days_used

    @property
    def on_time(self) -> bool | None:
        """How a closed clock ended; None while it is open or cannot be told."""
        return None if not self.closed or self.overdue is None else not self.overdue

    @property
    def chip(self) -> Chip:
        if self.paused:
            return Chip.HOLD
        if self.overdue is None or self.provisional:
            return Chip.PROVISIONAL
        if self.closed:
            return Chip.DONE_LATE if self.overdue else Chip.DONE
        if self.overdue:
            return Chip.OVER
        if self.today == self.due:
            return Chip.TODAY
        return Chip.SOON if self.days_left is not None and self.days_left <= SOON else Chip.NORMAL

    @property
    def over_text(self) -> str:
        """How far over: 超期n个工作日."""
        if self.days_left is None:
            return "已超期"
        # Due on a Friday and looked at on the Saturday: late, but by no working day yet.
        return f"超期{-self.days_left}个工作日" if self.days_left < 0 else "超期不足1个工作日"

    @property
    def chip_text(self) -> str:
        """The words of the chip (ui guide 7)."""
        chip = self.chip
        if chip is Chip.OVER:
            return self.over_text
        if chip is Chip.DONE_LATE:
            return f"{self.over_text}办结"
        return _CHIP_WORDS.get(chip) or f"剩{self.days_left}个工作日"


_CHIP_WORDS = {Chip.HOLD: "暂停计时", Chip.PROVISIONAL: PENDING, Chip.DONE: "按期办结", Chip.TODAY: "今日到期"}


def read_clock(
    events: Sequence[ClockEvent],
    calendar: Calendar,
    *,
    today: date,
    limit: int = LIMIT,
    rule: ClockRule | str = ClockRule.PAUSE,
) -> Clock:
    """Read the clock as it stands at the end of `today`; later events, and all after the close, do not count.

    With `pause` the day of sending back still counts and the day of coming in again does not. Sent back in time on the
    last day, a request that comes in again is due that same day: no day is left, but none was missed.

    :param events: in order; the first is the start. Sending back twice, or coming in without having been sent back,
        changes nothing.
    :param limit: working days allowed.
    :raises ValueError: where the first event is no start, the days run backwards, or the limit is below 1.
    """
    if limit < 1:
        raise ValueError("工作日数须为1以上的整数")
    rule = ClockRule(rule)
    stretches, closed_on = _stretches(events, today, rule)
    end = closed_on or today
    if rule is ClockRule.RESTART:
        counted = [_used(calendar, [s], end) for s in stretches]
    else:
        counted = [_used(calendar, stretches[: i + 1], end) for i in range(len(stretches))]
    due, passed = _due(calendar, stretches[-1:] if rule is ClockRule.RESTART else stretches, limit)
    held = stretches[-1].to is not None
    if passed:
        overdue: bool | None = True
    elif due.day is not None and not held:
        overdue = end > due.day
    else:
        # Back with the school, or no last day among the days known: where those reach to the end, it has not passed.
        overdue = None if counted[-1] is None else False
    # A clock that stands still has no due date, but one that stood still when it was closed may have missed its own.
    shown = due if not held or (passed and closed_on) else Due(None)
    return Clock(
        today=today,
        limit=limit,
        rule=rule,
        stretches=tuple(stretches),
        used_at_end=tuple(counted),
        closed_on=closed_on,
        due=shown.day,
        review=shown.review and closed_on is None,
        missing_year=due.missing_year,
        overdue=overdue,
    )


def _stretches(events: Sequence[ClockEvent], today: date, rule: ClockRule) -> tuple[list[Stretch], date | None]:
    """The days that count, and the day of the close."""
    if not events or events[0].kind != Happening.START:
        raise ValueError("a clock begins with its start")
    stretches = [Stretch(events[0].on, None)]
    latest = events[0].on
    for event in events[1:]:
        if event.on < latest:
            raise ValueError(f"events out of order: {event.on} after {latest}")
        latest = event.on
        if event.on > today:
            break
        if event.kind == Happening.CLOSE:
            return stretches, event.on
        if rule is ClockRule.RUN_ON:
            continue
        current = stretches[-1]
        if event.kind == Happening.PAUSE and current.to is None:
            stretches[-1] = Stretch(current.after, event.on)
        elif event.kind == Happening.RESUME and current.to is not None:
            stretches.append(Stretch(event.on, None))
    return stretches, None


def _used(calendar: Calendar, stretches: Sequence[Stretch], end: date) -> int | None:
    try:
        return sum(calendar.working_between(s.after, end if s.to is None else s.to) for s in stretches)
    except UnknownYear:
        return None


def _due(calendar: Calendar, stretches: Sequence[Stretch], limit: int) -> tuple[Due, bool]:
    """The last day, and whether it passed before the request was sent back."""
    left = limit
    due = Due(None)
    for stretch in stretches:
        due = (
            calendar.working_days_after(stretch.after, left)
            if left
            else Due(stretch.after, review=calendar.unsettled(stretch.after))
        )
        if stretch.to is None:
            break
        if due.day is not None and due.day < stretch.to:
            return due, True
        try:
            left -= calendar.working_between(stretch.after, stretch.to)
        except UnknownYear as unknown:
            return Due(None, missing_year=unknown.year), False
    return due, False
