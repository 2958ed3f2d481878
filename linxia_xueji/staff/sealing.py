"""Accounts not used for long are listed, then sealed by a person; time alone refuses nobody unless a setting says so.

Sealed is inactive: nobody signs in with it and what it held counts for nothing at the next click (必须定期登录, notice 一（一）).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from linxia_xueji.access import access_of
from linxia_xueji.dates import SHANGHAI, now
from linxia_xueji.enums import Permission
from linxia_xueji.models import AccountSeal, Organisation, User
from linxia_xueji.policy import in_force
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.staff.reach import require_may_keep, seat_of
from linxia_xueji.trail import record

BY_JOB = "job"


@dataclass(frozen=True, slots=True)
class Terms:
    """The settings of a prefecture: calendar days until listed and until due to be sealed, and whether the job seals."""

    listed_after: int
    sealed_after: int
    by_job: bool


def terms_for(organisation: Organisation | None, on: date) -> Terms:
    """The settings as they hold on a day."""
    policy = in_force(organisation, on)
    return Terms(
        policy["accounts.listed_after"], policy["accounts.sealed_after"], policy["accounts.sealed_by"] == BY_JOB
    )


def unused(people: QuerySet[User], days: int, on: date) -> QuerySet[User]:
    """Open accounts not signed in to for that many days or more, `last_used` the longest ago first.

    One never signed in to counts from the day it was made; one opened again from that day (GREATEST passes over null).
    """
    begun = datetime.combine(on - timedelta(days=days - 1), time(), SHANGHAI)
    used = Greatest(F("last_login"), F("created_at"), F("unused_from"))
    return (
        people.filter(is_active=True).annotate(last_used=used).filter(last_used__lt=begun).order_by("last_used", "pk")
    )


def idle_days(last_used: datetime, on: date) -> int:
    """Calendar days since, never negative."""
    return max(0, (on - last_used.astimezone(SHANGHAI).date()).days)


@transaction.atomic
def seal(*, person: User, reason: str, by: User | None) -> AccountSeal:
    """Seal an account. `by` is None for the job alone.

    :raises Refusal: without a reason or the right. :raises Stale: where it is sealed already.
    """
    return _turn(person, True, reason, by)


@transaction.atomic
def unseal(*, person: User, reason: str, by: User) -> AccountSeal:
    """Open a sealed account again; the days without a sign-in are counted afresh. Raises like `seal`."""
    return _turn(person, False, reason, by)


def _turn(person: User, sealed: bool, reason: str, by: User | None) -> AccountSeal:
    user = User.objects.select_for_update().get(pk=person.pk)
    if by is not None:
        require_may_keep(by, user)
    if not reason.strip():
        raise Refusal("请填写理由")
    if user.is_active is not sealed:
        raise Stale(f"{user.full_name}的账号已是{'封存' if sealed else '启用'}状态，刚才的操作未生效")
    user.is_active = not sealed
    if not sealed:
        user.unused_from = now()
    user.save(update_fields=["is_active", "unused_from"])
    seat = seat_of(user)
    record(
        action="封存账号" if sealed else "启封账号", by=by, target=user, after={"reason": reason.strip()},
        organisation=seat.post.organisation if seat else None,
    )  # fmt: skip
    return AccountSeal.objects.create(user=user, sealed=sealed, reason=reason.strip(), by=by, at=now())


def seal_words(person: User) -> str:
    """What somebody is told who signs in to a sealed account with the right password: since when, why, whom to ask."""
    last = person.seals.filter(sealed=True).order_by("-at", "-pk").first()
    since = f"已于{last.at.astimezone(SHANGHAI):%Y-%m-%d}封存（{last.reason}）" if last else "已停用"
    return f"此账号{since}，不能登录。请联系{_keepers(person)}启封"


def _keepers(person: User) -> str:
    """The account administrators who may open it, the nearest level first, by office and name."""
    seat = seat_of(person)
    above: Iterable[Organisation] = seat.post.organisation.ancestors() if seat else ()
    for organisation in above:
        admins = _admins_at(organisation, person)
        if admins:
            return f"{organisation.short_name}账号管理员{'、'.join(user.full_name for user in admins)}"
    return "上一级账号管理员"


def _admins_at(organisation: Organisation, person: User) -> list[User]:
    found = User.objects.filter(
        is_active=True, appointments__post__organisation=organisation, appointments__post__role="account_admin"
    ).exclude(pk=person.pk)
    able = (user for user in found.distinct().order_by("pk") if access_of(user).has(Permission.MANAGE_ACCOUNTS))
    return [user for user in able if _may_keep(user, person)]


def _may_keep(by: User, person: User) -> bool:
    try:
        require_may_keep(by, person)
    except Refusal:
        return False
    return True
