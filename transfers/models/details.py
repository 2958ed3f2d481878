"""The particulars of each business; none of them is changed once the last decision is made."""

from django.db import models
from django.db.models import F, Q

from linxia_xueji.enums import Sex, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.secrets import Secret, SecretField
from registry.enums import IdType
from registry.models import Enrolment, KeyFacts, Problem
from transfers.enums import Direction, SuspensionReason
from transfers.models.changes import Change


class Detail(models.Model):
    """The particulars of one change."""

    change = models.OneToOneField(
        Change, models.PROTECT, primary_key=True, related_name="%(class)s", verbose_name="学籍变动"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.change)


class KeyValues(models.Model):
    """关键信息 as they are to become, or as a student from outside brings them."""

    name = models.CharField("姓名", max_length=100)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    birth_date = models.DateField("出生日期")
    id_type = models.CharField("身份证件类型", max_length=1, choices=IdType, default=IdType.RESIDENT)
    id_number = SecretField("身份证件号", blank=True, default="")

    class Meta:
        abstract = True


class Transfer(Detail):
    """转学: the receiving school starts it on the parents' application; where it goes outside, the sending one (三（二）1)."""

    direction = models.CharField("方向", max_length=10, choices=Direction, default=Direction.INSIDE)
    to_school = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="转入学校"
    )
    to_stage = models.CharField("转入学段", max_length=12, choices=Stage)
    to_grade = models.PositiveSmallIntegerField("转入年级")
    to_class = models.CharField("转入班级", max_length=20, blank=True)
    agreed_on = models.DateField("转入学校同意接收日期", null=True, blank=True)
    outside_school = models.CharField("州外学校", max_length=100, blank=True)
    outside_authority = models.CharField("州外主管部门", max_length=100, blank=True)
    outside_document = models.CharField("州外决定文号", max_length=60, blank=True)
    outside_decided_on = models.DateField("州外决定日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "转学"
        constraints = [
            models.CheckConstraint(
                condition=Q(direction=Direction.OUTGOING, to_school=None)
                | (~Q(direction=Direction.OUTGOING) & Q(to_school__isnull=False)),
                name="transfer_has_receiving_school",
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.INSIDE) | ~Q(outside_school=""), name="transfer_names_outside_school"
            ),
        ]


class IncomingPupil(KeyValues):
    """Who comes from outside the prefecture, until the last approval enters them in the register."""

    transfer = models.OneToOneField(
        Transfer, models.PROTECT, primary_key=True, related_name="pupil", verbose_name="转学"
    )
    ethnicity = models.CharField("民族", max_length=2)
    national_number = SecretField("全国学籍号", blank=True, default="")
    stage = models.CharField("现学段", max_length=12, choices=Stage)
    grade = models.PositiveSmallIntegerField("现年级")
    entry_year = models.PositiveSmallIntegerField("入学年份")
    suspended = models.BooleanField("现为休学", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "州外转入学生"

    def __str__(self) -> str:
        return self.name


class Suspension(Detail):
    """休学, first or 延长; both days belong to the period (三（二）2)."""

    starts_on = models.DateField("休学开始日期")
    ends_on = models.DateField("休学结束日期")
    cause = models.CharField("休学原因", max_length=10, choices=SuspensionReason)
    extension = models.BooleanField("延长休学期", default=False)
    consecutive_before = models.PositiveSmallIntegerField("此前连续休学次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "休学"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="suspension_dates_in_order")
        ]


class Resumption(Detail):
    """复学 into the grade left, or the one the former class is in now."""

    grade = models.PositiveSmallIntegerField("复学年级")
    school_class = models.CharField("复学班级", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "复学"


class Withdrawal(Detail):
    """退学 of a senior student on one of the prefecture's grounds (三（二）3), in the words of the list it was filed under.

    The words of an assumed ground stand beside its code (`transfers.grounds`), and are not kept again.
    """

    ground = models.CharField("退学条件", max_length=30, blank=True)
    ground_words = models.CharField("退学事由原文", max_length=100, blank=True)
    ground_source = models.CharField("退学事由文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "退学"


class Expulsion(Detail):
    """除名 of a senior student by the school's document."""

    document_number = models.CharField("文号", max_length=60)
    issued_on = models.DateField("文件日期")

    class Meta:
        verbose_name = verbose_name_plural = "除名"


class KeyInfoChange(Detail, KeyValues):
    """关键信息变更: what is to become of the facts of `before` (三（一）1)."""

    before = models.ForeignKey(KeyFacts, models.PROTECT, related_name="+", verbose_name="现关键信息")
    keeps_name = models.BooleanField("保留姓名原样", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "关键信息变更"

    @property
    def number_asked(self) -> Secret | None:
        """A new ID number of a resident, of which it must be known whether it is another student's."""
        new = self.id_type == IdType.RESIDENT and self.id_number and self.id_number != self.before.id_number
        return self.id_number if new else None


class Departure(Detail):
    """死亡 or 出国, reported with proof."""

    happened_on = models.DateField("发生日期")
    place = models.CharField("地点", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "死亡与出国"


class ProblemEvidence(Detail):
    """问题学籍佐证: the record is right as it is."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="+", verbose_name="问题学籍")

    class Meta:
        verbose_name = verbose_name_plural = "问题学籍佐证"


class ProblemDeletion(Detail):
    """问题学籍删除: the change's enrolment is a duplicate of the one that is kept."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="+", verbose_name="问题学籍")
    kept = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name="保留的学籍")

    class Meta:
        verbose_name = verbose_name_plural = "问题学籍删除"
