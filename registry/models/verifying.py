"""信息核查: a campaign, what each school attests class by class, the sample of the county, and each deviation to its end."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from approvals.models import Season
from linxia_xueji.access import access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation, Scoped
from linxia_xueji.secrets import SecretField
from registry.enums import EnrolmentState
from registry.models.students import Enrolment
from registry.verifying.enums import FIELD_CHOICES, DeviationEnd, DeviationKind, Phase, SampleResult, SchoolState

LONGEST_NOTE = 200


class VerificationQuerySet(models.QuerySet):
    """The prefecture and those above it see all; a county and a school those in which a school of theirs takes part."""

    def visible_to(self, user) -> "VerificationQuerySet":
        """Campaigns the person may look at."""
        seen = access_of(user).by_level(Permission.VIEW_REGISTER)
        above = Q(prefecture__in=seen.get(Level.PREFECTURE, ())) | Q(
            prefecture__parent__in=seen.get(Level.PROVINCE, ())
        )
        own = SchoolVerification.objects.visible_to(user).filter(verification=OuterRef("pk"))
        return self.filter(above | Exists(own))


class Verification(models.Model):
    """One campaign. Its roster is the register as of `roster_day`, as it was known when it was opened: nothing is copied."""

    prefecture = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="州级主管部门")
    school_year = models.PositiveSmallIntegerField("学年")
    season = models.CharField("学期", max_length=6, choices=Season)
    phase = models.CharField("时间", max_length=12, choices=Phase)
    roster_day = models.DateField("名册日期")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    opened_at = models.DateTimeField("发起时间")
    due_on = models.DateField("学校完成期限", null=True)
    sample_due_on = models.DateField("抽查完成期限", null=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "信息核查"
        constraints = [
            models.UniqueConstraint(
                fields=["prefecture", "school_year", "season", "phase"], name="one_verification_a_phase"
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_year}学年{self.get_season_display()}{self.get_phase_display()}学籍信息核查"


class SchoolVerification(Scoped):
    """What one school has to attest, and who attested and signed it (学籍管理员、校长, two persons)."""

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="schools", verbose_name="信息核查")
    students = models.PositiveIntegerField("名册人数", default=0)
    state = models.CharField("状态", max_length=8, choices=SchoolState, default=SchoolState.WORKING)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核查人"
    )
    attested_at = models.DateTimeField("核查完成时间", null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签字校长"
    )
    signed_at = models.DateTimeField("签字时间", null=True)
    returned_because = models.CharField("退回理由", max_length=LONGEST_NOTE, blank=True)
    reminded_on = models.DateField("催办日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "学校核查"
        constraints = [
            models.UniqueConstraint(fields=["verification", "school"], name="one_verification_a_school"),
            models.CheckConstraint(
                condition=Q(state=SchoolState.WORKING, attested_at=None, signed_at=None)
                | Q(state=SchoolState.ATTESTED, attested_at__isnull=False, attested_by__isnull=False, signed_at=None)
                | (
                    Q(state=SchoolState.SIGNED, attested_at__isnull=False, attested_by__isnull=False)
                    & Q(signed_at__isnull=False, signed_by__isnull=False)
                    & ~Q(signed_by=models.F("attested_by"))
                ),
                name="verification_signed_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school.short_name} {self.verification}"


class ClassAttestation(models.Model):
    """One class of the roster, and who attested that whoever is not noted as deviating is there as registered."""

    school_verification = models.ForeignKey(
        SchoolVerification, models.PROTECT, related_name="classes", verbose_name="学校核查"
    )
    grade = models.PositiveSmallIntegerField("年级")
    school_class = models.CharField("班级", max_length=20, blank=True)
    students = models.PositiveIntegerField("名册人数")
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核查人"
    )
    attested_at = models.DateTimeField("核查时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "班级核查"
        constraints = [
            models.UniqueConstraint(
                fields=["school_verification", "grade", "school_class"], name="one_attestation_a_class"
            ),
            models.CheckConstraint(
                condition=Q(attested_at=None, attested_by=None)
                | Q(attested_at__isnull=False, attested_by__isnull=False),
                name="class_attested_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade}年级{self.school_class}"


class Deviation(Scoped):
    """In what a student is otherwise than the roster says. It stays open until the register agrees.

    `actual` is what is right: the value of a field, or the ID number of somebody the roster does not have.
    """

    school_verification = models.ForeignKey(
        SchoolVerification, models.PROTECT, related_name="deviations", verbose_name="学校核查"
    )
    class_attestation = models.ForeignKey(
        ClassAttestation, models.PROTECT, related_name="deviations", verbose_name="班级"
    )
    kind = models.CharField("种类", max_length=8, choices=DeviationKind)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="+", verbose_name="学籍")
    name = models.CharField("姓名", max_length=100)
    field = models.CharField("项目", max_length=12, blank=True, choices=FIELD_CHOICES)
    registered = SecretField("学籍登记", blank=True, default="")
    actual = SecretField("实际", blank=True, default="")
    actual_grade = models.PositiveSmallIntegerField("实际年级", null=True)
    actual_class = models.CharField("实际班级", max_length=20, blank=True)
    actual_status = models.CharField("实际状态", max_length=12, blank=True, choices=EnrolmentState)
    birth_date = models.DateField("出生日期", null=True)
    note = models.CharField("说明", max_length=LONGEST_NOTE, blank=True)
    sampled = models.BooleanField("抽查发现", default=False)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    noted_at = models.DateTimeField("登记时间")
    due_on = models.DateField("期限", null=True)
    ended_as = models.CharField("结果", max_length=10, choices=DeviationEnd, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    ended_because = models.CharField("撤销理由", max_length=LONGEST_NOTE, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "核查差异"
        constraints = [
            models.UniqueConstraint(
                fields=["school_verification", "enrolment", "kind", "field"],
                condition=Q(ended_at=None),
                name="one_open_deviation",
            ),
            models.CheckConstraint(
                condition=Q(ended_as="", ended_at=None) | (~Q(ended_as="") & Q(ended_at__isnull=False)),
                name="deviation_ended_whole",
            ),
            models.CheckConstraint(
                condition=~Q(ended_as=DeviationEnd.WITHDRAWN) | (Q(ended_by__isnull=False) & ~Q(ended_because="")),
                name="deviation_withdrawn_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["school"], condition=Q(ended_at=None), name="deviations_of_school"),
            models.Index(fields=["county"], condition=Q(ended_at=None), name="deviations_of_county"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.pk}"


class Sample(Scoped):
    """What an authority checks of its own schools; `school` is the authority. The same seed draws the same students."""

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="samples", verbose_name="信息核查")
    seed = models.CharField("随机种子", max_length=20)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="抽取人")
    drawn_at = models.DateTimeField("抽取时间")

    class Meta:
        verbose_name = verbose_name_plural = "核查抽查"
        constraints = [models.UniqueConstraint(fields=["verification", "school"], name="one_sample_an_office")]

    def __str__(self) -> str:
        return f"{self.school.short_name} {self.verification}抽查"


class SampledStudent(models.Model):
    """One student drawn, and what the authority found."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="students", verbose_name="抽查")
    class_attestation = models.ForeignKey(ClassAttestation, models.PROTECT, related_name="+", verbose_name="班级")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name="学籍")
    result = models.CharField("结果", max_length=8, choices=SampleResult, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="抽查人"
    )
    checked_at = models.DateTimeField("抽查时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽查学生"
        constraints = [models.UniqueConstraint(fields=["sample", "enrolment"], name="drawn_once")]

    def __str__(self) -> str:
        return f"{self.sample} {self.pk}"


class VerificationReport(Scoped):
    """核查报告 as it was made: `school` is the authority, `counts` what it said on that day."""

    append_only = True

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="reports", verbose_name="信息核查")
    counts = models.JSONField("各单位数")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    made_at = models.DateTimeField("编制时间")

    class Meta:
        verbose_name = verbose_name_plural = "核查报告"

    def __str__(self) -> str:
        return f"{self.verification}报告（{self.school.short_name}）"
