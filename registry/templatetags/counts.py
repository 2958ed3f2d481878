"""Figures beside the heads they stand under."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def beside(figures: Iterable[Any], heads: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Each figure of a line with the head of its column."""
    return zip(heads, figures, strict=True)
