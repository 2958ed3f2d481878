"""bin/serve from an empty database, and bin/manage on the same instance.

The one prints address and accounts, answers, stops cleanly, starts again with its data; too large a request is refused
through the web server itself, with its sentence. Of the other set-up talks on stderr, paths are the caller's, exit codes
pass.
"""

import http.client
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import addresses

ROOT = Path(__file__).resolve().parents[2]
MANAGE = ROOT / "bin" / "manage"
OURS = ("SECRET_KEY", "FIELD_KEYS", "DB_ROLE", "ENVIRONMENT", "DEBUG", "DEMO_TODAY")
Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def instance(make_database, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an instance of its own, whose database was empty before the first program."""
    environment = {key: value for key, value in os.environ.items() if key not in OURS}
    state = tmp_path_factory.mktemp("instance")
    return {**environment, **addresses(make_database("serve")), "STATE_DIR": str(state)}


@pytest.fixture
def manage(instance: dict[str, str]) -> Manage:
    """bin/manage for the instance."""

    def run(*arguments: str, cwd: Path, program: Path = MANAGE) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *arguments], cwd=cwd, env=instance, capture_output=True, text=True)

    return run


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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


def test_serve(instance: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    environment = {**instance, "PORT": str(port)}
    said = []
    for _ in range(2):
        serve = subprocess.Popen(
            [ROOT / "bin" / "serve"], env=environment, cwd=tmp_path, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        with serve:
            lines = []
            for line in serve.stdout:
                lines.append(line)
                if line.startswith("http://"):
                    break
            said.append("".join(lines))
            if not lines:
                raise AssertionError(serve.stderr.read())
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=30) as page:  # noqa: S310
                assert page.status == 200
                assert "default-src 'none'" in page.headers["Content-Security-Policy"]
            assert refused_as_too_large(port, 100 * 1024 * 1024)
            second = subprocess.run([ROOT / "bin" / "serve"], env=environment, capture_output=True, text=True)
            assert (second.returncode, second.stdout) == (1, "")
            assert f"port {port} is taken" in second.stderr
            serve.send_signal(signal.SIGTERM)
            assert serve.wait(60) == 0
    assert said[0] == said[1]
    assert f"http://127.0.0.1:{port}/" in said[0]
    assert "账号" in said[0]


def test_stdout_carries_the_result_only(manage: Manage, instance: dict[str, str], tmp_path: Path) -> None:
    (Path(instance["STATE_DIR"]) / "database-stamp").unlink(missing_ok=True)
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
