"""The papers that can be checked, and what each kind is about."""

from django.db.models import TextChoices


class PaperKind(TextChoices):
    """The papers that bear a code by which they can be checked."""

    ANNEX1 = "annex1", "附件1 审批表"
    ANNEX2 = "annex2", "附件2 登记表"
    LETTER = "letter", "信息更正便函"
    APPROVAL = "approval", "申请审批表"
    NOTICE = "notice", "受理通知书"
    REFUSAL = "refusal", "不予办理通知书"
    BASE_INFO = "base_info", "学生学籍基础信息表"
    ARCHIVE = "archive", "学籍档案目录与基本信息"
    TOWNSHIP = "township", "提请责令入学函"
    COMPARISON = "comparison", "比对结果反馈函"
    VERIFICATION = "verify", "信息核查报告"
    INSPECTION = "inspect", "督查通报"


SUBJECT_OF = {
    PaperKind.ANNEX1: "batch",
    PaperKind.ANNEX2: "batch",
    PaperKind.LETTER: "letter",
    PaperKind.APPROVAL: "request",
    PaperKind.NOTICE: "request",
    PaperKind.REFUSAL: "request",
    PaperKind.BASE_INFO: "enrolment",
    PaperKind.ARCHIVE: "enrolment",
    PaperKind.TOWNSHIP: "township",
    PaperKind.COMPARISON: "feedback",
    PaperKind.VERIFICATION: "report",
    PaperKind.INSPECTION: "inspection",
}
"""What a paper of each kind is about: the one column of `Paper` that is filled."""
