"""督办: what the level above wrote to whoever let a request pass its last day."""

from django.conf import settings
from django.db import models

from approvals.models.requests import Request


class OverdueNotice(models.Model):
    """That one office was told of a request having passed its last day: first its own head, then the office above."""

    append_only = True

    class Told(models.TextChoices):
        """Who was told."""

        HEAD = "head", "办理机构负责人"
        ABOVE = "above", "上一级主管部门"

    request = models.ForeignKey(Request, models.PROTECT, related_name="overdue_notices", verbose_name="申请")
    due_on = models.DateField("超过的期限")
    told = models.CharField("告知对象", max_length=8, choices=Told)
    organisation = models.ForeignKey(
        "linxia_xueji.Organisation", models.PROTECT, related_name="+", verbose_name="告知机构"
    )
    on = models.DateField("日期")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "超期告知"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "due_on", "told"], name="told_of_overdue_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.get_told_display()}"


class Supervision(models.Model):
    """One note from above about one late request; kept as it was sent."""

    append_only = True

    request = models.ForeignKey(Request, models.PROTECT, related_name="supervisions", verbose_name="申请")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="督办人")
    organisation = models.ForeignKey(
        "linxia_xueji.Organisation", models.PROTECT, related_name="+", verbose_name="督办机构"
    )
    addressee = models.ForeignKey(
        "linxia_xueji.Organisation", models.PROTECT, related_name="+", verbose_name="被督办机构"
    )
    note = models.CharField("要求", max_length=200)
    on = models.DateField("日期")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "督办"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "by", "on"], name="supervised_once_a_day"),
            models.CheckConstraint(condition=~models.Q(note=""), name="supervision_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.note}"
