"""What the calendar of working days rests on: the national notices loaded, and the local days entered here."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CalendarNotice(models.Model):
    """A notice of 国务院办公厅 on the free days of a year, as loaded. It counts from its day of issue.

    `free` is a list of [first, last], `work` a list of days, all as ISO dates. A notice typed wrongly is closed
    (`revoked_at`) and entered again; the rows seeded from the reference file have no `entered_by`.
    """

    document = models.CharField("文号", max_length=60)
    issued_on = models.DateField("印发日期")
    year = models.PositiveSmallIntegerField("年份")
    amends = models.CharField("调整的文号", max_length=60, blank=True)
    free = models.JSONField("放假日期", default=list)
    work = models.JSONField("调休上班日期", default=list, blank=True)
    source = models.CharField("来源", max_length=300, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="录入人"
    )
    recorded_at = models.DateTimeField("录入时间")
    revoked_at = models.DateTimeField("更正时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="更正人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "国家放假安排"
        ordering = ["issued_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(revoked_at=None), name="calendar_notice_one_in_force"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="calendar_notice_has_document"),
        ]

    def __str__(self) -> str:
        return f"{self.document}（{self.year}年）"


class LocalDay(models.Model):
    """A day that an authority makes free or working for itself and the organisations it runs, by a document of its own.

    At most one is in force per organisation and day: a later entry closes the earlier one, nothing is overwritten.
    """

    class Kind(models.TextChoices):
        FREE = "free", "放假"
        WORKING = "working", "上班"
        CANCELLED = "cancelled", "取消调休"

    organisation = models.ForeignKey(
        "linxia_xueji.Organisation", models.PROTECT, related_name="local_days", verbose_name="机构"
    )
    day = models.DateField("日期")
    kind = models.CharField("类型", max_length=10, choices=Kind)
    document_number = models.CharField("文号", max_length=60)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人"
    )
    revoked_document_number = models.CharField("停用依据文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "本地工作日安排"
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "day"], condition=Q(revoked_at=None), name="local_day_one_in_force"
            ),
            models.CheckConstraint(condition=~Q(document_number=""), name="local_day_has_document"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="local_day_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_kind_display()}"
