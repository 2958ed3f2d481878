"""The ways to settle a difference that lead into a business; the app that has the business makes them known."""

from collections.abc import Callable
from dataclasses import dataclass

from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation, User
from registry.comparing.enums import DifferenceKind


@dataclass(frozen=True)
class Way:
    """One way: for which kinds, and of 信息不一致 which fields (empty: any). `address` tells where, for an enrolment or None.

    `enrolled`: for a student our register has, else for one it does not have.
    """

    label: str
    words: str
    kinds: tuple[DifferenceKind, ...]
    address: Callable[[int | None], str]
    fields: tuple[str, ...] = ()
    enrolled: bool = True


_WAYS: list[Way] = []


def add_way(way: Way) -> None:
    """Make one known; called from an `AppConfig.ready()`."""
    _WAYS.append(way)


def ways_of(kind: str, field: str, enrolment: int | None) -> list[tuple[Way, str]]:
    """The ways out of a difference, each with its address."""
    return [
        (way, way.address(enrolment))
        for way in _WAYS
        if kind in way.kinds and (not way.fields or field in way.fields) and way.enrolled == bool(enrolment)
    ]


def applies(user: User, owner: Organisation) -> bool:
    """Whether the ways lead the person anywhere: its registrar, and the authorities that see to it."""
    appliers = (Permission.PREPARE_BUSINESS, Permission.DECIDE_AS_COUNTY, Permission.DECIDE_AS_PREFECTURE)
    return any(access_of(user).may(permission, owner) for permission in appliers)
