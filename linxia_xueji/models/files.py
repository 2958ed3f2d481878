"""Files by content hash, and the uses made of them: rights belong to the use, not to the hash."""

from django.conf import settings
from django.db import models

from linxia_xueji.models.organisations import Organisation
from linxia_xueji.models.scope import Scoped


class StoredFile(models.Model):
    """One content, kept once, encrypted, outside what is served."""

    sha256 = models.CharField("摘要", max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField("字节数")
    stored_at = models.DateTimeField("存入时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件"

    def __str__(self) -> str:
        return self.sha256[:12]


class FileUse(Scoped):
    """A file in one role of one record: the same scan may serve two students, each use has its own readers."""

    also_seen_by = {"party": None}  # noqa: RUF012

    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="uses", verbose_name="文件")
    party = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="另一方"
    )
    purpose = models.CharField("用途", max_length=40)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "文件使用"

    def __str__(self) -> str:
        return self.name
