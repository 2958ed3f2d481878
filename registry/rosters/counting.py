"""Counting the register as of a day: one aggregate statement, whatever the number of students."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from registry.enums import EnrolmentState
from registry.models import Enrolment
from registry.rosters.conditions import Conditions
from registry.rosters.dimensions import DIMENSIONS, Dimension, dated

SUSPENDED = EnrolmentState.SUSPENDED


@dataclass(frozen=True)
class Line:
    """One group: its name, how many of each column, and how many in all."""

    label: str
    figures: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Counts:
    """A table of counts. The last column counts the suspended apart where the columns are not the states themselves."""

    by: Dimension
    across: Dimension
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    sums: Line


def counts_of(enrolments: QuerySet[Enrolment], conditions: Conditions, by: str, across: str = "state") -> Counts:
    """How many of these students there are in each group.

    :param enrolments: what may be seen (`visible_to`, `open_to`). :param by: code of the dimension of the rows.
    :param across: code of the dimension of the columns.
    """
    rows, columns = DIMENSIONS[by], DIMENSIONS[across]
    lookups = conditions.lookups()
    paths = (*rows.paths, *(p for p in columns.paths if p not in rows.paths))
    found = (
        dated(enrolments, (*paths, *lookups, "status__status"), conditions.day)
        .filter(**lookups)
        .values(*paths)
        .annotate(number=Count("pk"), resting=Count("pk", filter=Q(status__status=SUSPENDED)))
        .order_by(*paths)
    )
    return _table(rows, columns, found)


def _table(rows: Dimension, columns: Dimension, found: Iterable[dict[str, Any]]) -> Counts:
    """The groups set in rows and columns."""
    apart = columns.code != "state"
    cells: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    labels: dict[Any, str] = {}
    heads: dict[str, tuple] = {}
    for group in found:
        told = tuple(group[path] for path in rows.paths)
        label = rows.words(*told)
        # Two schools may share a short name; of a closed list, empty and unknown are one.
        row = label if rows.known else told
        labels[row] = label
        key = tuple(group[path] for path in columns.paths)
        column = columns.words(*key)
        heads.setdefault(column, tuple((not part, part) for part in key))
        cells[row][column] += group["number"] - (group["resting"] if apart else 0)
        cells[row][SUSPENDED.label] += group["resting"] if apart else 0
    closed = list(columns.known.values() if columns.known else ())
    place = {word: number for number, word in enumerate(closed)}
    ordered = sorted(heads, key=lambda head: (place.get(head, len(place)), heads[head]))
    shown = (*ordered, SUSPENDED.label) if apart else tuple(ordered)
    lines = tuple(_line(labels[row], [of[head] for head in shown]) for row, of in cells.items())
    sums = _line("合计", [sum(line.figures[n] for line in lines) for n in range(len(shown))])
    return Counts(rows, columns, shown, lines, sums)


def _line(label: str, figures: list[int]) -> Line:
    return Line(label, tuple(figures), sum(figures))
