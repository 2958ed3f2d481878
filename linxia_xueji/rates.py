"""How often an address may ask: counted in the database, which all web processes share."""

from datetime import UTC, datetime
from ipaddress import IPv4Address, ip_address, ip_network

from django.db import connection

STRETCH = 60
"""Seconds of one stretch of counting."""
# What is over goes at the same time; two processes that tidy up at once leave each other's rows alone.
_COUNT = """
WITH over AS (SELECT id FROM linxia_xueji_tally WHERE began < %(began)s FOR UPDATE SKIP LOCKED),
tidied AS (DELETE FROM linxia_xueji_tally WHERE id IN (SELECT id FROM over))
INSERT INTO linxia_xueji_tally AS tally (kind, address, began, count) VALUES (%(kind)s, %(address)s, %(began)s, 1)
ON CONFLICT (kind, address, began) DO UPDATE SET count = tally.count + 1 RETURNING count
"""


def ask_count(kind: str, address: str, moment: datetime | None = None) -> int:
    """Count one more asking of an address within this minute, and say how many that makes; one statement.

    It is no part of any deed: a page that only shows counts too.

    :param kind: what is asked for, such as "check". :param moment: now, unless given.
    """
    seconds = (moment or datetime.now(UTC)).timestamp()
    began = datetime.fromtimestamp(seconds // STRETCH * STRETCH, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"kind": kind, "address": place(address), "began": began})
        return cursor.fetchone()[0]


def place(address: str) -> str:
    """What counts as one place: an IPv4 address, or the 64 bits of an IPv6 address that one customer has."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:64]
    known = getattr(known, "ipv4_mapped", None) or known
    return str(known) if isinstance(known, IPv4Address) else str(ip_network((int(known), 64), strict=False))
