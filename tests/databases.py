"""Databases of a run: migrated once and demonstrated once, then copied for every process and program that needs one."""

import base64
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
RUN = os.environ.setdefault("TEST_RUN", str(os.getpid()))
"""The process that hands out the tests, by which its workers name what they share."""
STATE = Path(os.environ["STATE_DIR"]).resolve() / "demo"
"""The stored files, the static files and the accounts of the demonstration."""
KEY = b"of-the-demonstrations-of-a-test!"
"""What its ID numbers are encrypted with, 32 bytes; whoever works on a copy needs the same."""
PRODUCTION = {
    "ENVIRONMENT": "production",
    "PLAIN_HTTP": "1",
    "DEBUG": "",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "FIELD_KEYS": f"k1:{base64.b64encode(KEY).decode()}",
    "DB_ROLE": "owner",
    "STATE_DIR": str(STATE),
    "ALLOWED_HOSTS": "127.0.0.1",
    "DEMO_TODAY": "2026-09-16",
}
"""The settings of a portal with the demonstration, as people meet it."""
MIGRATED = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "linxia_xueji.settings"
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, stdout=sys.stderr)
call_command("grant_web_role")
"""
DEMONSTRATED = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "linxia_xueji.settings"
django.setup()
from django.core.management import call_command
for name in ("grant_web_role", "load_reference", "demo"):
    call_command(name, stdout=sys.stderr)
call_command("collectstatic", interactive=False, stdout=sys.stderr)
call_command("accounts", "--demo")
"""


def renamed(variable: str, name: str) -> str:
    """Return the database address in the environment variable, pointing at another database of the same server."""
    return urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()


def addresses(name: str) -> dict[str, str]:
    """DATABASE_URL and WEB_DATABASE_URL of that database."""
    return {variable: renamed(variable, name) for variable in ("DATABASE_URL", "WEB_DATABASE_URL")}


def connect_to(name: str) -> None:
    """Let this process work on that database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = name


def owner() -> psycopg.Connection:
    """A connection that may make databases and drop them."""
    return psycopg.connect(renamed("DATABASE_URL", "postgres"), autocommit=True)


def create(link: psycopg.Connection, name: str, template: str = "") -> None:
    """Make a database, as a copy where a template is named; one of that name is dropped before."""
    drop(link, name)
    copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied)


def drop(link: psycopg.Connection, name: str) -> None:
    """Drop a database if it is there, whoever is connected."""
    link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _alone(link: psycopg.Connection) -> Iterator[None]:
    """One worker of the run at a time."""
    link.execute("SELECT pg_advisory_lock(%s)", [int(RUN)])
    try:
        yield
    finally:
        link.execute("SELECT pg_advisory_unlock(%s)", [int(RUN)])


def _made_once(name: str, template: str, program: str, environment: dict[str, str]) -> str:
    """The database of that name, made by whichever worker needs it first; what the program printed is in STATE."""
    with owner() as link, _alone(link):
        if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        create(link, name, template)
        STATE.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, **environment, **addresses(name)}, cwd=ROOT,
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            drop(link, name)
            pytest.fail(f"the database {name} cannot be made:\n{done.stderr[-4000:]}")
        (STATE / f"{name}.out").write_text(done.stdout)
    return name


def migrated() -> str:
    """The name of a database with the schema and the web role's rights, and no rows; for copying."""
    return _made_once(f"test_migrated_{RUN}", "", MIGRATED, {})


def demonstrated() -> tuple[str, list[dict[str, str]]]:
    """The name of a database with the demonstration, for copying, and its accounts."""
    name = _made_once(f"test_demo_{RUN}", migrated(), DEMONSTRATED, PRODUCTION)
    return name, json.loads((STATE / f"{name}.out").read_text())


def drop_shared() -> None:
    """At the end of the run."""
    with owner() as link:
        for kind in ("migrated", "demo"):
            drop(link, f"test_{kind}_{RUN}")
