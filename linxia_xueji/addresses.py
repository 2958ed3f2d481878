"""Addresses that pages ask for again and again, written once a process: those of a kind of record, those of the navigation."""

from functools import cache

from django.urls import reverse


def address(name: str, pk: int) -> str:
    """The address of one record on a page whose address holds nothing but its id."""
    before, after = _around(name)
    return f"{before}{pk}{after}"


@cache
def place_at(name: str) -> str:
    """The address of a page that there is once, such as an entry of the navigation."""
    return reverse(name)


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[0]).rpartition("0")
    return before, after
