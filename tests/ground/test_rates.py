"""Counting who asks how often: by the minute, by the address, in one place for all processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from linxia_xueji.models import Tally
from linxia_xueji.rates import ask_count, place

AT = datetime(2026, 9, 16, 8, 30, 59, tzinfo=UTC)


def test_counted_by_minute_kind_and_address(db):
    assert [ask_count("check", "192.0.2.1", AT) for _ in range(3)] == [1, 2, 3]
    assert ask_count("check", "192.0.2.2", AT) == ask_count("other", "192.0.2.1", AT) == 1
    assert Tally.objects.count() == 3
    assert ask_count("check", "192.0.2.1", AT + timedelta(seconds=1)) == 1
    assert Tally.objects.count() == 1  # what is over is not kept


@pytest.mark.django_db(transaction=True)
def test_no_asking_is_lost_between_processes():
    def ask(number: int) -> int:
        try:
            return ask_count("check", "192.0.2.1", AT + timedelta(minutes=number // 10))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, [0] * 20)) == list(range(1, 21))
        list(pool.map(ask, range(40)))  # and nobody who tidies up stands in another's way


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("x" * 80, "x" * 64),
    ],
)
def test_what_counts_as_one_place(address, counted):
    assert place(address) == counted
