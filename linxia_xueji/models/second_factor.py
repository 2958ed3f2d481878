"""The second factor of an account: a generator of codes on the person's telephone, and codes on paper for its loss."""

import time

from django.conf import settings
from django.db import models
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from linxia_xueji.secrets import SecretField

STEP, DIGITS, TOLERANCE = 30, 6, 1
"""Seconds a code lives, its length, and how many steps a clock may be wrong: what every authenticator takes (RFC 6238)."""


class SecondFactor(ThrottlingMixin, Device):
    """A generator of time-based codes, one a person. django-otp's own model keeps the key in plain; here it is sealed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor", verbose_name="人员"
    )
    name = None
    confirmed = None
    key = SecretField("密钥")
    last_t = models.BigIntegerField("最近使用的时段", default=-1)
    created_at = models.DateTimeField("启用时间", auto_now_add=True)
    throttling_failure_timestamp = models.DateTimeField("最近输错时间", null=True, blank=True)
    throttling_failure_count = models.PositiveIntegerField("连续输错次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "第二因子"

    def __str__(self) -> str:
        return f"{self.user}的第二因子"

    def verify_token(self, token: str) -> bool:
        """Whether the code is right, not used before, and not tried too soon after a wrong one."""
        if not self.verify_is_allowed()[0]:
            return False
        clock = TOTP(bytes.fromhex(self.key.reveal()), STEP, 0, DIGITS)
        clock.time = time.time()
        if not (token.isascii() and token.isdigit() and clock.verify(int(token), TOLERANCE, self.last_t + 1)):
            self.throttle_increment()
            return False
        self.last_t = clock.t()
        self.throttle_reset(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> int:
        """Seconds after the first wrong code; they double with each further one."""
        return 1


class RecoveryCode(models.Model):
    """A code on paper, good once; only its hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes", verbose_name="人员"
    )
    hash = models.CharField("摘要", max_length=128)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"

    def __str__(self) -> str:
        return f"{self.user}的恢复码"
