"""Certificates with which an office signs its papers."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime

from linxia_xueji.models.organisations import Organisation
from linxia_xueji.secrets import SecretField


class OfficeCertificate(models.Model):
    """A certificate with its private key; an office has at most one that has not been withdrawn."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="certificates", verbose_name="机构")
    container = models.BinaryField("证书文件（加密）")
    password = SecretField("证书密码")
    subject = models.CharField("证书主体", max_length=300)
    issuer = models.CharField("颁发者", max_length=300)
    serial = models.CharField("序列号", max_length=60)
    fingerprint = models.CharField("证书指纹", max_length=64)
    valid_from = models.DateTimeField("有效期起")
    valid_to = models.DateTimeField("有效期止")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人"
    )
    withdrawn_at = models.DateTimeField("停用时间", null=True, blank=True)
    withdrawn_why = models.CharField("停用原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位证书"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(withdrawn_at=None), name="one_certificate_in_use"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why="")),
                name="certificate_withdrawn_by_somebody_with_reason",
            ),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="certificate_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short_name}的证书"

    def why_not_sign(self, moment: datetime) -> str:
        """Why it does not sign at this moment, "" where it does."""
        if self.withdrawn_at:
            return f"证书已于{_day(self.withdrawn_at)}停用"
        if moment < self.valid_from:
            return f"证书自{_day(self.valid_from)}起有效，尚未生效"
        if moment >= self.valid_to:
            return f"证书有效期至{_day(self.valid_to)}，已过期"
        return ""


def _day(moment: datetime) -> str:
    return f"{localtime(moment):%Y-%m-%d}"
