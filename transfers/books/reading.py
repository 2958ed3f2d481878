"""Facts from the JSON of a worked case, never guessed: KeyError, TypeError or ValueError where one is missing or wrong."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from transfers.slots import slots_of


def flag(facts: Mapping[str, Any], key: str) -> bool:
    """True or false and nothing like it."""
    return _typed(facts, key, bool)


def whole(facts: Mapping[str, Any], key: str) -> int:
    """A whole number of 0 or more, which true is not."""
    if (number := _typed(facts, key, int)) < 0:
        raise ValueError(f"{key} is less than 0")
    return number


def text(facts: Mapping[str, Any], key: str) -> str:
    """A text, which may be empty."""
    return _typed(facts, key, str)


def day(facts: Mapping[str, Any], key: str) -> date:
    """An ISO date."""
    return date.fromisoformat(text(facts, key))


def one_of(facts: Mapping[str, Any], key: str, known: Collection[str]) -> str:
    """One of the words known."""
    if (word := text(facts, key)) not in known:
        raise ValueError(f"{key} is none of {sorted(known)}")
    return word


def papers(facts: Mapping[str, Any], business: str) -> frozenset[str]:
    """Codes of papers of the business."""
    codes = frozenset(_typed(facts, "proofs", list))
    known = {slot.code for slot in slots_of(business)}
    if not codes <= known:
        raise ValueError(f"proofs has others than {sorted(known)}")
    return codes


def part(facts: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object inside the object."""
    return _typed(facts, key, dict)


def parts(facts: Mapping[str, Any], key: str) -> list[Any]:
    """A list inside the object."""
    return _typed(facts, key, list)


def _typed(facts: Mapping[str, Any], key: str, kind: type) -> Any:
    value = facts[key]
    if type(value) is not kind:
        raise TypeError(f"{key} is no {kind.__name__}")
    return value
