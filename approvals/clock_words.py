"""A clock told in words, for 期限怎么算 on the pages of a request (ui guide 7, prototype)."""

from datetime import date, timedelta

from approvals.calendar import PENDING
from approvals.clock import Clock, Stretch
from approvals.turns import OfficeClock

ONE_DAY = timedelta(days=1)
WHAT_COUNTS = "周末、节假日不计，调休上班日计入。"


def in_words(clock: Clock) -> str:
    """The count from the first day to `clock.today`, in whole Chinese sentences."""
    sentences = [f"限{clock.limit}个工作日。", "，".join([*_history(clock), _standing(clock)]) + "。"]
    if clock.provisional and clock.days_used is not None:
        sentences.append(f"到期日要用到{clock.missing_year}年放假安排，{PENDING}。")
    if clock.review and clock.due:
        sentences.append(f"{clock.due.year + 1}年放假安排公布后，到期日可能变动，待复核。")
    if clock.runs_on:
        sentences.append("退回修改期间照常计时。")
    return "".join([*sentences, WHAT_COUNTS])


def office_in_words(counted: OfficeClock, office: str) -> str:
    """The count of one of the offices that have days of their own."""
    clock, used, left = counted.clock, counted.clock.days_used, counted.clock.days_left
    if used is None or left is None:
        count = f"天数要用到{clock.missing_year or clock.today.year}年放假安排，{PENDING}"
        return f"{office}：{'已超期，' if clock.overdue else ''}{count}。"
    late = f"，{clock.over_text}" if clock.overdue else ""
    if not counted.has_it:
        return f"{office}：已用{used}个{late}。"
    received = f"{_day(clock.stretches[-1].after, clock)}收到、当日不计"
    until = f"，至{_day(clock.due, clock)}" if clock.due else f"，到期日{PENDING}"
    return f"{office}：{received}，到今日已用{used}个，{late[1:] or f'剩{left}个{until}'}。"


def _history(clock: Clock) -> list[str]:
    """One phrase for the start, or for each time the request was back with the school."""
    sendings_back = [s.to for s in clock.stretches if s.to is not None]
    if not sendings_back:
        return [f"{_day(clock.stretches[0].after, clock)}申请、当日不计"]
    phrases = []
    for index, sent_back in enumerate(sendings_back):
        following = clock.stretches[index + 1] if index + 1 < len(clock.stretches) else None
        used = clock.used_at_end[index]
        count = "暂不能计天数" if used is None else f"已用{used}个"
        phrases.append(f"{_day(sent_back, clock)}退回时{count}")
        phrases.extend(_absence(sent_back, following, clock))
    return phrases


def _absence(sent_back: date, following: Stretch | None, clock: Clock) -> list[str]:
    """From the day after sending back to the day of coming in again, none of which counts."""
    first = sent_back + ONE_DAY
    if following is None:
        return [] if clock.closed else [f"{_day(first, clock)}起等学校修改、不计时"]
    again = f"{_day(following.after + ONE_DAY, clock)}起{_resumed(clock)}"
    if following.after == sent_back:
        return ["当日重新提交", again]
    return [f"{_span(first, following.after, clock)}等学校修改、不计时", again]


def _resumed(clock: Clock) -> str:
    return f"重新计{clock.limit}个工作日" if clock.restarts else "继续"


def _standing(clock: Clock) -> str:
    """Where it stands today, or stood when it was closed."""
    used, left = clock.days_used, clock.days_left
    if clock.paused:
        return _when_back(clock)
    if clock.closed_on is not None:
        count = "" if used is None else f"时共用{used}个"
        return f"{_day(clock.closed_on, clock)}办结{count}，{clock.chip_text}"
    if used is None or left is None:
        late = "已超期，" if clock.overdue else ""
        return f"{late}{clock.missing_year or clock.today.year}年放假安排{PENDING}，到今日已用天数暂不能计"
    if clock.overdue and clock.due:
        tail = f"超期{-left}个" if left < 0 else f"已过到期日{_day(clock.due, clock)}"
    else:
        tail = "今日到期" if clock.today == clock.due else f"剩{left}个"
    return f"到今日已用{used}个，{tail}"


def _when_back(clock: Clock) -> str:
    if clock.restarts:
        return f"重新提交的次日起{_resumed(clock)}"
    left = clock.days_left
    if left is None:
        return "重新提交的次日起继续"
    if clock.overdue:
        return f"退回前已{clock.over_text}"
    return f"重新提交的次日起继续，届时剩{left}个"


def _day(day: date, clock: Clock) -> str:
    """9月4日; with its year where that is not the present one."""
    year = "" if day.year == clock.today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def _span(first: date, last: date, clock: Clock) -> str:
    """9月5日至8日; the month and year again only where they change."""
    if first == last:
        return _day(first, clock)
    if (first.year, first.month) == (last.year, last.month):
        return f"{_day(first, clock)}至{last.day}日"
    return f"{_day(first, clock)}至{_day(last, clock)}"
