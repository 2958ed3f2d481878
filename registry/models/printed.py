"""What was printed: each set of data of a paper once, with the code by which it is checked."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from approvals.models import Request
from linxia_xueji.models import FileUse, OfficeCertificate
from registry.models.batches import EnrolmentBatch
from registry.models.comparing import Feedback
from registry.models.entry import TownshipLetter
from registry.models.findings import InspectionNotice
from registry.models.papers import CorrectionLetter
from registry.models.students import Enrolment
from registry.models.verifying import VerificationReport
from registry.paper_enums import SUBJECT_OF, PaperKind

SUBJECTS = tuple(dict.fromkeys(SUBJECT_OF.values()))


def _of_one_subject() -> Q:
    """A paper points to what its kind is about, and to nothing else."""
    whole = Q()
    for column in SUBJECTS:
        kinds = [kind.value for kind, about in SUBJECT_OF.items() if about == column]
        whole |= Q(kind__in=kinds, **{f"{name}__isnull": name != column for name in SUBJECTS})
    return whole


class Paper(models.Model):
    """A paper as printed on some day; whether it is superseded is asked of today's data, never stored."""

    append_only = True

    code = models.CharField("查验码", max_length=10, unique=True)
    kind = models.CharField("种类", max_length=10, choices=PaperKind)
    batch = models.ForeignKey(
        EnrolmentBatch, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="批次"
    )
    letter = models.ForeignKey(
        CorrectionLetter, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="便函"
    )
    request = models.ForeignKey(
        Request, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="申请"
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="学籍"
    )
    township = models.ForeignKey(
        TownshipLetter, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="提请责令入学函"
    )
    feedback = models.ForeignKey(
        Feedback, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="比对反馈"
    )
    report = models.ForeignKey(
        VerificationReport, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="核查报告"
    )
    inspection = models.ForeignKey(
        InspectionNotice, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="督查通报"
    )
    fingerprint = models.CharField("数据指纹", max_length=64)
    request_version = models.PositiveIntegerField("申请版本", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="首次导出人"
    )
    made_at = models.DateTimeField("首次导出时间")

    class Meta:
        verbose_name = verbose_name_plural = "可查验文件"
        constraints = [
            models.CheckConstraint(condition=_of_one_subject(), name="paper_of_one_subject"),
            models.UniqueConstraint(
                fields=["kind", *SUBJECTS, "fingerprint"], nulls_distinct=False, name="same_data_same_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"

    @property
    def subject(self) -> models.Model:
        """What it is about."""
        return getattr(self, SUBJECT_OF[PaperKind(self.kind)])


class PaperSignature(models.Model):
    """A paper signed with an office's certificate: the very file is kept, and handed out again for the same data."""

    append_only = True

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="signatures", verbose_name="文件")
    certificate = models.ForeignKey(OfficeCertificate, models.PROTECT, related_name="signatures", verbose_name="证书")
    file = models.OneToOneField(FileUse, models.PROTECT, related_name="+", verbose_name="已签名文件")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导出人")
    signed_at = models.DateTimeField("签名时间")

    class Meta:
        verbose_name = verbose_name_plural = "文件签名"
        constraints = [
            models.UniqueConstraint(fields=["paper", "certificate"], name="signed_once_with_a_certificate"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.certificate}"
