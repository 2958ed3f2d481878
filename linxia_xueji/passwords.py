"""One-time passwords handed to a person, and the password the person sets in their place."""

import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import password_changed
from django.db import transaction
from django.utils import timezone

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.models import User
from linxia_xueji.policy import in_force
from linxia_xueji.trail import record

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
def _issue(user: User, by: User | None, action: str) -> str:
    post = access_of(user).post
    days = in_force(post.organisation if post else None, today())["sign_in.initial_days"]
    plain = "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
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
