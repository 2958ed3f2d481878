"""Addresses of many records of one kind: written once a process, because a list asks for the same one on every line."""

from functools import cache

from django.urls import reverse


def address(name: str, pk: int) -> str:
    """The address of one record on a page whose address holds nothing but its id."""
    before, after = _around(name)
    return f"{before}{pk}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[0]).rpartition("0")
    return before, after
