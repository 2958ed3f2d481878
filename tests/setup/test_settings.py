"""Settings refuse what must not reach a server, and a server's settings satisfy Django's own check."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "kR7" * 20 + "-_9fQzXw",
    "FIELD_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgres://owner:p@127.0.0.1/portal",
    "WEB_DATABASE_URL": "postgres://web:p@127.0.0.1/portal",
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in an environment that holds nothing but these values."""
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={"PATH": os.environ["PATH"], **PRODUCTION, **environment}, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DEBUG": "1"}, "DEBUG must be off in production."),
        ({"SECRET_KEY": ""}, "SECRET_KEY must be a random secret"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be a random secret"),
        ({"SECRET_KEY": "development-" + "x" * 60}, "SECRET_KEY must be a random secret"),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS must hold at least one key"),
        ({"FIELD_KEYS": "k1:" + base64.b64encode(b"too short").decode()}, "FIELD_KEYS must be"),
        ({"FIELD_KEYS": PRODUCTION["FIELD_KEYS"].replace("k1", "development")}, "development key"),
        ({"DATABASE_URL": "sqlite:///portal.sqlite3"}, "DATABASE_URL must name a PostgreSQL database"),
        ({"DB_ROLE": "web", "WEB_DATABASE_URL": ""}, "WEB_DATABASE_URL must name a PostgreSQL database"),
        ({"DEMO_TODAY": "tomorrow"}, "DEMO_TODAY must be a day"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT must be production or development."),
    ],
)
def test_refused(environment: dict[str, str], sentence: str) -> None:
    done = run("-c", "import linxia_xueji.settings", **environment)
    assert done.returncode
    assert "ImproperlyConfigured" in done.stderr
    assert sentence in done.stderr


def test_production_is_the_default() -> None:
    done = run("-c", "from linxia_xueji.settings import PRODUCTION; print(PRODUCTION)", ENVIRONMENT="production")
    assert done.stdout == "True\n", done.stderr
    unset = run("-c", "import os; del os.environ['ENVIRONMENT']; import linxia_xueji.settings", SECRET_KEY="")
    assert "in production" in unset.stderr


def test_deploy_check_is_clean() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout and "silenced" in done.stdout and "(0 silenced)" in done.stdout


def test_plain_http_changes_only_what_needs_https() -> None:
    code = (
        "import json, linxia_xueji.settings as s;"
        "print(json.dumps({k: repr(getattr(s, k)) for k in dir(s) if k.isupper() and k[0] != '_'}))"
    )
    server, loopback = (json.loads(run("-c", code, **extra).stdout) for extra in ({}, {"PLAIN_HTTP": "1"}))
    assert {key for key in server if server[key] != loopback[key]} == {
        "PLAIN_HTTP",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_HSTS_PRELOAD",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
    }


def test_passwords_are_kept_with_argon2() -> None:
    done = run("-c", "from linxia_xueji.settings import PASSWORD_HASHERS; print(PASSWORD_HASHERS[0])")
    assert done.stdout.strip().endswith("Argon2Hasher")


def test_policy_forbids_inline_content() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert not any("unsafe" in source for sources in directives.values() for source in sources)
