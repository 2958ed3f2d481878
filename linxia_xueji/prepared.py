"""Questions that every page asks: their SQL is written once, because writing it takes Django longer than the answer takes.

For the same reason the server keeps their plans (`prepare_threshold` in the settings): planning takes it longer than looking.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from copy import copy
from enum import Enum
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql as literal

Question = Callable[..., QuerySet]
PLACES = tuple(-(2**62) - n for n in range(4))
"""What stands for the ids in SQL that serves all of them; no row has such an id."""


def answer(question: Question, *given: Hashable) -> list[tuple[Any, ...]]:
    """The rows of a question of `values_list`, as the driver gives them: JSON is text.

    Only the SQL is kept, never an answer.

    :param question: makes the query from `given` and from nothing else: what a person may do comes as their `Access`.
    """
    written = _written(question, *given)
    return fetch(*written) if written else []


def fetch(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a statement, whose parameters the server binds so that one plan serves all of them."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    bare = ServerBindingCursor(connection.connection)
    with connection.make_debug_cursor(bare) if connection.queries_logged else connection.make_cursor(bare) as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def records(question: Question, *given: Hashable, of: tuple[int, ...]) -> list[Any]:
    """What a question finds, as Django makes it: instances with what `select_related` brings, or rows of values.

    :param question: makes the query from `given` and the ids `of`, which it only compares: one SQL serves all ids.
    """
    if (kept := _compiled(question, len(of), *given)) is None:
        return []
    asked, prepared, sql, params = kept
    values = dict(zip(PLACES, of, strict=False))
    filled = tuple(values.get(param, param) if isinstance(param, int) else param for param in params)
    compiler = copy(prepared)
    compiler.connection = connections[asked.db]
    compiler.execute_sql = lambda *args, **kwargs: [fetch(sql, filled)]  # type: ignore[method-assign]
    found = asked.all()
    found.query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
    return list(found)


def hang(record: Model, name: str, found: list[Any]) -> None:
    """Let what was found stand as the related records `name` of a record, as `prefetch_related` would have it."""
    related = getattr(record, name).all()
    related._result_cache, related._prefetch_done = found, True
    record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = related


def how_many(questions: Iterable[Question], *given: Hashable) -> tuple[int, ...]:
    """The number of rows of each question, all in one query. A question of distinct values counts these."""
    questions = tuple(questions)
    return fetch(*_counting(questions, *given))[0] if questions else ()


Written = tuple[str, tuple[Any, ...]]


@lru_cache(maxsize=4096)
def _written(question: Question, *given: Hashable) -> Written | None:
    try:
        return _settled(*question(*given).query.sql_with_params())
    except EmptyResultSet:
        return None


@lru_cache(maxsize=1024)
def _compiled(question: Question, ids: int, *given: Hashable) -> tuple[QuerySet, SQLCompiler, str, tuple] | None:
    asked = question(*given, *PLACES[:ids])
    compiler = asked.query.get_compiler(using=asked.db)
    try:
        return asked, compiler, *_settled(*compiler.as_sql())
    except EmptyResultSet:
        return None


@lru_cache(maxsize=4096)
def _counting(questions: tuple[Question, ...], *given: Hashable) -> Written:
    figures, values = [], []
    for question in questions:
        try:
            what, sql, params = _countable(question(*given))
        except EmptyResultSet:
            figures.append("0")
        else:
            figures.append("".join(("(SELECT COUNT(", what, ") FROM (", sql, ") found)")))
            values.extend(params)
    return _settled("SELECT " + ", ".join(figures), values)


def _countable(asked: QuerySet) -> tuple[str, str, tuple]:
    """What to count and in which rows. Distinct values are counted as such: to make them distinct first takes thrice as long."""
    asked = asked if asked.query.is_sliced else asked.order_by()
    if not asked.query.distinct:
        return "*", *asked.values("pk").query.sql_with_params()
    (name,) = asked.query.values_select
    asked.query.distinct = False
    return f"DISTINCT {connection.ops.quote_name(name)}", *asked.query.sql_with_params()


def _settled(sql: str, params: Iterable[Any]) -> Written:
    """The same with words of the code (states, permissions) written into it: a kept plan needs them for partial indexes."""
    waiting, left = iter(params), []

    def fill(place: re.Match) -> str:
        if place[0] == "%%":
            return place[0]
        if isinstance(param := next(waiting), Enum):
            return literal.quote(param.value).replace("%", "%%")
        left.append(param)
        return place[0]

    return re.sub("%[s%]", fill, sql), tuple(left)
