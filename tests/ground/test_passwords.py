"""One-time passwords, the person's own, how they are hashed and which are refused."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from linxia_xueji import passwords
from linxia_xueji.models import TrailEntry
from linxia_xueji.password_rules import Argon2Hasher


def test_a_one_time_password_opens_the_account_and_must_be_changed(world):
    user = world.county
    plain = passwords.issue_initial(user, by=world.centre)
    user.refresh_from_db()
    assert re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}", plain)
    assert user.check_password(plain) and user.must_change_password
    assert timedelta(days=6) < user.initial_until - timezone.now() < timedelta(days=8)
    entry = TrailEntry.objects.latest("pk")
    assert (entry.action, entry.by, entry.organisation.code) == ("发放一次性密码", world.centre, "622924")
    assert plain not in str(entry.after)


def test_no_two_are_alike(world):
    assert len({passwords.reset(world.county, by=world.centre) for _ in range(5)}) == 5


def test_it_expires_unless_it_was_used(world):
    user = world.county
    passwords.issue_initial(user)
    assert not passwords.expired(user)
    user.initial_until = timezone.now() - timedelta(minutes=1)
    assert passwords.expired(user)
    passwords.change(user, "九月一日开学Kx7")
    user.refresh_from_db()
    assert not passwords.expired(user) and not user.must_change_password
    assert user.check_password("九月一日开学Kx7")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("k7Wq-2m", "密码太短，请至少填写10个字符"),
        ("county_reviewer", "密码与用户名或姓名太相似，请换一个"),
        ("qwertyuiop", "这个密码太常见，请换一个"),
        ("20100305734916", "密码不能全是数字，请加上字母或其他字符"),
    ],
)
def test_what_is_refused_is_said_in_chinese(world, password, sentence):
    with pytest.raises(ValidationError) as caught:
        validate_password(password, world.county)
    assert sentence in caught.value.messages


def test_a_hash_takes_19_mebibytes():
    assert Argon2Hasher().encode("x", "saltsaltsalt").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
