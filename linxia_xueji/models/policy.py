"""Settings of the prefecture: dated, each with its document and basis; a request keeps those it began with."""

from django.conf import settings
from django.db import models

from linxia_xueji.models.organisations import Organisation


class PolicyValue(models.Model):
    """One value of one setting from a day on; changing it adds a row."""

    append_only = True

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="机构")
    key = models.CharField("设置项", max_length=60)
    value = models.JSONField("取值")
    effective_from = models.DateField("生效日期")
    document_number = models.CharField("文号", max_length=60)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "政策设置"
        indexes = [models.Index(fields=["organisation", "key", "effective_from"])]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
