"""Coming in and going out: what is done between the password and the first page, and when a session ends."""

import time
from typing import Any

from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime

from linxia_xueji.access import access_of
from linxia_xueji.dates import now, today
from linxia_xueji.doors import second_factor, sessions
from linxia_xueji.doors.carried import unpack
from linxia_xueji.models import User
from linxia_xueji.policy import in_force
from linxia_xueji.trail import record

BACKEND = "linxia_xueji.doors.backend.PortalBackend"
WAITING, ENDED = "waiting", "ended"
"""Keys of the session: who gave the password and owes the code; whose session ended and why."""
CODE_WITHIN = 600
"""Seconds between the password and the code."""


def wait_for_code(request: HttpRequest, user: User, onward: dict[str, str]) -> None:
    """The password was right; nobody is signed in before the code is."""
    request.session[WAITING] = {"user": user.pk, "at": int(time.time()), "onward": onward}


def waiting(request: HttpRequest) -> tuple[User, dict[str, str]] | None:
    """Who owes the code and where they were going, while the password is fresh."""
    found = request.session.get(WAITING)
    if not found or time.time() - found["at"] > CODE_WITHIN:
        return None
    user = User.objects.filter(pk=found["user"], is_active=True).first()
    return (user, found["onward"]) if user else None


@transaction.atomic
def admit(request: HttpRequest, user: User, onward: dict[str, str]) -> str:
    """Sign somebody in, start the clocks, keep what the sign-in page carried.

    :param onward: `next` and `held` as the sign-in page had them.
    :returns: the address of the page to go on to.
    """
    request.session.pop(WAITING, None)
    request.session.pop(ENDED, None)
    login(request, user, backend=BACKEND)
    access = access_of(user)
    policy = in_force(access.post.organisation if access.post else None, today())
    has = second_factor.of(user) is not None
    enrol = not has and second_factor.required(user, access, policy)
    mark = sessions.begin(request.session, policy.values, enrol=enrol)
    live = mark if policy["session.single"] else ""
    # Django noted the machine's time; the portal's day is another where a demonstration fixes it.
    user.live_session, user.last_login = live, now()
    user.save(update_fields=["live_session", "last_login"])
    record(action="登录", by=user, target=user, after={"second_factor": has})
    return unpack(request, user, onward.get("held", "")) or safe(request, onward.get("next", ""))


def end(request: HttpRequest, why: str) -> None:
    """End a session; the browser remembers whose it was and why, to tell and to give back what is typed."""
    user = request.user
    told = {"user": user.pk, "why": why, "minutes": request.session.get(sessions.DOOR, {}).get("idle", 0) // 60}
    if user.last_login:
        told["elsewhere"] = f"{localtime(user.last_login):%H:%M}"
    logout(request)
    request.session[ENDED] = told


def ended(request: HttpRequest) -> dict[str, Any]:
    """Whose session ended in this browser and why; empty where none did."""
    return request.session.get(ENDED, {})


def why_ended(told: dict[str, Any]) -> str:
    """The sentence for the sign-in page."""
    return {
        "idle": f"{told.get('minutes')}分钟没有操作，已自动退出登录。",
        "longest": "登录时间已到上限，已自动退出登录。",
        "elsewhere": f"此账号已于{told.get('elsewhere', '刚才')}在别处登录，这里已退出。不是本人登录的，请登录后立即修改密码，并告知账号管理员。",
    }.get(told.get("why", ""), "")


def safe(request: HttpRequest, address: str) -> str:
    """An address of this portal, or its first page."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else "/"
