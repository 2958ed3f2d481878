"""What a business of 学籍变动 declares: its words, its book, its form, what it looks at and what it does in the end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from approvals.kinds import Deed
from linxia_xueji.models import Organisation
from linxia_xueji.policy import Policy
from linxia_xueji.rules import RuleBook
from transfers.enrolled import Enrolled
from transfers.forms import ChangeForm
from transfers.models import Change
from transfers.models.details import Detail


@dataclass(frozen=True)
class Applied:
    """All that a judgement looks at. `detail` need not be saved: what-if asks before anything is filed.

    `proofs`: slots with a scan; `doubtful`: scans measured doubtful and not confirmed, in words; `with_head`: the head
    has not decided yet; `busy`: which other request of the student is open, in words; empty where there is none.
    """

    enrolled: Enrolled | None
    detail: Detail
    applied_on: date
    school: Organisation
    policy: Policy
    proofs: frozenset[str] = frozenset()
    doubtful: tuple[str, ...] = ()
    with_head: bool = True
    busy: str = ""


Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class Business:
    """One business. `effect` is called in the transaction of the last decision, with the change's enrolment locked."""

    code: str
    label: str
    prefix: str
    refuse_label: str
    book: RuleBook
    detail: type[Detail]
    form: type[ChangeForm]
    facts: Callable[[Applied], Any]
    effect: Callable[[Deed, Change, Any], dict[str, Any] | None]
    lines: Callable[[Any], Lines]
    """What the decision page shows of the particulars: label and value."""
    approved_label: str = "已办结"
    per_office: str = ""
    """As of `Kind.per_office`."""


def report(applied: Applied) -> dict[str, Any]:
    """What the small books of reports look at."""
    enrolled = applied.enrolled
    return {
        "applied_on": applied.applied_on,
        "stage": enrolled.enrolment.stage if enrolled else "",
        "status": enrolled.status if enrolled else "",
        "open_business": bool(applied.busy),
        "open_details": applied.busy,
        "proofs": applied.proofs,
    }


_BUSINESSES: dict[str, Business] = {}


def add_business(business: Business) -> Business:
    """Make one known; called once by its module."""
    _BUSINESSES[business.code] = business
    return business


def business_named(code: str) -> Business:
    """:raises KeyError: where there is none of that code."""
    return _BUSINESSES[code]


def all_businesses() -> tuple[Business, ...]:
    """All of them in the order in which they were made known."""
    return tuple(_BUSINESSES.values())
