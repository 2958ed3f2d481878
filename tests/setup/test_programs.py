"""bin/serve, which made the demonstration of this run from an empty portal, and bin/manage on the same instance.

The one prints address and accounts, answers, stops cleanly (tests.databases.serving), starts again with its data; too large a request is refused
through the web server itself, with its sentence. Of the other set-up talks on stderr, paths are the caller's, exit codes
pass.
"""

import http.client
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import STATE, addresses, demonstrated, environment_of, free_port, serving

ROOT = Path(__file__).resolve().parents[2]
MANAGE = ROOT / "bin" / "manage"
Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def said() -> str:
    """What bin/serve said when it made the demonstration of this run."""
    return demonstrated()[1]


@pytest.fixture(scope="module")
def instance(said: str, make_database, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of that instance gone on with elsewhere: its secrets in another folder, a copy of its database."""
    state = tmp_path_factory.mktemp("instance")
    shutil.copy(STATE / "instance.env", state)
    return environment_of(state, addresses(make_database("serve", demonstrated()[0])))


@pytest.fixture
def manage(instance: dict[str, str]) -> Manage:
    """bin/manage for the instance."""

    def run(*arguments: str, cwd: Path, program: Path = MANAGE) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *arguments], cwd=cwd, env=instance, capture_output=True, text=True)

    return run


class Zeros:
    """So many zero bytes, made as they are read."""

    def __init__(self, size: int):
        self.left = size

    def read(self, count: int) -> bytes:
        count = min(count, self.left)
        self.left -= count
        return bytes(count)


def refused_as_too_large(port: int, size: int) -> bool:
    """Whether so many bytes, all of them sent, are answered by the sentence and not by a broken line."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("POST", "/admissions/", Zeros(size), {"Content-Length": str(size)})
    answer = link.getresponse()
    return answer.status == 413 and "上传的内容有100MB，超过40MB，没有接收" in answer.read().decode()


def test_stdout_carries_the_result_only(manage: Manage, instance: dict[str, str], tmp_path: Path) -> None:
    (Path(instance["STATE_DIR"]) / "database-stamp").unlink(missing_ok=True)
    for talk in (True, False):
        done = manage("shell", "-v", "0", "-c", "import os; print(os.getcwd())", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{tmp_path}\n"
        assert ("set-up: bringing the database up to date" in done.stderr) is talk


def test_serve(instance: dict[str, str], said: str, tmp_path: Path) -> None:
    port = free_port()
    with serving(instance, port, tmp_path) as again:
        assert refused_as_too_large(port, 100 * 1024 * 1024)
        taken = {**instance, "PORT": str(port)}
        second = subprocess.run([ROOT / "bin" / "serve"], env=taken, capture_output=True, text=True)
        assert (second.returncode, second.stdout) == (1, "")
        assert f"port {port} is taken" in second.stderr
    assert again == said.replace(":PORT/", f":{port}/")
    assert f"http://127.0.0.1:{port}/" in again
    assert "账号" in again


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
