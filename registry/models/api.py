"""Who reads the register over HTTP, and how often they did."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from linxia_xueji.models import Organisation
from registry.enums import ApiPurpose


class ApiToken(models.Model):
    """A token of a using office. Only its digest is kept; it opens the students of one organisation, for one purpose."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="数据范围")
    using = models.CharField("使用单位和系统", max_length=100)
    purpose = models.CharField("用途", max_length=12, choices=ApiPurpose)
    digest = models.CharField("令牌摘要", max_length=64, unique=True)
    document_number = models.CharField("依据文号", max_length=60)
    valid_until = models.DateField("有效期至")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发放人")
    issued_at = models.DateTimeField("发放时间")
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人"
    )
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_by=None, revoked_at=None) | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="api_token_revoked_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.using}（{self.get_purpose_display()}）"


class ApiDay(models.Model):
    """How often a token asked on a day, and how many students it was told of by name."""

    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="days", verbose_name="令牌")
    day = models.DateField("日期")
    calls = models.PositiveIntegerField("次数", default=0)
    students = models.PositiveIntegerField("读取人数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "接口使用量"
        constraints = [models.UniqueConstraint(fields=["token", "day"], name="one_count_a_token_and_day")]

    def __str__(self) -> str:
        return f"{self.token} {self.day} {self.calls}"
