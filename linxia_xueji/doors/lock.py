"""Lock-out by account and by address with django-axes; every look at a password goes through here."""

from datetime import datetime
from ipaddress import ip_address
from math import ceil

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import Max, Sum
from django.http import HttpRequest
from django.utils import timezone

from linxia_xueji.access import access_of
from linxia_xueji.dates import SHANGHAI
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal
from linxia_xueji.staff.sealing import seal_words
from linxia_xueji.trail import origin, record

HEADERS = ("HTTP_USER_AGENT", "HTTP_ACCEPT")


class Counter(AxesDatabaseHandler):
    """Counts for an account and, with more patience, for an address: a school shares one."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Failures of the account, or of the address on the account's scale, whichever is more."""
        of_account, of_address = (
            attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(of_account, of_address * settings.AXES_FAILURE_LIMIT // settings.LOCK_ADDRESS_AT)


def client_address(request: HttpRequest) -> str | None:
    """Where a request comes from, as the trail has it: the proxy's word where a proxy is trusted. For axes."""
    try:
        return str(ip_address(origin.get()))
    except ValueError:
        return None


class WrongPassword(Refusal):
    """User name and password do not belong together, or the door is locked for now."""


def check(request: HttpRequest, username: str, password: str) -> User:
    """The account that the password opens; success clears its failures.

    :raises WrongPassword: with a sentence that says how often one may still try, or how long the lock holds.
    """
    asked = _bare(request)
    user = authenticate(asked, username=username, password=password)
    if user is None:
        locked = getattr(asked, "axes_locked_out", False)
        tries = getattr(asked, "axes_failures_since_start", None)
        _record_failure(username, "登录锁定" if locked and tries is not None else "登录失败")
        raise WrongPassword(_locked(username, asked) if locked else _sealed(username, password) or _wrong(tries))
    reset(username=username)
    return user


def unlock(user: User, *, by: User) -> bool:
    """Let somebody who was locked out try again. Whether `by` may do so is the caller's to ask.

    :returns: whether there was anything to clear.
    """
    cleared = bool(reset(username=user.username))
    if cleared:
        record(action="解除登录锁定", by=by, target=user, organisation=_office(user))
    return cleared


def locked_until(username: str) -> datetime | None:
    """Until when the account of that name is locked; None where it is not."""
    attempts = AccessAttempt.objects.filter(username=username, attempt_time__gte=timezone.now() - get_cool_off())
    found = attempts.aggregate(n=Sum("failures_since_start"), last=Max("attempt_time"))
    return found["last"] + get_cool_off() if (found["n"] or 0) >= settings.AXES_FAILURE_LIMIT else None


def _bare(request: HttpRequest) -> HttpRequest:
    """What axes may know of a request: it writes down whatever a form carries, and ours carry what people typed."""
    bare = HttpRequest()
    bare.META = {name: request.META[name] for name in HEADERS if name in request.META}
    bare.path = bare.path_info = request.path
    bare.method = "POST"
    return bare


def _sealed(username: str, password: str) -> str:
    """Whom to ask, for the person alone who has the password of a sealed account; empty for all others."""
    user = User.objects.filter(username=username, is_active=False).first()
    return seal_words(user) if user and user.check_password(password) else ""


def _wrong(tries: int | None) -> str:
    left = max(1, settings.AXES_FAILURE_LIMIT - (tries or 0))
    return f"用户名或密码不对，请核对大小写后重填；再错{left}次将暂停登录{_minutes()}分钟"


def _locked(username: str, asked: HttpRequest) -> str:
    until = locked_until(username)
    if until is None:
        return f"从这个地址输错密码的次数过多，已暂停登录，请{_minutes()}分钟后再试；急需办理的，请联系本单位或上级单位的账号管理员"
    left = max(1, ceil((until - timezone.now()).total_seconds() / 60))
    return (
        f"密码输错次数过多，此账号已暂停登录，请{left}分钟后（{until.astimezone(SHANGHAI):%H:%M}）再试；"
        "急需办理的，请联系本单位或上级单位的账号管理员解除"
    )


def _minutes() -> int:
    return int(get_cool_off().total_seconds() // 60)


def _record_failure(username: str, action: str) -> None:
    """In the trail of a known account; tries at names nobody bears stand in axes' table alone."""
    user = User.objects.filter(username=username).first()
    if user:
        record(action=action, by=None, target=user, organisation=_office(user))


def _office(user: User):
    post = access_of(user).post
    return post.organisation if post else None
