"""The audit trail: added to, never changed; nothing in the business reads it to decide."""

from django.conf import settings
from django.db import models

from linxia_xueji.models.organisations import Organisation
from linxia_xueji.models.people import Post


class TrailEntry(models.Model):
    """Who did what, on which post, when, from where, with what before and after and under which version of the rules."""

    append_only = True

    at = models.DateTimeField("时间")
    action = models.CharField("操作", max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="机构")
    address = models.CharField("来源地址", max_length=64, blank=True)
    target_type = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象编号", max_length=40)
    target_label = models.CharField("对象", max_length=200)
    before = models.JSONField("操作前", null=True)
    after = models.JSONField("操作后", null=True)
    rule_version = models.CharField("规则版本", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作留痕"
        indexes = [models.Index(fields=["target_type", "target_id"]), models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target_label}"
