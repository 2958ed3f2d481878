"""Python's garbage collector kept quiet while millions of small objects are made that live until the work is done."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_collector() -> Iterator[None]:
    """No collecting in between, which would only cost time; once at the end, so that memory is given back."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect()
