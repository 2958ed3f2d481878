"""Rows into tables by COPY."""

from collections.abc import Iterable

from django.db import connection, models
from psycopg import sql


def next_id(model: type[models.Model]) -> int:
    """The first id nobody has yet."""
    return (model.objects.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def copy_rows(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """COPY rows into the table of a model; `columns` are column names in the order of the values."""
    text = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(text) as copy:
        for row in rows:
            copy.write_row(row)


def follow_ids(*tables: type[models.Model]) -> None:
    """Set the sequences behind the ids that were written by hand."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [model._meta.db_table, next_id(model)]
            )
