"""Python's garbage collector kept quiet while millions of small objects are made that live until the work is done."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_collector(*, collect: bool = True) -> Iterator[None]:
    """No collecting in between, which would only cost time.

    :param collect: whether once at the end, so that what hangs together in cycles is given back; mere rows are gone by then.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            if collect:
                gc.collect()
