"""One page, one question: while a page is only being read, what was asked of the database once is not asked again."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_ANSWERS: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def page(*, only_read: bool) -> Iterator[None]:
    """Serve one page. Answers are kept until it is served, and only where it is read: a deed asks everything afresh."""
    token = _ANSWERS.set({} if only_read else None)
    try:
        yield
    finally:
        _ANSWERS.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """What is done within only reads, whatever the method of the request."""
    answers = _ANSWERS.get()
    token = _ANSWERS.set({} if answers is None else answers)
    try:
        yield
    finally:
        _ANSWERS.reset(token)


def once(key: Hashable, ask: Callable[[], T]) -> T:
    """The answer to a question: asked, or as it was answered before on this page."""
    answers = _ANSWERS.get()
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    return answers[key]
