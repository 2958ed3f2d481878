"""The papers of a change, one slot each; what was measured on the scan, and what the head attested."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from approvals.models import Request
from linxia_xueji.models import FileUse, ScopedQuerySet
from transfers.models.changes import Change


class Proof(models.Model):
    """One scan in one slot. A better one replaces it and it stays; two students may share the file, each use its own.

    要求上传照片为图像规整清晰完整 (三（一）1): what was measured is kept with it, and a scan measured doubtful goes on only
    when the head has looked and confirmed it legible, with a reason (assumed).
    """

    scope_prefix = "change__request__"
    also_seen_by = Request.also_seen_by

    change = models.ForeignKey(Change, models.PROTECT, related_name="proofs", verbose_name="学籍变动")
    slot = models.CharField("材料", max_length=30)
    file = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="文件")
    measures = models.JSONField("测量值", default=dict)
    doubts = models.JSONField("存疑", default=list)
    legible_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认清晰可辨"
    )
    legible_at = models.DateTimeField("确认时间", null=True, blank=True)
    legible_reason = models.CharField("确认理由", max_length=200, blank=True)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对原件"
    )
    attested_at = models.DateTimeField("核对时间", null=True, blank=True)
    replaced_at = models.DateTimeField("更换时间", null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "证明材料"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "slot"], condition=Q(replaced_at=None), name="one_scan_a_slot"),
            models.CheckConstraint(
                condition=Q(legible_by=None, legible_at=None, legible_reason="")
                | (Q(legible_by__isnull=False, legible_at__isnull=False) & ~Q(legible_reason="")),
                name="legible_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(attested_by=None, attested_at=None)
                | Q(attested_by__isnull=False, attested_at__isnull=False),
                name="attested_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot}（{self.change}）"

    @property
    def is_doubtful(self) -> bool:
        """Whether something was measured that nobody has confirmed legible."""
        return bool(self.doubts) and self.legible_by_id is None
