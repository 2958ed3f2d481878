"""The bench's own databases: made once, stamped when whole, used again."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
MAKES = ("registry/demo/scale/*.py", "transfers/demo/crowd*.py")
UP_TO_DATE = ("migrate --no-input -v 0", "grant_web_role", "load_reference")


def environment(scale: str, role: str = "web") -> dict[str, str]:
    """The environment of a process that works on the database of a size, on the role that serves pages or the owner's."""
    changed = {"DB_ROLE": role, "DEMO_TODAY": "2026-09-16"}
    for key in ("DATABASE_URL", "WEB_DATABASE_URL"):
        changed[key] = urlsplit(os.environ[key])._replace(path=f"/bench_{scale}").geturl()
    return {**os.environ, **changed}


def ensure(scale: str) -> None:
    """Make the database of that size unless it is there, whole and of this code; what is half made is dropped."""
    name, wanted = f"bench_{scale}", _stamp()
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        found = owner.execute(query, [name]).fetchone()
        if found and found[0] == wanted:
            for step in UP_TO_DATE:
                _manage(scale, step)
            return
        owner.execute(drop)
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            for step in (*UP_TO_DATE, f"demo --scale {scale}"):
                _manage(scale, step)
        except BaseException:
            owner.execute(drop)
            raise
        owner.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(wanted)))


def _manage(scale: str, step: str) -> None:
    print(f"bench: bench_{scale}: {step}", file=sys.stderr, flush=True)
    command = [sys.executable, str(ROOT / "manage.py"), *step.split()]
    subprocess.run(command, env=environment(scale, "owner"), check=True, stdout=sys.stderr)


def _stamp() -> str:
    """Of the code that fills: what else changed, the migrations and the reference data bring up to date."""
    made = hashlib.sha256()
    for path in sorted(path for made_by in MAKES for path in ROOT.glob(made_by)):
        made.update(path.read_bytes())
    return made.hexdigest()[:32]
