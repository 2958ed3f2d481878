"""`manage.py grant_web_role`: gives the web role what serving pages needs, and no more."""

from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

READ_ONLY_TABLES = ("django_migrations", "registry_initial")


def append_only_tables() -> list[str]:
    """Return the tables of every model marked `append_only = True`, sorted."""
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if getattr(model, "append_only", False)})


class Command(BaseCommand):
    """Creates the role of WEB_DATABASE_URL if absent, then grants and revokes; safe to repeat, due after each migrate.

    Raises CommandError if WEB_DATABASE_URL names no role, if this process is not the owner, or if the web role could
    still change what is append-only (a superuser, or a member of the owner's role).
    """

    help = "Grants the web role its rights on the tables; append-only tables can be added to and read only."

    def handle(self, *args: object, **options: object) -> None:
        role = settings.WEB_DATABASE_ROLE
        if not role:
            raise CommandError("WEB_DATABASE_URL must name the web role.")
        if role == connection.settings_dict["USER"]:
            raise CommandError("The owner role and the web role must be two roles.")
        with transaction.atomic(), connection.cursor() as cursor:
            self._create(cursor, role)
            self._grant(cursor, role)
            self._verify(cursor, role)

    def _create(self, cursor, role: str) -> None:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.fetchone():
            password = unquote(urlsplit(settings.WEB_DATABASE_URL).password or "")
            statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            cursor.execute(statement.format(sql.Identifier(role), sql.Literal(password or None)))

    def _grant(self, cursor, role: str) -> None:
        names = {"role": sql.Identifier(role), "database": sql.Identifier(connection.settings_dict["NAME"])}
        for text in (
            # TEMP: imports stage their rows in temporary tables.
            "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO {role}",
        ):
            cursor.execute(sql.SQL(text).format(**names))
        for tables, rights in ((append_only_tables(), "UPDATE, DELETE"), (READ_ONLY_TABLES, "INSERT, UPDATE, DELETE")):
            for table in tables:
                statement = sql.SQL("REVOKE " + rights + " ON {table} FROM {role}")
                cursor.execute(statement.format(table=sql.Identifier(table), **names))

    def _verify(self, cursor, role: str) -> None:
        """Asks the database itself: rights also come from PUBLIC, membership and being superuser."""
        for table in append_only_tables():
            cursor.execute(
                "SELECT has_table_privilege(%(role)s, %(table)s, 'UPDATE, DELETE, TRUNCATE') "
                "OR has_any_column_privilege(%(role)s, %(table)s, 'UPDATE')",
                {"role": role, "table": f'public."{table}"'},
            )
            if cursor.fetchone()[0]:
                raise CommandError(f"The role {role} could still change {table}; it must hold no other rights.")
