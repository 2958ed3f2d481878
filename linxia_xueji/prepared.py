"""Questions that every page asks: their SQL is written once, because writing it takes Django longer than the answer takes."""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Question = Callable[..., QuerySet]


def answer(question: Question, *given: Hashable) -> list[tuple[Any, ...]]:
    """The rows of a question of `values_list`, as the driver gives them: JSON is text.

    Only the SQL is kept, never an answer.

    :param question: makes the query from `given` and from nothing else: what a person may do comes as their `Access`.
    """
    return _fetch(_written(question, *given))


def how_many(questions: Iterable[Question], *given: Hashable) -> tuple[int, ...]:
    """The number of rows of each question, all in one query."""
    questions = tuple(questions)
    return _fetch(_counting(questions, *given))[0] if questions else ()


Written = tuple[str, tuple[Any, ...]]


@lru_cache(maxsize=4096)
def _written(question: Question, *given: Hashable) -> Written | None:
    try:
        return question(*given).query.sql_with_params()
    except EmptyResultSet:
        return None


@lru_cache(maxsize=4096)
def _counting(questions: tuple[Question, ...], *given: Hashable) -> Written:
    figures, values = [], []
    for question in questions:
        try:
            sql, params = question(*given).order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            figures.append("0")
        else:
            figures.append("".join(("(SELECT COUNT(*) FROM (", sql, ") found)")))
            values.extend(params)
    return "SELECT " + ", ".join(figures), tuple(values)


def _fetch(written: Written | None) -> list[tuple[Any, ...]]:
    if written is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*written)
        return cursor.fetchall()
