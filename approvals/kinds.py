"""The businesses that walk the chain: each registers itself; the chain knows nothing else of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from approvals.enums import Move
from approvals.models import Request, Step
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation
from linxia_xueji.rules import Judgement, RuleBook


@dataclass(frozen=True)
class Stop:
    """One stop of a route: which level decides, at which organisation, with which permission."""

    level: Level
    organisation: Organisation
    permission: str
    label: str
    waiting: str


@dataclass(frozen=True)
class Deed:
    """What a move hands to its business, inside the move's transaction."""

    request: Request
    move: Move
    step: Step | None
    final: bool
    inputs: dict[str, Any]
    by: Any
    on: date
    note: str


@dataclass(frozen=True)
class Kind:
    """A business: its label, rules, what it may do on the chain and what happens when it moves."""

    code: str
    label: str
    prefix: str
    book: RuleBook
    moves: frozenset[Move]
    panel: str
    route: Callable[[Request], list[Stop]]
    judge: Callable[[Request, date], Judgement]
    effect: Callable[[Deed], dict[str, Any] | None]
    context: Callable[[Request, Any], dict[str, Any]]
    why_not: Callable[[Request, Move], str | None] = lambda request, move: None
    form: Callable[[Request, Move, Any], forms.Form | None] = lambda request, move, data: None
    move_url: Callable[[Request, Move], str | None] = lambda request, move: None
    """The page of the business's own on which a move is made; None where the general one serves."""
    read: Callable[[Request], None] = lambda request: None
    """Reads what the business hangs on a request, for its page."""
    bulk: bool = False
    """Whether requests that pass every rule may be approved many at a time."""
    per_office: str = ""
    """The setting that may give each office on the way working days of its own; nothing where there is none."""
    done_nationally: bool = False
    """Whether what is approved is then done in the national system, and that recorded (国网办结)."""
    approved_label: str = "已办结"
    refuse_label: str = "不予办理"


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a business known; called once from its `AppConfig.ready()`."""
    _KINDS[kind.code] = kind


def kind_of(request: Request) -> Kind:
    """The business of a request. :raises KeyError: if its app is not installed."""
    return _KINDS[request.kind]


def kind_named(code: str) -> Kind:
    """The business of that code. :raises KeyError: if its app is not installed."""
    return _KINDS[code]


def all_kinds() -> tuple[Kind, ...]:
    """All businesses in the order in which they registered."""
    return tuple(_KINDS.values())
