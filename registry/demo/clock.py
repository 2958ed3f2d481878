"""Living through the past: deeds of the demonstration are done on the day they belong to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings


@contextmanager
def on_day(day: date) -> Iterator[date]:
    """Let `linxia_xueji.dates.today()` be `day` for the deeds inside, so that entries, trail and clocks bear that date.

    For a command that has the process to itself; never to be used while pages are served from the same process.
    """
    before = settings.DEMO_TODAY
    settings.DEMO_TODAY = day
    try:
        yield day
    finally:
        settings.DEMO_TODAY = before
