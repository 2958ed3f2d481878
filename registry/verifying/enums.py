"""Closed lists of 信息核查."""

from django.db.models import TextChoices

from registry.comparing.enums import DifferenceKind


class Phase(TextChoices):
    """When the register is verified (每学期初和学期末; 秋季开学学生学籍注册完成后必须立即, notice 三（一）1、3)."""

    BEGIN = "begin", "学期初"
    END = "end", "学期末"
    REGISTRATION = "registration", "新生注册后"


class SchoolState(TextChoices):
    """How far a school has come. WORKING → ATTESTED by the registrar → SIGNED by the head, who may give it back."""

    WORKING = "working", "核查中"
    ATTESTED = "attested", "待校长签字"
    SIGNED = "signed", "已签字"


class DeviationKind(TextChoices):
    """In what the classroom differs from the roster."""

    ABSENT = "absent", "在册不在校"
    EXTRA = "extra", "在校不在册"
    GRADE = "grade", "实际年级、班级不符"
    FIELD = "field", "关键信息不符"
    STATUS = "status", "学籍状态不符"


class DeviationEnd(TextChoices):
    """How a deviation ended."""

    AGREED = "agreed", "学籍已一致"
    WITHDRAWN = "withdrawn", "登记有误，已撤销"


class SampleResult(TextChoices):
    """What an authority found of a student it drew."""

    AGREES = "agrees", "一致"
    DEVIATES = "deviates", "有差异"


FIELD_CHOICES = [
    ("name", "姓名"), ("sex", "性别"), ("birth_date", "出生日期"), ("ethnicity", "民族"), ("id_number", "身份证件号"),
]  # fmt: skip
"""关键信息 that are held against the household register (以实际户籍信息为准)."""

AS_DIFFERENCE = {
    DeviationKind.ABSENT: DifferenceKind.ONLY_REGISTER,
    DeviationKind.EXTRA: DifferenceKind.NOT_HERE,
    DeviationKind.GRADE: DifferenceKind.GRADE,
    DeviationKind.FIELD: DifferenceKind.FIELD,
    DeviationKind.STATUS: DifferenceKind.STATUS,
}
"""The kind of difference between books that is settled by the same businesses."""
