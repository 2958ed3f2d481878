"""The test database: made by the owner role, granted to the web role, named after this run so that runs do not meet."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg import sql
from xdist.scheduler import LoadScopeScheduling

from tests.databases import connect_to, create, drop, drop_shared, migrated, owner, renamed

pytest_plugins = ["tests.world"]

# Chosen for speed; the real hasher is checked in tests/setup.
FAST_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(scope="session", autouse=True)
def fast_passwords() -> None:
    """Hash the passwords of test users quickly."""
    django_settings.PASSWORD_HASHERS = [FAST_HASHER, *django_settings.PASSWORD_HASHERS]


@pytest.fixture(autouse=True)
def file_store(settings, tmp_path: Path) -> Path:
    """Each test has a file store of its own."""
    settings.FILE_STORE = tmp_path / "files"
    return settings.FILE_STORE


@pytest.fixture(scope="session")
def make_database() -> Iterator[Callable[..., str]]:
    """Make databases for this process and programs under test: a name, a template or none → the name; dropped at the end."""
    made: list[str] = []
    with owner() as link:

        def make(prefix: str, template: str = "") -> str:
            name = f"{prefix}_{os.getpid()}"
            made.append(name)
            create(link, name, template)
            return name

        yield make
        for name in made:
            drop(link, name)


@pytest.fixture(scope="session")
def django_db_setup(make_database, django_db_blocker) -> Iterator[None]:
    """A copy of the migrated database, which the web role may use and the vacuum keeps away from.

    It comes between two tests, when all rows have been rolled back, and has the planner believe for the next minutes that
    the tables are empty: a test that fills them then waits for plans made for nothing.
    """
    before = connection.settings_dict["NAME"]
    connect_to(make_database("test_worker", migrated()))
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        call_command("grant_web_role")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = false)").format(sql.Identifier(table)))
    yield
    connect_to(before)


LASTING = {"django_migrations", "django_content_type", "auth_permission", "registry_initial"}
"""Tables that hold the same rows from the migrations on."""


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """After a test that commits, delete what it wrote: a twentieth of the time of Django's flush.

    That truncates every table, which waits for the disk, and then makes content types and permissions anew.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: _empty())
        yield


def _empty() -> None:
    """Delete all rows in one transaction, at whose end they must fit; the triggers that forbid it or count look away."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - LASTING, reverse=True)
        asked = [sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(t, sql.Identifier(t)) for t in tables]
        cursor.execute(sql.SQL(" UNION ALL ").join(asked))
        filled = [table for (table,) in cursor.fetchall()]
        cursor.execute(
            "SELECT DISTINCT relname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal"
        )
        watched = {table for (table,) in cursor.fetchall()}.intersection(filled)
        every = [("ALTER TABLE {} DISABLE TRIGGER USER", watched), ("DELETE FROM {}", filled)]
        for deed, named in every:
            for table in named:
                cursor.execute(sql.SQL(deed).format(sql.Identifier(table)))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in watched:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))


@pytest.fixture
def web_role(transactional_db) -> Iterator[psycopg.Connection]:
    """A connection to the test database as the web role, in autocommit; it sees what the test has committed."""
    with psycopg.connect(renamed("WEB_DATABASE_URL", connection.settings_dict["NAME"]), autocommit=True) as link:
        yield link


BROWSER = "tests/e2e/"
FIRST = (
    "tests/codebase/test_imports.py",
    "tests/codebase/test_labels.py",
    "tests/ground/test_ui_rules.py",
    "tests/approvals/test_deadline_command.py",
    "tests/codebase/test_urls.py",
    "tests/registry/test_races.py",
    "tests/hostile/",
    "tests/setup/test_programs.py",
)
"""Without a database, while the browser's core makes one; then what would leave a core idle at the end if it came last."""


class ByFile(LoadScopeScheduling):
    """A file's tests on one core, so that what they share is made once; the browser's all on one: they share a portal."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> ByFile:
    """Hand out the tests in this way; the groups of `--dist loadgroup` mean nothing to the pytest of the lock file."""
    return ByFile(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whoever handed out the tests drops what the workers shared."""
    if not hasattr(session.config, "workerinput"):
        drop_shared()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests first: they are the longest of all, and the other core does the rest meanwhile, longest first."""
    ranks = {path: rank for rank, path in enumerate((BROWSER, *FIRST))}

    def rank(item: pytest.Item) -> int:
        return next((ranks[path] for path in ranks if item.nodeid.startswith(path)), len(ranks))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What is here by now stays: let the collector, which forms and papers call, no longer walk through all of it."""
    gc.collect()
    gc.freeze()
