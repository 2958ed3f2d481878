"""Lists that a clause speaks of and that are not at hand: what stands in their place, made known by whoever has one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from linxia_xueji.models import Organisation


@dataclass(frozen=True)
class ClauseList:
    """One list: what stands in its place, on what, and why."""

    clause: str
    title: str
    why: str
    items: tuple[str, ...]
    basis: str
    tone: str


_LISTS: list[Callable[[Organisation | None, date], ClauseList]] = []


def add_list(read: Callable[[Organisation | None, date], ClauseList]) -> None:
    """Let a business show such a list, as it holds on a day, under its clause; called from an app's `ready()`."""
    _LISTS.append(read)


def lists_on(prefecture: Organisation | None, on: date) -> list[ClauseList]:
    """All that are known, as they hold on a day."""
    return [read(prefecture, on) for read in _LISTS]
