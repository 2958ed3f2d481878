"""The ways out of a problem that go on the chain; the app that has the business makes them known."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import IsNull

from approvals.enums import OPEN
from approvals.models import Request
from registry.enums import ProblemKind
from registry.models import Problem, ProblemParty


@dataclass(frozen=True)
class Exit:
    """One way out: `kind` is the business; `address` tells where it is applied for, for an enrolment of the problem.

    `needs_another`: only where the other record is in the register too.
    """

    kind: str
    label: str
    words: str
    kinds: tuple[ProblemKind, ...]
    address: Callable[[int], str]
    needs_another: bool = False


_EXITS: list[Exit] = []


def add_exit(way: Exit) -> None:
    """Make one known; called from an `AppConfig.ready()`."""
    _EXITS.append(way)


def exits_of(kind: str) -> list[Exit]:
    """The ways out of a problem of that kind."""
    return [way for way in _EXITS if kind in way.kinds]


_KEY = "student:"


def key_of(student: int) -> str:
    """Under this key a student has at most one open request."""
    return f"{_KEY}{student}"


def requests_of(students: list[int]) -> QuerySet[Request]:
    """Open requests of these students that lead out of a problem."""
    kinds = [way.kind for way in _EXITS]
    return Request.objects.filter(lock_key__in=map(key_of, students), kind__in=kinds, state__in=OPEN)


def with_progress(problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """Each with `under_way`: whether it is unsettled and a request of one of its students that leads out of it is open.

    A value is asked for, not whether one exists: else the planner may read every open request of the prefecture at once.
    """
    parties = ProblemParty.objects.filter(problem=OuterRef("pk")).annotate(
        lock=Concat(Value(_KEY), Cast("student", TextField()), output_field=TextField())
    )
    asked = Request.objects.filter(lock_key=OuterRef("lock"), kind__in=[way.kind for way in _EXITS], state__in=OPEN)
    one = Subquery(parties.filter(Exists(asked)).order_by().values("pk")[:1])
    return problems.annotate(under_way=Case(When(settled_on=None, then=IsNull(one, False)), default=False))


OPEN_NOW, UNDER_WAY, SETTLED = "open", "under_way", "settled"
STATES = {OPEN_NOW: "待处理", UNDER_WAY: "办理中", SETTLED: "已了结"}
STATE_IS = {
    OPEN_NOW: Q(settled_on=None, under_way=False),
    UNDER_WAY: Q(settled_on=None, under_way=True),
    SETTLED: Q(settled_on__isnull=False),
}
