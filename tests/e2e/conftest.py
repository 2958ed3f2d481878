"""A portal as people meet it: gunicorn and a worker on the web role, a database with the demo, real Chromium."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import PRODUCTION, addresses, demo_accounts, demo_secrets, demonstrated, free_port
from tests.e2e.changes import pictures, pupils  # noqa: F401 - fixtures of the walks of 学籍变动
from tests.e2e.office import Office

ROOT = Path(__file__).resolve().parents[2]
# Chromium without the windows around the page, which are drawn anew for every visitor and cost three times the page.
CHROMIUM = shutil.which("chromium-headless-shell")


@dataclass(frozen=True)
class Portal:
    """A running portal: its address, the demo accounts (role, organisation, username, password), its environment."""

    url: str
    accounts: list[dict[str, str]]
    environment: dict[str, str]

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run manage.py as the owner in the portal's environment; raises CalledProcessError unless `check` is off."""
        return _manage(self.environment, *arguments, check=check)

    def account(self, role: str, organisation: str | None = None) -> dict[str, str]:
        """Return the first demo account of that role (and organisation); KeyError if there is none."""
        for account in self.accounts:
            if account["role"] == role and organisation in (None, account["organisation"]):
                return account
        raise KeyError((role, organisation))


def _manage(environment: dict[str, str], *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if check and done.returncode:
        pytest.fail(f"manage.py {' '.join(arguments)} → {done.returncode}\n{done.stderr[-4000:]}")
    return done


def _wait_for(url: str, web: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        if web.poll() is not None:
            pytest.fail(f"gunicorn ended:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(url, timeout=30):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
            pytest.fail(f"the portal answers {error.code}:\n{log.read_text()[-4000:]}")
        except OSError:
            time.sleep(0.1)
    pytest.fail("gunicorn does not answer")


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, make_database) -> Iterator[Portal]:
    """Start a portal with its demo on a database and a port of its own; stop it afterwards."""
    state = tmp_path_factory.mktemp("portal")
    url = f"http://127.0.0.1:{(port := free_port())}"
    template, said = demonstrated()
    environment = {**os.environ, **PRODUCTION, **demo_secrets(), **addresses(make_database("e2e", template))}
    gunicorn = ["-m", "gunicorn", "linxia_xueji.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    gunicorn += ["--timeout", "120", "--log-level", "warning", "--no-control-socket"]
    log = state / "server.log"
    processes: list[subprocess.Popen] = []
    try:
        with log.open("ab") as output:
            for arguments in (gunicorn, ["manage.py", "procrastinate", "worker"]):
                command = [sys.executable, *arguments]
                web = {**environment, "DB_ROLE": "web"}
                processes.append(subprocess.Popen(command, cwd=ROOT, env=web, stdout=output, stderr=output))
        _wait_for(url, processes[0], log)
        yield Portal(url, demo_accounts(said), environment)
        assert [process.poll() for process in processes] == [None, None], log.read_text()[-4000:]
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Debian's Chromium, which runs as root and asks nobody outside for anything."""
    assert CHROMIUM, "Chromium is missing; bin/test installs it"
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """The screens and settings of the offices."""
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1366, "height": 768},
    }


@pytest.fixture(scope="session")
def signed_in() -> dict[str, dict]:
    """Cookies of the demo accounts by user name, filled as people sign in."""
    return {}


@pytest.fixture
def office(portal: Portal, new_context, signed_in: dict[str, dict]) -> Iterator[Office]:
    """Browsers for the demo accounts; no page may make the browser complain."""
    office = Office(portal.url, new_context, signed_in)
    yield office
    assert not office.complaints
