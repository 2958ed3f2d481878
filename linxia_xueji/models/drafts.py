"""What a person typed into a form and has not handed in."""

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """The fields of one form as one person left them; the newest of two pages stands."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="填写人")
    path = models.CharField("表单", max_length=200)
    content = models.BinaryField("内容（加密）")
    saved_at = models.DateTimeField("保存时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "表单草稿"
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="one_draft_per_form")]

    def __str__(self) -> str:
        return self.path
