"""A list somebody uploaded, on its way from the file to the register."""

from django.conf import settings
from django.db import models

from linxia_xueji.models import FileUse, Organisation
from registry.enums import UploadState


class UploadedList(models.Model):
    """One file, what the check found in it, and what the import would do."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="机构")
    file = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="文件")
    state = models.CharField("状态", max_length=12, choices=UploadState, default=UploadState.WAITING)
    done = models.PositiveIntegerField("已处理行数", default=0)
    total = models.PositiveIntegerField("总行数", default=0)
    valid = models.PositiveIntegerField("无误行数", default=0)
    faults = models.JSONField("问题", default=list)
    summary = models.JSONField("比对结果", default=dict)
    error = models.TextField("不能读取的原因", blank=True)
    only_clean = models.BooleanField("只导入无误行", default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间", null=True, blank=True)

    class Meta:
        abstract = True
