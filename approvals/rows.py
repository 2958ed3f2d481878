"""The lines of a list of requests, read as they are shown: one query however many lines."""

import json
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, JSONField, OuterRef, QuerySet

from approvals.bulk import MARK, must_stand_alone
from approvals.calendars import calendars
from approvals.clock import Clock
from approvals.due import clock_at, days_per_office, ended_on
from approvals.enums import Move, State
from approvals.kinds import kind_named
from approvals.models import Entry
from approvals.turns import Course
from linxia_xueji.addresses import address
from linxia_xueji.enums import Permission
from linxia_xueji.prepared import Question, answer


@dataclass(frozen=True)
class Row:
    """One line of a list of requests."""

    pk: int
    number: str
    kind_label: str
    subject: str
    url: str
    school_name: str
    submitted_on: date | None
    check: dict[str, str]
    clock: Clock | None
    action: str
    state: str
    status: str
    turn_level: str
    ticked_as: str
    """What ticking it sends: id and version."""
    alone: str
    """Why it cannot be ticked, or nothing."""


COLUMNS = (
    "pk", "number", "kind", "subject", "state", "turn_permission", "turn_level", "turn_label", "submitted_on",
    "applied_on", "closed_on", "nationally_on", "route", "version", "verdict", "verdict_text", "policy", "school__short_name",
)  # fmt: skip
CHAIN = ("school", "school__parent", "school__parent__parent", "school__parent__parent__parent")
NAMES = (*COLUMNS, *CHAIN, "moves")


def rows(
    question: Question, *given: Hashable, on: date, first: int = 0, last: int | None = None, own: bool = False
) -> list[Row]:
    """The lines of a list of requests from `first` up to `last`, clocks counted from their events.

    :param own: whether these are the person's own turn, so that the link asks for the deed.
    """
    found = answer(_lines, question, given, first, last)
    return [_row(dict(zip(NAMES, line, strict=True)), on, own) for line in found]


def _lines(question: Question, given: tuple[Hashable, ...], first: int, last: int | None) -> QuerySet:
    moves = Entry.objects.filter(request=OuterRef("pk"), move__in=(Move.SUBMIT, Move.SEND_BACK, Move.APPROVE)).order_by(
        "pk"
    )
    pairs = moves.values(pair=Func("move", "on", function="JSONB_BUILD_ARRAY", output_field=JSONField()))
    return question(*given)[first:last].values_list(*COLUMNS, *CHAIN, ArraySubquery(pairs))


_policy = lru_cache(maxsize=256)(json.loads)


def _course(line: dict[str, Any]) -> Course:
    """What the clock of a line is read from; the route is read only where it is asked for."""
    policy, kind, closed = _policy(line["policy"]), line["kind"], line["closed_on"]
    moves = tuple((move, date.fromisoformat(day)) for move, day in map(json.loads, line["moves"]))
    steps = json.loads(line["route"]) if days_per_office(kind, policy) else ()
    ended = ended_on(
        kind=kind, state=line["state"], closed_on=closed, nationally_on=line["nationally_on"], policy=policy
    )
    route = tuple(step["organisation"] for step in steps)
    return Course(kind, line["school"], moves, line["applied_on"], ended, policy, route)


def _row(line: dict[str, Any], on: date, own: bool) -> Row:
    kind = kind_named(line["kind"])
    mine = "填报" if line["turn_permission"] == Permission.PREPARE_BUSINESS else "审核"
    return Row(
        pk=line["pk"],
        number=line["number"],
        kind_label=kind.label,
        subject=line["subject"],
        url=address("approvals:request", line["pk"]),
        school_name=line["school__short_name"],
        submitted_on=line["submitted_on"],
        check={"tone": line["verdict"], "text": line["verdict_text"]},
        clock=clock_at(_course(line), on, calendars().along(line[name] for name in CHAIN)),
        action=mine if own else "查看",
        state=line["state"],
        status=line["turn_label"] or State(line["state"]).label,
        turn_level=line["turn_level"],
        ticked_as=f"{line['pk']}{MARK}{line['version']}",
        alone=must_stand_alone(kind, line["turn_permission"], line["verdict"]) if own else "",
    )
