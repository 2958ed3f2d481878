"""Sessions that know when they began and end: kept inside the session, so that no page asks the database for it."""

import time
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from linxia_xueji.policy import SETTINGS
from linxia_xueji.prepared import fetch

DOOR = "door"
"""Where a session keeps its limits."""
WRITTEN_EVERY = 60
"""Seconds between two notes of the last click: a page more often only reads its session."""


_LIVING = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """A session in the database; from the moment somebody signs in it has limits."""

    def load(self) -> dict[str, Any]:
        """What the session holds, read by a statement kept ready: every page begins with it. Empty where it is over.

        By the machine's clock, which wrote when it is over: a demonstration may lie months ahead of it.
        """
        found = fetch(_LIVING, [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])

    def save(self, must_create: bool = False) -> None:
        """Write the session; a signed-in one without limits gets those of the catalogue of settings."""
        data = self._get_session(no_load=must_create)
        if SESSION_KEY in data and DOOR not in data:
            begin(self, {key: setting.default for key, setting in SETTINGS.items()})
        super().save(must_create)


def begin(session, policy: Mapping[str, Any], *, enrol: bool = False) -> str:
    """Start the clocks of a session as somebody signs in. Moments are seconds since 1970, by the machine's clock.

    :param policy: the settings in force.
    :param enrol: the person must set up a second factor before anything else.
    :returns: a word that tells this session from others of the same person.
    """
    at, mark = int(time.time()), token_hex(16)
    session[DOOR] = {
        "seen": at,
        "confirmed": at,
        "idle": policy["session.idle"] * 60,
        "until": at + policy["session.longest"] * 3600,
        "fresh": policy["session.confirmed"] * 60,
        "mark": mark,
        "enrol": enrol,
    }
    return mark


def why_over(session, live: str) -> str:
    """Why a session has ended: idle, longest or elsewhere; nothing while it lives. An older one without limits is over.

    :param live: the mark of the one live session, where only one may live.
    """
    door, at = session.get(DOOR), time.time()
    if door is None or at >= door["until"]:
        return "longest"
    if at - door["seen"] >= door["idle"]:
        return "idle"
    return "elsewhere" if live and live != door["mark"] else ""


def touch(session) -> None:
    """Note a click, once a minute."""
    if time.time() - session[DOOR]["seen"] >= WRITTEN_EVERY:
        note(session, seen=int(time.time()))


def note(session, **values: Any) -> None:
    """Change what the session knows of itself."""
    session[DOOR] = session[DOOR] | values


def confirmed_lately(session) -> bool:
    """Whether the password was typed within the time of the setting, signing in included."""
    door = session.get(DOOR)
    return door is not None and time.time() - door["confirmed"] < door["fresh"]


def confirm(session) -> None:
    """The password was typed just now."""
    note(session, confirmed=int(time.time()))
