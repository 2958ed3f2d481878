"""Work on files from outside, done in a process of its own that may be killed.

The child is a fresh interpreter: it has no database connection, no key, none of the portal's environment and a folder of
its own that is removed. It bounds itself (memory, processor time, wall clock, no core) before it reads a byte, and the
parent kills it besides. Arguments go in as a pickle; what comes out is read as plain values and days only, so that not
even a child gone wrong can have code run here. Starting it costs some 20 ms and what the function's module imports.
"""

import fcntl
import io
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from linxia_xueji.refusal import Refusal

ROOT = str(Path(__file__).resolve().parent.parent)
_START = "import sys; sys.path.insert(0, sys.argv[1]); from linxia_xueji.sandboxed import child; child(sys.argv[2:])"
_MB = 1024 * 1024
_PLAIN = {("datetime", name) for name in ("date", "datetime", "time", "timedelta")}
_GRACE = 2
"""Seconds the parent waits longer than the child allows itself."""
_PATIENCE = 20
"""Seconds somebody who uploads waits for their turn; what a person bears, and well below the web server's own limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a piece of work may use.

    :param memory: bytes of address space. :param processor: seconds of processor time.
    :param seconds: by the clock on the wall. :param scratch: bytes of any one file in its own folder.
    """

    memory: int = 1024 * _MB
    processor: int = 20
    seconds: int = 30
    scratch: int = 0


DEFAULT = Limits()
LARGEST = 1536 * _MB
"""Bytes of address space that no piece of work may be allowed more than: what the number of children is reckoned by."""


class Broken(Refusal):
    """The work fell over or was stopped at a limit: the file is no honest one, or too large a one."""


class Busy(Refusal):
    """As many files as the machine bears are being opened, and none was done in time; nothing is wrong with this one."""


BUSY = "服务器正忙，正在处理的文件较多，请过一两分钟重新上传"
TOO_MUCH = "文件过大或结构异常，读取超过了时间或内存限制，请把内容复制到新文件后再上传"
DAMAGED = "文件已损坏或结构异常，无法读取，请重新导出或扫描后再上传"


def run(function: str, *arguments: Any, limits: Limits = DEFAULT) -> Any:
    """What `function` ("module:name", importable without Django) returns for these arguments.

    :returns: built from None, truth values, numbers, text, bytes, days, tuples, lists, dicts.
    :raises Refusal: with the sentence of a `Refusal` raised there.
    :raises Broken: where anything else went wrong there, or a limit was reached.
    :raises Busy: where too many others run.
    """
    with _turn() as slot, tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        told = _tell(function, arguments, limits, folder, slot)
    kind, value = told
    if kind == "value":
        return value
    raise Refusal(value) if kind == "refused" else Broken(TOO_MUCH if kind == "memory" else DAMAGED)


def slots(cores: int, memory: int) -> int:
    """How many children may run at once: one a core, and all together in half the machine's memory, but always one.

    :param memory: bytes the machine has.
    """
    return max(1, min(cores, memory // 2 // LARGEST))


@contextmanager
def _turn() -> Iterator[int]:
    """The descriptor of a slot's locked file, once one is free. :raises Busy: when none was for `_PATIENCE` seconds."""
    folder = Path(settings.STATE_DIR) / "sandbox"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    count = slots(os.cpu_count() or 1, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    deadline = time.monotonic() + _PATIENCE
    while (slot := _free(folder, count)) is None:
        if time.monotonic() > deadline:
            raise Busy(BUSY)
        time.sleep(random.uniform(0.02, 0.1))  # noqa: S311 - so that those who wait do not ask in step
    try:
        yield slot
    finally:
        os.close(slot)


def _free(folder: Path, count: int) -> int | None:
    """A slot nobody holds, now ours until every copy of this descriptor is closed."""
    for number in range(count):
        slot = os.open(folder / str(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(slot)
        else:
            return slot
    return None


def _tell(function: str, arguments: tuple, limits: Limits, folder: str, slot: int) -> tuple[str, Any]:
    bounds = [str(n) for n in (limits.memory, limits.processor, limits.seconds, limits.scratch)]
    command = [sys.executable, "-I", "-c", _START, ROOT, function, *bounds]
    environment = {"TMPDIR": folder, "LANG": "C.UTF-8", "PATH": ""}
    sent = pickle.dumps(arguments, pickle.HIGHEST_PROTOCOL)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own code
            command, input=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, env=environment,
            timeout=limits.seconds + _GRACE, start_new_session=True, check=False, pass_fds=[slot],
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "memory", None
    if done.returncode:
        stopped = done.returncode in (-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT)
        return ("memory" if stopped else "broken"), None
    try:
        return _Plain(io.BytesIO(done.stdout)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError):
        return "broken", None


class _Plain(pickle.Unpickler):
    """Reads plain values only."""

    def find_class(self, module: str, name: str) -> Any:
        """Days and times; anything else is no result of ours."""
        if (module, name) in _PLAIN:
            return getattr(import_module(module), name)
        raise pickle.UnpicklingError(f"{module}.{name}")
