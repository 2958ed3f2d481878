"""Rosters taken out of the portal: who, what, how many, what for, and who released it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from linxia_xueji.models import Post, Scoped
from registry.enums import ExportPurpose, ExportState, OrderKind


class ExportRecord(Scoped):
    """One roster asked for by an office (`school` and those above it). It is taken out once."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导出人")
    kind = models.CharField("文件", max_length=10, choices=OrderKind, default=OrderKind.ROLL)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="岗位")
    asked_at = models.DateTimeField("申请时间")
    day = models.DateField("截至日期")
    conditions = models.JSONField("条件", default=dict)
    told = models.CharField("范围", max_length=300)
    columns = models.JSONField("栏目")
    count = models.PositiveIntegerField("人数")
    purpose = models.CharField("用途", max_length=12, choices=ExportPurpose)
    purpose_text = models.CharField("用途说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=8, choices=ExportState)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    decision_note = models.CharField("批准意见", max_length=200, blank=True)
    taken_at = models.DateTimeField("取出时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导出记录"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="export_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")), name="export_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) & ~Q(state=ExportState.TAKEN)
                | Q(taken_at__isnull=False, state=ExportState.TAKEN),
                name="export_taken_whole",
            ),
        ]

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return {ExportState.WAITING: "info", ExportState.OPEN: "warn", ExportState.REFUSED: "bad"}.get(self.state, "ok")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.get_purpose_display()}，{self.count}人）"
