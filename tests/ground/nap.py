"""Work for the sandbox that does nothing but take time; it imports nothing that takes longer."""

import time


def nap(seconds: float) -> tuple[float, float]:
    """From when to when it slept, by a clock that all processes share."""
    began = time.monotonic()
    time.sleep(seconds)
    return began, time.monotonic()
