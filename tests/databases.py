"""Databases of a run: migrated once and demonstrated once, then copied for every process and program that needs one."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
RUN = os.environ.setdefault("TEST_RUN", str(os.getpid()))
"""The process that hands out the tests, by which its workers name what they share."""
STATE = Path(os.environ["STATE_DIR"]).resolve() / "demo"
"""The stored files, the static files and the accounts of the demonstration."""
OURS = ("SECRET_KEY", "FIELD_KEYS", "DB_ROLE", "ENVIRONMENT", "DEBUG", "DEMO_TODAY")
"""What bin/serve finds for itself."""
PRODUCTION = {
    "ENVIRONMENT": "production",
    "PLAIN_HTTP": "1",
    "DEBUG": "",
    "DB_ROLE": "owner",
    "STATE_DIR": str(STATE),
    "ALLOWED_HOSTS": "127.0.0.1",
    "DEMO_TODAY": "2026-09-16",
}
"""The settings of a portal with the demonstration, as people meet it; its secrets are in `demo_secrets`."""
NOTHING = bool(os.environ.get("FROM_NOTHING"))
"""Whether bin/serve begins on a database without tables, as bin/prove has it; otherwise the migrations are run but once."""
# Half the time of the migrations went into collecting what the next one makes anew.
MIGRATED = """
import gc, os, sys, django
gc.disable()
os.environ["DJANGO_SETTINGS_MODULE"] = "linxia_xueji.settings"
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, stdout=sys.stderr)
call_command("grant_web_role")
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
def _alone(link: psycopg.Connection, name: str) -> Iterator[None]:
    """One worker of the run at a time makes that database."""
    link.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
    try:
        yield
    finally:
        link.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def _made_once(name: str, template: str, make: Callable[[dict[str, str]], None]) -> str:
    """The database of that name, made by whichever worker needs it first."""
    with owner() as link, _alone(link, name):
        if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        create(link, name, template)
        try:
            make(addresses(name))
        except BaseException:
            drop(link, name)
            raise
    return name


def _migrate(places: dict[str, str]) -> None:
    program = [sys.executable, "-c", MIGRATED]
    done = subprocess.run(program, env={**os.environ, **places}, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"the schema cannot be made:\n{done.stderr[-4000:]}"


def migrated() -> str:
    """The name of a database with the schema and the web role's rights, and no rows; for copying."""
    return _made_once(f"test_migrated_{RUN}", "", _migrate)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment_of(state: Path, places: dict[str, str]) -> dict[str, str]:
    """The environment of an instance of its own, which finds its secrets in its folder."""
    return {**{key: value for key, value in os.environ.items() if key not in OURS}, **places, "STATE_DIR": str(state)}


@contextmanager
def serving(environment: dict[str, str], port: int, folder: Path) -> Iterator[str]:
    """bin/serve, started in that folder: what it said up to its address; it must answer, and end well when told to."""
    serve = subprocess.Popen(
        [ROOT / "bin" / "serve"], env={**environment, "PORT": str(port)}, cwd=folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with serve:
        lines = []
        for line in serve.stdout:
            lines.append(line)
            if line.startswith("http://"):
                break
        if not lines:
            raise AssertionError(serve.stderr.read())
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=30) as page:  # noqa: S310 - our own
                assert page.status == 200
                assert "default-src 'none'" in page.headers["Content-Security-Policy"]
            yield "".join(lines)
        finally:
            serve.send_signal(signal.SIGTERM)
            status = serve.wait(60)
    assert status == 0


def _demonstrate(places: dict[str, str]) -> None:
    STATE.mkdir(exist_ok=True)
    port = free_port()
    with serving(environment_of(STATE, places), port, STATE) as said:
        (STATE / "said").write_text(said.replace(f":{port}/", ":PORT/"))


def demonstrated() -> tuple[str, str]:
    """The name of a database that bin/serve filled with the demonstration, for copying, and what it said, :PORT/ in place of its own."""
    name = _made_once(f"test_demo_{RUN}", "" if NOTHING else migrated(), _demonstrate)
    return name, (STATE / "said").read_text()


def demo_accounts(said: str) -> list[dict[str, str]]:
    """The accounts in what bin/serve said."""
    columns = ("role", "organisation", "username", "password")
    rows = (line.split() for line in said.splitlines() if line.startswith("  "))
    return [dict(zip(columns, row, strict=True)) for row in rows][1:]


def demo_secrets() -> dict[str, str]:
    """What bin/serve made for the demonstration; whoever works on a copy needs the same."""
    lines = (STATE / "instance.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def drop_shared() -> None:
    """At the end of the run."""
    with owner() as link:
        for kind in ("migrated", "demo"):
            drop(link, f"test_{kind}_{RUN}")
