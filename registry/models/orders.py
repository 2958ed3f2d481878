"""Files that take longer than a page may: asked for, made by the worker, fetched by whoever asked."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from registry.enums import OrderKind, OrderState
from registry.models.admissions import AdmissionUpload
from registry.models.batches import EnrolmentBatch
from registry.models.rosters import ExportRecord


class FileOrder(models.Model):
    """One file asked for. It is kept sealed, for that person alone, until they ask for the next one."""

    kind = models.CharField("文件", max_length=10, choices=OrderKind)
    format = models.CharField("格式", max_length=4)
    batch = models.ForeignKey(
        EnrolmentBatch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批次"
    )
    upload = models.ForeignKey(
        AdmissionUpload, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="录取名单"
    )
    export = models.ForeignKey(
        ExportRecord, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导出记录"
    )
    site = models.CharField("门户地址", max_length=200)
    state = models.CharField("状态", max_length=8, choices=OrderState, default=OrderState.WAITING)
    done = models.PositiveIntegerField("已处理行数", default=0)
    total = models.PositiveIntegerField("总行数", default=0)
    error = models.TextField("未能制作的原因", blank=True)
    sealed = models.BinaryField("文件内容", null=True)
    noted = models.JSONField("留痕内容", default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导出人")
    asked_at = models.DateTimeField("导出时间")

    class Meta:
        verbose_name = verbose_name_plural = "导出任务"
        constraints = [
            models.CheckConstraint(
                condition=Q(batch__isnull=False, upload=None, export=None)
                | Q(batch=None, upload__isnull=False, export=None)
                | Q(batch=None, upload=None, export__isnull=False),
                name="order_of_one_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.batch.request.number if self.batch else self.upload or self.export}）"
