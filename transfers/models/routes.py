"""What the prefecture sets by document: routes in place of the built-in ones, grounds of 退学, and windows of 转学."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from linxia_xueji.enums import Stage
from linxia_xueji.models import Organisation


class RouteVersion(models.Model):
    """The steps of one business, stage and relation from a day on; a request keeps the route it began with."""

    append_only = True

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="州级主管部门")
    kind = models.CharField("业务", max_length=30)
    case = models.CharField("情形", max_length=40)
    steps = models.JSONField("环节")
    effective_from = models.DateField("生效日期")
    document_number = models.CharField("文号", max_length=60)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "办理路线"
        indexes = [models.Index(fields=["organisation", "kind", "case", "effective_from"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.case} {self.effective_from}"


class GroundsVersion(models.Model):
    """The grounds of 退学 from a day on, in their words; a request keeps those it was filed with."""

    append_only = True

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="州级主管部门")
    grounds = models.JSONField("事由")
    effective_from = models.DateField("生效日期")
    document_number = models.CharField("文号", max_length=60)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "退学事由"
        indexes = [models.Index(fields=["organisation", "effective_from"])]

    def __str__(self) -> str:
        return f"{self.document_number} {self.effective_from}"


class EnteredWindow(models.Model):
    """A window of 转学 that an authority entered with its document, where the calendar leaves it open or moves it."""

    append_only = True

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="机构")
    stage = models.CharField("学段", max_length=12, choices=Stage)
    first = models.DateField("第一天")
    last = models.DateField("最后一天")
    document_number = models.CharField("文号", max_length=60)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "转学办理期"
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="window_days_in_order")]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"
