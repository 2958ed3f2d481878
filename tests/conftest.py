"""The test database: made by the owner role, granted to the web role, named after this run so that runs do not meet."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from xdist.scheduler import LoadScopeScheduling

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
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Name the test database after this process, unless one is to be kept for the next run."""
    if not request.config.getvalue("reuse_db"):
        database = connection.settings_dict
        database["TEST"]["NAME"] = f"test_{database['NAME']}_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """After the migrations, grant the web role its rights as set-up does, and keep the vacuum away.

    It comes between two tests, when all rows have been rolled back, and has the planner believe for the next minutes that
    the tables are empty: a test that fills them then waits for plans made for nothing.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        call_command("grant_web_role")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = false)").format(sql.Identifier(table)))


@pytest.fixture
def web_role(transactional_db) -> Iterator[psycopg.Connection]:
    """A connection to the test database as the web role, in autocommit; it sees what the test has committed."""
    with psycopg.connect(renamed("WEB_DATABASE_URL", connection.settings_dict["NAME"]), autocommit=True) as link:
        yield link


def renamed(variable: str, name: str) -> str:
    """Return the database address in the environment variable, pointing at another database of the same server."""
    return urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def make_database() -> Iterator[Callable[[str], dict[str, str]]]:
    """Make empty databases for programs under test: a name → DATABASE_URL and WEB_DATABASE_URL; dropped at the end."""
    made: list[sql.Composed] = []
    with psycopg.connect(renamed("DATABASE_URL", "postgres"), autocommit=True) as owner:

        def make(prefix: str) -> dict[str, str]:
            name = f"{prefix}_{os.getpid()}"
            made.append(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            owner.execute(made[-1])
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            return {variable: renamed(variable, name) for variable in ("DATABASE_URL", "WEB_DATABASE_URL")}

        yield make
        for drop in made:
            owner.execute(drop)


BROWSER = "tests/e2e/"


class ByFile(LoadScopeScheduling):
    """A file's tests on one core, so that what they share is made once; the browser's all on one: they share a portal."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> ByFile:
    """Hand out the tests in this way; the groups of `--dist loadgroup` mean nothing to the pytest of the lock file."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests first: they are the longest of all, and the other core does the rest meanwhile."""
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER))
