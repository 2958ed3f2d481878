"""The ways out of a problem that go on the chain; the app that has the business makes them known."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Cast, Substr

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

    Told from the open requests, which are few, not from the problems, which are ever more.
    """
    students = (
        Request.objects.filter(kind__in=[way.kind for way in _EXITS], state__in=OPEN, lock_key__startswith=_KEY)
        .order_by()
        .values_list(Cast(Substr("lock_key", len(_KEY) + 1), BigIntegerField()))
    )
    asked = ProblemParty.objects.filter(student__in=students).order_by().values("problem")
    return problems.annotate(under_way=ExpressionWrapper(Q(settled_on=None, pk__in=asked), BooleanField()))


OPEN_NOW, UNDER_WAY, SETTLED = "open", "under_way", "settled"
STATES = {OPEN_NOW: "待处理", UNDER_WAY: "办理中", SETTLED: "已了结"}
STATE_IS = {
    OPEN_NOW: Q(settled_on=None, under_way=False),
    UNDER_WAY: Q(settled_on=None, under_way=True),
    SETTLED: Q(settled_on__isnull=False),
}
