"""bin/manage on an empty database elsewhere: set-up talks on stderr, paths are the caller's, exit codes pass."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

MANAGE = Path(__file__).resolve().parents[2] / "bin" / "manage"
OURS = ("SECRET_KEY", "FIELD_KEYS", "DB_ROLE", "ENVIRONMENT", "DEBUG", "STATE_DIR")
Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def manage(make_database, tmp_path_factory: pytest.TempPathFactory) -> Manage:
    """bin/manage for an instance of its own, whose database was empty before the first call."""
    environment = {key: value for key, value in os.environ.items() if key not in OURS}
    environment |= {**make_database("manage"), "STATE_DIR": str(tmp_path_factory.mktemp("instance"))}

    def run(*arguments: str, cwd: Path, program: Path = MANAGE) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *arguments], cwd=cwd, env=environment, capture_output=True, text=True)

    return run


def test_stdout_carries_the_result_only(manage: Manage, tmp_path: Path) -> None:
    for talk in (True, False):
        done = manage("shell", "-v", "0", "-c", "import os; print(os.getcwd())", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{tmp_path}\n"
        assert ("set-up: bringing the database up to date" in done.stderr) is talk


def test_exit_codes_pass(manage: Manage, tmp_path: Path) -> None:
    assert manage("shell", "-v", "0", "-c", "raise SystemExit(3)", cwd=tmp_path).returncode == 3


def test_it_is_found_through_a_link(manage: Manage, tmp_path: Path) -> None:
    (tmp_path / "portal").symlink_to(MANAGE)
    done = manage("--version", cwd=tmp_path, program=tmp_path / "portal")
    assert done.stdout.startswith("5.2"), done.stderr


def test_secrets_are_the_owners_only(manage: Manage, tmp_path: Path) -> None:
    done = manage("shell", "-v", "0", "-c", "from django.conf import settings; print(settings.STATE_DIR)", cwd=tmp_path)
    secrets = Path(done.stdout.strip()) / "instance.env"
    assert secrets.stat().st_mode & 0o777 == 0o600
