"""The process that may be killed: its limits hold, it knows nothing of the portal, and only plain values come out."""

import os
import subprocess
import sys
import time
from datetime import date

import pytest

from linxia_xueji import sandbox
from linxia_xueji.refusal import Refusal
from linxia_xueji.sandbox import DAMAGED, TOO_MUCH, Broken, Limits

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
    # Standard input, output and error, and the folder that is being listed.
    assert len(sandbox.run("os:listdir", "/proc/self/fd")) == 4


def test_its_folder_is_its_own_and_is_removed():
    folder = sandbox.run("os:getcwd")
    assert "sandbox-" in folder and not os.path.exists(folder)


@pytest.mark.parametrize(
    "name", ["registry.admissions.opening", "registry.admissions.marking", "registry.scan_opening"]
)
def test_what_works_there_loads_neither_django_nor_the_database(name):
    ask = f"import sys, {name}; print('django' in sys.modules or 'psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", ask], cwd=sandbox.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
