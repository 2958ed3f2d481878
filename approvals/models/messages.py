"""What people are told in the portal, and the e-mail a day that says so outside of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from approvals.models.requests import Request


class DigestAddress(models.Model):
    """Where a person wants the digest of unread messages; who has none gets none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_address", verbose_name="收件人"
    )
    address = models.EmailField("邮箱")
    set_at = models.DateTimeField("设置时间")

    class Meta:
        verbose_name = verbose_name_plural = "消息摘要邮箱"

    def __str__(self) -> str:
        return f"{self.user}的消息摘要邮箱"


class Digest(models.Model):
    """One e-mail to one person on one day, written down before it goes out: so a restart neither loses nor repeats it."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests", verbose_name="收件人")
    address = models.EmailField("邮箱")
    on = models.DateField("日期")
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    error = models.CharField("未能发出的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息摘要"
        constraints = [models.UniqueConstraint(fields=["to", "on"], name="one_digest_a_day")]
        indexes = [models.Index(fields=["on"], condition=Q(sent_at=None), name="digest_waiting")]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}消息摘要"


class Message(models.Model):
    """A line to one person: about one request, or with the address of what else it is about."""

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="portal_messages", verbose_name="收件人"
    )
    request = models.ForeignKey(Request, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申请")
    link = models.CharField("页面", max_length=200, blank=True)
    text = models.CharField("内容", max_length=300)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    digest = models.ForeignKey(
        Digest, models.SET_NULL, null=True, blank=True, related_name="messages", verbose_name="消息摘要"
    )

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        indexes = [
            models.Index(fields=["to", "-at"]),
            models.Index(fields=["to"], condition=Q(read_at=None), name="message_unread"),
        ]

    def __str__(self) -> str:
        return self.text
