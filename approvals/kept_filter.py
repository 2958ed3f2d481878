"""The filter of the desk as it travels along: from the list to a file, to the files beside it, and back."""

from collections.abc import Hashable
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from approvals import desk
from approvals.calendars import calendars
from approvals.clock import SOON
from approvals.kinds import all_kinds
from linxia_xueji.access import Access
from linxia_xueji.dates import today
from linxia_xueji.prepared import Question
from linxia_xueji.rules import Verdict

DUE = ("over", "today", "soon")


def conditions_of(query: QueryDict) -> dict[str, Any]:
    """The conditions of an address that can be understood; others are passed over. None of them names a person."""
    asked = {name: query.get(name, "") for name in ("due", "kind", "school", "verdict")}
    known: dict[str, Any] = {"due": DUE, "kind": {k.code for k in all_kinds()}, "verdict": Verdict.values}
    found: dict[str, Any] = {name: asked[name] for name, values in known.items() if asked[name] in values}
    if asked["school"].isdecimal() and len(asked["school"]) < 19:
        found["school"] = int(asked["school"])
    return found


def carried(query: QueryDict) -> str:
    """The same as the end of an address: ?due=over, or nothing."""
    conditions = conditions_of(query)
    return f"?{urlencode(sorted(conditions.items()))}" if conditions else ""


def queue_of(query: QueryDict, access: Access) -> tuple[Question, tuple[Hashable, ...]]:
    """What the filter lets through of the person's desk: the question and what it is given; the whole desk without one."""
    conditions = conditions_of(query)
    if not conditions:
        return desk.on_desk, (access,)
    limits = calendars().nth_days_after(today(), SOON)
    return desk.narrowed, (access, today(), limits, tuple(sorted(conditions.items())))
