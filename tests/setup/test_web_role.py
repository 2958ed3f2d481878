"""The web role serves pages; what is append-only it can add to and read, never change."""

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

from linxia_xueji.management.commands.grant_web_role import append_only_tables


def refused(link: psycopg.Connection, text: str, table: str) -> bool:
    """Whether the database refuses the statement for want of a right."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute(sql.SQL(text).format(sql.Identifier(table)))
    return True


def test_there_are_append_only_tables() -> None:
    assert "linxia_xueji_trailentry" in append_only_tables()


def test_append_only_tables_cannot_be_changed(web_role: psycopg.Connection) -> None:
    for table in append_only_tables():
        link, name = web_role, table
        link.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(name)))
        assert link.execute("SELECT has_table_privilege(%s, 'INSERT')", [f'"{name}"']).fetchone() == (True,)
        assert refused(link, "UPDATE {} SET id = id", name)
        assert refused(link, "DELETE FROM {}", name)
        assert refused(link, "TRUNCATE {}", name)


def test_the_schema_belongs_to_the_owner(web_role: psycopg.Connection) -> None:
    assert refused(web_role, "DROP TABLE {}", "linxia_xueji_user")
    assert refused(web_role, "CREATE TABLE public.{} (id int)", "of_the_web_role")
    assert refused(web_role, "DELETE FROM {}", "django_migrations")


def test_imports_may_stage_rows(web_role: psycopg.Connection) -> None:
    web_role.execute("CREATE TEMPORARY TABLE staged (id int)")
    with web_role.cursor() as cursor, cursor.copy("COPY staged FROM STDIN") as copy:
        copy.write_row((1,))
    assert web_role.execute("SELECT count(*) FROM staged").fetchone() == (1,)


@pytest.mark.django_db
def test_granting_again_changes_nothing() -> None:
    assert settings.WEB_DATABASE_ROLE
    call_command("grant_web_role")
    call_command("grant_web_role")
