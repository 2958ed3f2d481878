"""The process that may be killed: its limits hold, it knows nothing of the portal, and only plain values come out."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from linxia_xueji import sandbox
from linxia_xueji.refusal import Refusal
from linxia_xueji.sandbox import DAMAGED, TOO_MUCH, Broken, Busy, Limits
from registry import scans
from registry.admissions import reading, workbook

MB = 1024 * 1024


def test_values_come_back():
    assert sandbox.run("datetime:date", 2026, 9, 16) == date(2026, 9, 16)
    assert sandbox.run("builtins:dict", [("甲", [1, 2.5, b"x", None, True])]) == {"甲": [1, 2.5, b"x", None, True]}


@pytest.mark.parametrize(
    ("function", "arguments", "says"),
    [
        ("builtins:bytearray", (4096 * MB,), TOO_MUCH),
        ("builtins:sum", (range(10**12),), TOO_MUCH),
        ("time:sleep", (60,), TOO_MUCH),
        ("os:abort", (), TOO_MUCH),
        ("os:_exit", (0,), DAMAGED),
        ("os:_exit", (3,), DAMAGED),
        ("sys:exit", (1,), DAMAGED),
        ("json:loads", ("{",), DAMAGED),
        ("no.such.module:x", (), DAMAGED),
        ("pathlib:Path", ("/",), DAMAGED),
        ("pathlib:Path.write_bytes", (), DAMAGED),
    ],
)
def test_what_goes_wrong_is_a_sentence_in_time(function, arguments, says):
    began = time.monotonic()
    with pytest.raises(Broken) as caught:
        sandbox.run(function, *arguments, limits=Limits(processor=1, seconds=2))
    assert caught.value.message == says and time.monotonic() - began < 8


def test_a_refusal_comes_back_with_its_sentence():
    with pytest.raises(Refusal, match="文件是空的") as caught:
        sandbox.run("registry.admissions.opening:glance", b"")
    assert not isinstance(caught.value, Broken)


def test_the_child_knows_nothing_of_the_portal(monkeypatch):
    monkeypatch.setenv("FIELD_KEYS", "x")
    assert sandbox.run("os:getenv", "FIELD_KEYS") is None
    assert sandbox.run("os:getenv", "DATABASE_URL") is None
    # Standard input, output and error, the slot, and the folder that is being listed.
    assert len(sandbox.run("os:listdir", "/proc/self/fd")) == 5


def test_its_folder_is_its_own_and_is_removed():
    folder = sandbox.run("os:getcwd")
    assert "sandbox-" in folder and not os.path.exists(folder)


def test_as_many_at_once_as_the_machine_bears():
    assert [sandbox.slots(cores, gigabytes * 1024 * MB) for cores, gigabytes in ((2, 24), (8, 12), (4, 2))] == [2, 4, 1]


def test_no_piece_of_work_is_allowed_more_than_reckoned_with():
    allowed = [reading._LIMITS, workbook._LIMITS, scans._LIMITS, sandbox.DEFAULT]
    assert max(limits.memory for limits in allowed) <= sandbox.LARGEST


def test_ten_at_once_take_turns(monkeypatch, settings, tmp_path):
    settings.STATE_DIR = tmp_path
    monkeypatch.setattr(sandbox, "slots", lambda cores, memory: 2)
    with ThreadPoolExecutor(10) as pool:
        spans = list(pool.map(lambda _: sandbox.run("tests.ground.nap:nap", 0.05), range(10)))
    # A child began while two others were at work: a third at once.
    assert not [one for one in spans if sum(other[0] <= one[0] < other[1] for other in spans) > 2]


def test_whoever_waits_too_long_is_told_so_and_a_dead_child_gives_its_place_back(monkeypatch, settings, tmp_path):
    settings.STATE_DIR = tmp_path
    monkeypatch.setattr(sandbox, "slots", lambda cores, memory: 1)
    monkeypatch.setattr(sandbox, "_PATIENCE", 0.2)
    with ThreadPoolExecutor(1) as pool:
        hung = pool.submit(sandbox.run, "time:sleep", 60, limits=Limits(seconds=1))
        while not (tmp_path / "sandbox" / "0").exists():
            time.sleep(0.01)
        with pytest.raises(Busy, match="服务器正忙"):
            sandbox.run("builtins:abs", -1)
        assert isinstance(hung.exception(), Broken)
    assert sandbox.run("builtins:abs", -1) == 1


@pytest.mark.parametrize(
    "name",
    [
        "linxia_xueji.sandboxed",
        "linxia_xueji.certificate_opening",
        "registry.admissions.opening",
        "registry.admissions.marking",
        "registry.scan_opening",
    ],
)
def test_what_works_there_loads_neither_django_nor_the_database(name):
    ask = f"import sys, {name}; print('django' in sys.modules or 'psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", ask], cwd=sandbox.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
