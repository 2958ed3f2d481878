"""The second factor: set up, checked, given up; codes on paper for the day the telephone is lost."""

import re
import secrets
import time
from base64 import b32encode
from math import ceil
from urllib.parse import quote, urlencode

import segno
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString
from django_otp.oath import TOTP

from linxia_xueji.access import Access
from linxia_xueji.enums import Level
from linxia_xueji.models import RecoveryCode, SecondFactor, User
from linxia_xueji.models.second_factor import DIGITS, STEP, TOLERANCE
from linxia_xueji.passwords import ALPHABET
from linxia_xueji.policy import Policy
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import indexes
from linxia_xueji.trail import record

ISSUER = "临夏学籍"
RECOVERY_CODES = 10
SALT = "second factor"
REQUIRED_AT = {
    "none": (),
    "prefecture": (Level.PREFECTURE, Level.PROVINCE),
    "county": (Level.COUNTY, Level.PREFECTURE, Level.PROVINCE),
    "all": tuple(Level),
}


def required(user: User, access: Access, policy: Policy) -> bool:
    """Whether the setting asks a second factor of this person. Demonstration accounts stay usable by script."""
    post = access.post
    levels = REQUIRED_AT[policy["sign_in.second_factor"]]
    return post is not None and not user.is_demo and post.organisation.level in levels


def of(user: User) -> SecondFactor | None:
    """The second factor of an account, if it has one."""
    return SecondFactor.objects.filter(user=user).first()


def new_key(user: User) -> str:
    """A key for a generator not set up yet, signed for this person: it travels with the page and is kept nowhere."""
    return signing.dumps([user.pk, secrets.token_hex(20)], salt=SALT)


def shown(user: User, signed: str) -> dict[str, str]:
    """The key as the person needs it: a QR code as SVG, and letters to type. :raises Refusal: for a foreign key."""
    key = bytes.fromhex(_key(user, signed))
    letters = b32encode(key).decode()
    label = quote(f"{ISSUER}:{user.username}")
    values = urlencode({"secret": letters, "issuer": ISSUER, "digits": DIGITS, "period": STEP})
    picture = segno.make(f"otpauth://totp/{label}?{values}", error="m", micro=False)
    return {
        "signed": signed,
        "letters": " ".join(re.findall(".{4}", letters)),
        "svg": SafeString(picture.svg_inline(border=4, omitsize=True)),
    }


@transaction.atomic
def enrol(user: User, signed: str, code: str) -> list[str]:
    """Set up the generator that shows this code; what was set up before gives way.

    :returns: the recovery codes, to be shown once.
    :raises Refusal: where the code is not what the generator should show now.
    """
    key, code = _key(user, signed), tidy(code)
    clock = TOTP(bytes.fromhex(key), STEP, 0, DIGITS)
    clock.time = time.time()
    if not (code.isascii() and code.isdigit() and clock.verify(int(code), TOLERANCE)):
        raise Refusal("验证码不对，请填写手机上现在显示的6位数字；一直不对的，请检查手机时间是否准确")
    SecondFactor.objects.filter(user=user).delete()
    SecondFactor.objects.create(user=user, key=key, last_t=clock.t())
    record(action="启用动态验证码", by=user, target=user)
    return _fresh_codes(user)


@transaction.atomic
def renew_codes(user: User) -> list[str]:
    """Fresh recovery codes in the place of the old, to be shown once."""
    record(action="重新生成恢复码", by=user, target=user)
    return _fresh_codes(user)


@transaction.atomic
def verify(user: User, code: str) -> str:
    """Check what was typed: a code of the generator or one on paper.

    :returns: nothing where it is right, else the sentence.
    """
    factor, code = SecondFactor.objects.select_for_update().get(user=user), tidy(code)
    allowed, why = factor.verify_is_allowed()
    if not allowed:
        seconds = max(1, ceil((why["locked_until"] - timezone.now()).total_seconds()))
        return f"输错次数较多，请{seconds}秒后再试"
    unused = RecoveryCode.objects.filter(user=user, used_at=None, hash__in=indexes(code))
    if len(code) > DIGITS and unused.update(used_at=timezone.now()):
        factor.throttle_reset()
        record(action="使用恢复码", by=user, target=user, after={"left": codes_left(user)})
        return ""
    if factor.verify_token(code):
        return ""
    record(action="动态验证码错误", by=None, target=user)
    return "验证码不对或已用过，请填写手机上现在显示的6位数字，或一个没有用过的恢复码"


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


@transaction.atomic
def reset(user: User, *, by: User) -> bool:
    """Take the second factor off an account, such as when the telephone is lost.

    Whether `by` may do so is the caller's to ask. :returns: whether there was one.
    """
    gone, _ = SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    if gone:
        record(action="停用动态验证码" if by == user else "重置动态验证码", by=by, target=user)
    return bool(gone)


def tidy(code: str) -> str:
    """A code as typed, without blanks and hyphens."""
    return re.sub(r"[\s\-]", "", code).upper()


def _key(user: User, signed: str) -> str:
    try:
        owner, key = signing.loads(signed, salt=SALT, max_age=3600)
    except signing.BadSignature:
        owner, key = None, ""
    if owner != user.pk:
        raise Refusal("二维码已过期，请重新打开本页再扫")
    return key


def _fresh_codes(user: User) -> list[str]:
    codes = [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, hash=indexes(tidy(code))[0]) for code in codes)
    return codes
