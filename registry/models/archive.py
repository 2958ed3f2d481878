"""What lies in a student's archive beyond the register itself, and its way to the next school."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from linxia_xueji.models import FileUse, ScopedQuerySet
from registry.enums import ArchivePart
from registry.models.students import Enrolment


class ArchiveItem(models.Model):
    """One material: a scan, or the note that the paper lies in the school's archive. Taken out with a reason, never deleted."""

    scope_prefix = "enrolment__"
    scope_names = Enrolment.scope_names
    also_seen_by = {}  # noqa: RUF012

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="archive_items", verbose_name="学籍")
    part = models.CharField("部分", max_length=12, choices=ArchivePart)
    title = models.CharField("材料名称", max_length=60)
    dated = models.DateField("材料日期")
    file = models.ForeignKey(FileUse, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="扫描件")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="归档人")
    added_at = models.DateTimeField("归档时间")
    removed_at = models.DateTimeField("撤出时间", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤出人"
    )
    removed_because = models.CharField("撤出理由", max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "归档材料"
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None, removed_because="")
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removed_because="")),
                name="archive_item_removed_whole",
            )
        ]
        indexes = [models.Index(fields=["enrolment", "part"], condition=Q(removed_at=None), name="archive_items_there")]

    def __str__(self) -> str:
        return self.title


class ArchiveHandover(models.Model):
    """The archive goes along with a transfer: what was in it, file by file with fingerprints, and when it was received."""

    scope_prefix = "present__"
    scope_names = Enrolment.scope_names
    also_seen_by = {}  # noqa: RUF012

    former = models.OneToOneField(Enrolment, models.PROTECT, related_name="archive_left", verbose_name="转出学籍")
    present = models.OneToOneField(Enrolment, models.PROTECT, related_name="archive_came", verbose_name="转入学籍")
    listing = models.JSONField("移交清单")
    """List of {part, title, dated, sha256, size}; sha256 and size are empty for what lies on paper."""
    handed_at = models.DateTimeField("移交时间")
    received_on = models.DateField("接收日期", null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="接收人"
    )
    note = models.CharField("接收说明", max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "档案移交"
        constraints = [
            models.CheckConstraint(
                condition=Q(received_on=None, received_by=None)
                | Q(received_on__isnull=False, received_by__isnull=False),
                name="archive_received_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.former} → {self.present}"
