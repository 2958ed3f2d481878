"""Worker and web server die in the middle of an import: nothing is lost, nothing is there twice, the next ones finish it.

Real processes, started as bin/serve starts them, as the web role; each dies by SIGKILL.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.exceptions import AlreadyEnqueued

from linxia_xueji.jobs import SILENCE, take_up_stalled
from registry.enums import UploadState
from registry.exchange.rows import rows, students
from registry.models import Enrolment, RosterUpload, Student
from registry.roster import tasks
from registry.roster.staging import receive
from registry.rosters.conditions import Conditions
from tests.databases import addresses, free_port
from tests.registry.exchange.national_file import HEADERS, pupils, workbook
from tests.registry.exchange.test_exchange import ROWS, SCHOOLS
from tests.world import DAY, PREFECTURE

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60 + ROWS / 50
"""Seconds that one step may take."""
_ID = HEADERS.index("身份证件号")


@pytest.fixture
def start(transactional_db, file_store, tmp_path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start a program of the portal on this test's database and files; what still runs at the end is killed."""
    name = connection.settings_dict["NAME"]
    environment = {**os.environ, **addresses(name), "DB_ROLE": "web", "STATE_DIR": str(file_store.parent)}
    started: list[subprocess.Popen] = []
    with (tmp_path / "said").open("ab") as said:

        def run(*arguments: str) -> subprocess.Popen:
            command = [sys.executable, *arguments]
            started.append(
                subprocess.Popen(command, env=environment, cwd=ROOT, stdout=said, stderr=said, start_new_session=True)
            )
            return started[-1]

        yield run
        for process in started:
            killed(process)
        until(all_left)  # the owner may not end what the web role left behind, and could not drop the database


def killed(process: subprocess.Popen) -> None:
    """Killed with all the processes it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(moment: Callable[[], bool], *alive: subprocess.Popen) -> None:
    """Wait for that moment while these processes live."""
    ends = time.monotonic() + PATIENCE
    while not moment():
        assert all(process.poll() is None for process in alive) and time.monotonic() < ends
        time.sleep(0.02)


def all_left() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user)"
        )
        return cursor.fetchone()[0]


def state() -> UploadState:
    return UploadState(RosterUpload.objects.get().state)


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE datname = current_database() AND locktype = 'relation' AND NOT granted)"
        )
        return cursor.fetchone()[0]


@contextmanager
def held(table: str) -> Iterator[None]:
    """Nobody writes that table meanwhile: a job comes as far as that and waits, its rows before that uncommitted."""
    with psycopg.connect(addresses(connection.settings_dict["NAME"])["DATABASE_URL"]) as other:
        other.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield


def silence_passes() -> None:
    """The heartbeats grow old, and the minute comes in which the living look after the dead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - %s * interval '1 second'", [SILENCE + 1]
        )
    with suppress(AlreadyEnqueued):
        take_up_stalled.defer(timestamp=0)


class Web:
    """A web server and somebody signed in, who comes back to the next one with the same cookie."""

    def __init__(self, start: Callable[..., subprocess.Popen], user) -> None:
        visitor = Client()
        visitor.force_login(user)
        self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in visitor.cookies.items())
        self.start = start
        self.begin()

    def begin(self) -> None:
        self.port = free_port()
        bind = ("--bind", f"127.0.0.1:{self.port}", "--log-level", "warning", "--no-control-socket")
        self.process = self.start("-m", "gunicorn", "linxia_xueji.wsgi:application", *bind)
        until(self.answers, self.process)

    def answers(self) -> bool:
        with suppress(OSError):
            self.read(reverse("login"))
            return True
        return False

    def read(self, path: str) -> str:
        """The page there; it must be there."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request("GET", path, headers={"Cookie": self.cookie})
        answer = link.getresponse()
        text = answer.read().decode()
        assert answer.status < 400, text[:2000]
        return text

    def dies(self) -> None:
        """The web server is killed with all it does, and another takes its place."""
        killed(self.process)
        self.begin()


@pytest.mark.django_db(transaction=True)
def test_an_import_survives_the_death_of_worker_and_web(world, start):
    given = pupils(SCHOOLS, ROWS)
    prefecture = world.organisation(PREFECTURE)
    upload = receive(content=workbook(given), name="国网.xlsx", organisation=prefecture, by=world.centre)
    tasks.check_later(upload)
    web, page = Web(start, world.centre), reverse("registry:roster_progress", args=[upload.pk])
    assert "等待检查" in web.read(page)
    worker = start("manage.py", "procrastinate", "worker")

    def dies_before(table: str) -> None:
        """The worker dies as it comes to write that table, and so does the web server; the next ones take their places."""
        nonlocal worker
        with held(table):
            until(waits_for_a_lock, worker)
            killed(worker)
            web.dies()
            assert ("正在导入" if state() == UploadState.IMPORTING else "正在检查") in web.read(page)
            assert not RosterUpload.objects.get().staged.exists() or state() == UploadState.IMPORTING
            assert not Student.objects.exists()
        silence_passes()
        worker = start("manage.py", "procrastinate", "worker")

    dies_before("registry_rosterstaged")
    until(lambda: state() == UploadState.CHECKED, worker)
    checked = RosterUpload.objects.get()
    assert (checked.done, checked.total, checked.valid, checked.staged.count()) == (ROWS,) * 4
    tasks.import_later(checked, by=world.centre, only_clean=False)
    dies_before("registry_rosterrecord")
    until(lambda: state() == UploadState.IMPORTED, worker)
    assert "导入完成" in web.read(page) and Student.objects.count() == Enrolment.objects.count() == ROWS
    found = rows(students(Enrolment.objects.all(), Conditions(DAY)))
    assert sorted(found, key=lambda row: row[_ID]) == sorted(given, key=lambda row: row[_ID])
