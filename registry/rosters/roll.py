"""The plain roster (花名册): students as of a day, by school, grade and class."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from registry.models import Enrolment
from registry.rosters.columns import Column
from registry.rosters.conditions import Conditions
from registry.rosters.dimensions import dated

_ORDER = ("school__code", "grade__grade", "grade__school_class", "pk")
_CHUNK = 2000


def chosen(
    enrolments: QuerySet[Enrolment],
    conditions: Conditions,
    columns: Iterable[Column] = (),
    known: datetime | None = None,
) -> QuerySet[Enrolment]:
    """The students meant, with the rows of the day that conditions and columns look at.

    :param enrolments: what may be seen. :param known: as it was known at that moment.
    """
    lookups = conditions.lookups()
    paths = (*lookups, *(column.path for column in columns))
    return dated(enrolments, paths, conditions.day, known).filter(**lookups)


def listed(
    enrolments: QuerySet[Enrolment], conditions: Conditions, columns: list[Column], known: datetime | None = None
) -> QuerySet:
    """The same in the order of a roster; rows of the values of the columns."""
    found = dated(
        enrolments, (*_ORDER, *conditions.lookups(), *(c.path for c in columns)), conditions.day, known
    ).filter(**conditions.lookups())
    return found.order_by(*_ORDER).values_list(*(column.path for column in columns))


def whole(rows: QuerySet, columns: list[Column]) -> Iterator[list[str]]:
    """Rows as they stand in a file, numbers whole."""
    for row in rows.iterator(chunk_size=_CHUNK):
        yield [column.words(value) for column, value in zip(columns, row, strict=True)]
