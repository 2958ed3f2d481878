"""One-time passwords handed to a person, and the password the person sets in their place."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_changed
from django.db import transaction
from django.utils import timezone

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.models import User
from linxia_xueji.policy import in_force
from linxia_xueji.trail import record, record_all

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that a hand or an eye takes for something else: no 0 O, 1 I L."""
GROUPS, LENGTH = 3, 4
"""XXXX-XXXX-XXXX: 31 to the twelfth power, 59 bits; it lives a few days and five guesses."""


def issue_initial(user: User, *, by: User | None = None) -> str:
    """Give an account a one-time password; whoever signs in with it must set their own before anything else.

    The plain text is returned once and kept nowhere. It expires after the days of the setting `sign_in.initial_days`.

    :param by: who made the account; None on the command line.
    """
    return _issue(user, by, "发放一次性密码")


def reset(user: User, *, by: User) -> str:
    """Put a one-time password in the place of a forgotten one; live sessions of the account end with it.

    Whether `by` may do so is the caller's to ask.
    """
    return _issue(user, by, "重置密码")


@transaction.atomic
def issue_many(users: Sequence[User], *, by: User) -> dict[int, str]:
    """What `issue_initial` does for many new accounts at once: the plain text by id, kept nowhere.

    The hash is a fast keyed one: guessing at 59 random bits gains nothing from a cheap hash, and 1,500 slow ones would
    hold the page for a minute. The first sign-in puts Argon2 in its place, and the person's own password follows.
    """
    post = access_of(by).post
    days = in_force(post.organisation if post else None, today())["sign_in.initial_days"]
    plain = {user.pk: _code() for user in users}
    for user in users:
        user.password = make_password(plain[user.pk], hasher="one_time")
        user.must_change_password, user.initial_until = True, timezone.now() + timedelta(days=days)
    User.objects.bulk_update(users, ["password", "must_change_password", "initial_until"], batch_size=500)
    done = ((user, post.organisation if post else None, {"days": days}) for user in users)
    record_all(action="发放一次性密码", by=by, done=done)
    return plain


def _code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


@transaction.atomic
def _issue(user: User, by: User | None, action: str) -> str:
    post = access_of(user).post
    days = in_force(post.organisation if post else None, today())["sign_in.initial_days"]
    plain = _code()
    user.set_password(plain)
    user.must_change_password = True
    user.initial_until = timezone.now() + timedelta(days=days)
    user.save(update_fields=["password", "must_change_password", "initial_until"])
    organisation = post.organisation if post else None
    record(action=action, by=by, target=user, organisation=organisation, after={"days": days})
    return plain


def expired(user: User) -> bool:
    """Whether the one-time password was not used in time; the clock of the machine counts, also in a demonstration."""
    return user.must_change_password and user.initial_until is not None and user.initial_until < timezone.now()


@transaction.atomic
def change(user: User, password: str) -> None:
    """The person's own password; it has gone through the rules."""
    user.set_password(password)
    user.must_change_password, user.initial_until = False, None
    user.save(update_fields=["password", "must_change_password", "initial_until"])
    password_changed(password, user)
    record(action="修改登录密码", by=user, target=user)
