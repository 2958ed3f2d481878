"""A workbook of schools and people on its way in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from linxia_xueji.models import FileUse, Organisation
from registry.enums import UploadState


class OfficeUpload(models.Model):
    """One file, what its check found and what its import made; initial passwords are handed out once and not kept."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="机构")
    file = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="文件")
    state = models.CharField("状态", max_length=12, choices=UploadState, default=UploadState.CHECKED)
    faults = models.JSONField("问题", default=list)
    summary = models.JSONField("预检结果", default=dict)
    accounts = models.JSONField("新建账号", default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间", null=True, blank=True)
    handed_out_at = models.DateTimeField("初始密码下载时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位人员上传"
        constraints = [
            models.CheckConstraint(
                condition=Q(imported_at=None, imported_by=None)
                | Q(imported_at__isnull=False, imported_by__isnull=False),
                name="office_import_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"单位和人员（{self.file.name}）"
