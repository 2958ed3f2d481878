"""The child of `linxia_xueji.sandbox`: its whole life. It imports little, because every file that is opened waits for it."""

import gc
import os
import pickle
import resource
import signal
import sys
from importlib import import_module

from linxia_xueji.refusal import Refusal


def child(words: list[str]) -> None:
    """The whole life of the child: bound itself, work, tell, end."""
    function, *bounds = words
    memory, processor, seconds, scratch = (int(word) for word in bounds)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (scratch, scratch))
    signal.alarm(seconds)
    gc.disable()  # it ends before there is anything to collect
    module, _, name = function.partition(":")
    try:
        told = ("value", getattr(import_module(module), name)(*pickle.load(sys.stdin.buffer)))  # noqa: S301 - of our parent
        data = pickle.dumps(told, pickle.HIGHEST_PROTOCOL)
    except Refusal as refusal:
        data = pickle.dumps(("refused", refusal.message))
    except MemoryError:
        data = pickle.dumps(("memory", None))
    except BaseException:  # noqa: BLE001 - whatever a hostile file does to a parser, panics of Rust among it
        data = pickle.dumps(("broken", None))
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    # No finishing: what lies about in memory need not be taken apart object by object.
    os._exit(0)
