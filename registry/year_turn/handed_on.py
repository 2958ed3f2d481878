"""Whom a turn hands on from a teaching point, as the pages of both schools show it: who goes, where to, how many come."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery, Sum

from registry.enums import Fate, TurnState
from registry.models import EnrolmentGrade, Handing, KeyFacts, TurnTally, YearTurn
from registry.roster.grades import class_words
from registry.search import enrolment_page

_OPEN = (TurnState.PREVIEW, TurnState.RUNNING, TurnState.UNDOING)
"""There are pupils still to be handed on: the settings in force say where. Of those moved the moves say it."""


def takers(turn: YearTurn, points: Iterable[int]) -> dict[int, str]:
    """Short names of the schools that take, or took, the pupils of each teaching point, by its id."""
    points, found = list(points), defaultdict(set)
    if points:
        moved = turn.moves.filter(fate=Fate.HANDED_ON, school__in=points).order_by()
        for point, name in moved.values_list("school", "receiver__short_name").distinct():
            found[point].add(name)
        if turn.state in _OPEN:
            for point, name in _in_force(school__in=points).values_list("school", "receiver__short_name"):
                found[point].add(name)
    return {point: "、".join(sorted(names)) for point, names in found.items()}


def coming(turn: YearTurn, school: int) -> list[tuple[str, int]]:
    """How many pupils a school takes from each teaching point; empty for a school that takes none."""
    if turn.state in _OPEN:
        points = _in_force(receiver=school).values("school")
        rows = TurnTally.objects.filter(turn=turn, fate=Fate.HANDED_ON, school__in=points)
        number = Sum("count")
    else:
        points = Handing.objects.filter(receiver=school).values("school")
        rows = turn.moves.filter(fate=Fate.HANDED_ON, receiver=school, school__in=points)
        number = Count("pk")
    return list(rows.order_by("school__code").values_list("school__short_name").annotate(number=number))


def going(turn: YearTurn, school: int, rows: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """The pupils a school hands on, by name: those moved already, then those who would be.

    :param rows: `fates.people`. :param number: how many there are in all; nobody is looked for where the rows hold them.
    """
    found = [row for row in rows if row["fate"] == Fate.HANDED_ON]
    if number > len(found):
        found = _moved(turn, school) + found
    return [
        {
            "name": row["name"], "page": enrolment_page(row["enrolment_id"]), "receiver": row["receiver"],
            "leaves": class_words(row["grade"], row["school_class"]),
            "enters": class_words(row["grade"] + 1, row["to_class"] or "（接收校编班）"),
        }
        for row in found
    ]  # fmt: skip


def _moved(turn: YearTurn, school: int) -> list[dict[str, Any]]:
    moved = turn.moves.filter(school=school, fate=Fate.HANDED_ON)
    named = KeyFacts.objects.filter(student=OuterRef("student"), valid_to=None).values("name")[:1]
    former = EnrolmentGrade.objects.filter(pk=OuterRef("former_grade")).values("school_class")[:1]
    return list(
        moved.values("enrolment_id", "grade", "to_class")
        .annotate(name=Subquery(named), school_class=Subquery(former), receiver=F("receiver__short_name"))
        .order_by("grade", "school_class", "name", "pk")
    )


def _in_force(**of):
    return Handing.objects.filter(ended_at=None, **of)
