"""Papers about one candidate: the county's correction letter, and deferral or force majeure."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from linxia_xueji.models import FileUse, Organisation, Scoped
from linxia_xueji.secrets import SecretField
from registry.enums import LISTED_FIELDS, DeferralKind
from registry.models.batches import Candidate


class CorrectionLetter(Scoped):
    """信息更正便函 of the county of exam registration (由学生中考报名所在县市教育局出具, notice 二), asked for by the school."""

    also_seen_by = {"issuer": None}  # noqa: RUF012

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="letters", verbose_name="学生")
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="出具机构")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    asked_note = models.CharField("申请说明", max_length=200, blank=True)
    number = models.CharField("便函编号", max_length=60, blank=True)
    issued_on = models.DateField("出具日期", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="出具人"
    )
    proof = models.ForeignKey(FileUse, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="证明材料")
    declined_on = models.DateField("不予出具日期", null=True, blank=True)
    decline_reason = models.CharField("不予出具的理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "信息更正便函"
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on=None, issued_by=None, number="", proof=None)
                | (Q(issued_on__isnull=False, issued_by__isnull=False, proof__isnull=False) & ~Q(number="")),
                name="letter_issued_whole",
            ),
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(issued_on=None, declined_on=None), name="one_letter_asked_for"
            ),
        ]
        indexes = [
            models.Index(fields=["issuer"], condition=Q(issued_on=None, declined_on=None), name="letters_to_issue")
        ]

    def __str__(self) -> str:
        return f"更正便函（{self.candidate}）"

    @property
    def status(self) -> str:
        """待出具, 已出具 or 不予出具."""
        return "已出具" if self.issued_on else "不予出具" if self.declined_on else "待出具"


class CorrectionItem(models.Model):
    """One field the letter corrects: as listed and as it should be, both sealed."""

    letter = models.ForeignKey(CorrectionLetter, models.PROTECT, related_name="items", verbose_name="便函")
    field = models.CharField("字段", max_length=12, choices=list(LISTED_FIELDS.items()))
    listed = SecretField("录取名单信息")
    corrected = SecretField("更正为")

    class Meta:
        verbose_name = verbose_name_plural = "更正项"
        constraints = [models.UniqueConstraint(fields=["letter", "field"], name="one_item_a_field")]

    def __str__(self) -> str:
        return self.get_field_display()


class Deferral(models.Model):
    """延期注册手续 or 不可抗力等正当事由: application, proof, until when, accepted by whom (senior: by the school; assumed)."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="deferrals", verbose_name="学生")
    kind = models.CharField("类别", max_length=14, choices=DeferralKind)
    reason = models.CharField("原因", max_length=200)
    until = models.DateField("延期至", null=True, blank=True)
    proof = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="证明材料")
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    applied_on = models.DateField("申请日期")
    accepted_on = models.DateField("同意日期", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="同意人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "延期注册"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="deferral") | Q(until__isnull=False), name="deferral_says_until_when"
            ),
            models.CheckConstraint(
                condition=Q(accepted_on=None, accepted_by=None)
                | Q(accepted_on__isnull=False, accepted_by__isnull=False),
                name="acceptance_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.candidate}）"
