"""The filter of the desk as it travels along: from the list to a file, to the files beside it, and back."""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from approvals import desk
from approvals.calendars import calendars
from approvals.clock import SOON
from approvals.desk import Around, around
from approvals.kinds import all_kinds
from approvals.models import Request
from linxia_xueji.access import Access
from linxia_xueji.dates import today
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


def place_of(request: Request, query: QueryDict, user, access: Access) -> Around:
    """Where a request lies among those the filter lets through; on the whole desk where it is none of them."""
    if conditions := conditions_of(query):
        limits = calendars().nth_days_after(today(), SOON)
        queue = desk.narrowed(access, today(), limits, tuple(sorted(conditions.items())))
        if (place := around(user, request, access, queue)).here:
            return place
    return around(user, request, access)
