"""Students and their enrolments over time: dated rows; corrections add, only closing updates."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from linxia_xueji.enums import Sex, Stage
from linxia_xueji.models import Organisation, ScopedQuerySet
from linxia_xueji.secrets import SecretField, index_of
from registry.enums import Boarding, Bucket, Ending, EnrolmentState, IdType, LeftBehind


class Student(models.Model):
    """A person for life; all that can change about them stands in dated rows."""

    national_number = SecretField("全国学籍号", blank=True, default="")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "学生"
        indexes = [models.Index(index_of("national_number"), name="student_national_index")]

    def __str__(self) -> str:
        return f"学生{self.pk}"


def closed_whole(day: str) -> models.CheckConstraint:
    """Whatever ends says since when that is known: both or neither."""
    both = Q(**{day: None}, closed_at=None) | Q(**{f"{day}__isnull": False}, closed_at__isnull=False)
    return models.CheckConstraint(condition=both, name="%(class)s_closed_whole")


class Dated(models.Model):
    """A fact with the days on which it held, and the moments from which its beginning and its end were known.

    The day it ends on is the first on which it no longer holds; `registry.as_of` reads what held and what was known.
    """

    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True, blank=True)
    recorded_at = models.DateTimeField("录入时间")
    closed_at = models.DateTimeField("止日录入时间", null=True, blank=True)
    # No index: nobody looks facts up by who recorded them, and every fact would pay for it. No key either: whoever
    # records stands in the trail, whose own key keeps the account.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False,
        verbose_name="录入人",
    )  # fmt: skip

    class Meta:
        abstract = True
        constraints = [closed_whole("valid_to")]


class KeyFacts(Dated):
    """关键信息 as they held from a day on; kept for good."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="key_facts", verbose_name="学生")
    name = models.CharField("姓名", max_length=100)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    ethnicity = models.CharField("民族", max_length=2)
    birth_date = models.DateField("出生日期")
    id_type = models.CharField("身份证件类型", max_length=1, choices=IdType, default=IdType.RESIDENT)
    id_number = SecretField("身份证件号", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "关键信息"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["student"], condition=Q(valid_to=None), name="one_set_of_key_facts"),
            models.UniqueConstraint(
                index_of("id_number"),
                name="one_student_an_id_number",
                condition=Q(valid_to=None, id_type=IdType.RESIDENT),
            ),
        ]
        indexes = [models.Index(index_of("id_number"), name="key_facts_id_index")]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """学籍: a student at a school in a stage; the number is issued once and never reused."""

    scope_prefix = ""
    scope_names = ("school", "county", "prefecture", "prefecture__parent")
    also_seen_by = {}  # noqa: RUF012

    student = models.ForeignKey(Student, models.PROTECT, related_name="enrolments", verbose_name="学生")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="enrolments", verbose_name="学校")
    # Copies of who runs the school: its own keys hold them, and checking them again would cost an import as much as the school.
    county = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_constraint=False, verbose_name="县级主管部门"
    )
    prefecture = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_constraint=False, verbose_name="州级主管部门"
    )
    stage = models.CharField("学段", max_length=12, choices=Stage)
    bucket = models.CharField("唯一范围", max_length=8, choices=Bucket)
    entry_year = models.PositiveSmallIntegerField("入学年份")
    begins_on = models.DateField("入学日期")
    ends_on = models.DateField("终止日期", null=True, blank=True)
    ending = models.CharField("终止方式", max_length=12, choices=Ending, blank=True)
    recorded_at = models.DateTimeField("录入时间")
    closed_at = models.DateTimeField("终止录入时间", null=True, blank=True)
    pending = models.BooleanField("待转入", default=False, db_default=False)
    """Taken in while a former enrolment of the same bucket is still open elsewhere (一（二）); `registry.deeds` keeps it."""

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学籍"
        constraints = [
            models.UniqueConstraint(
                fields=["student", "bucket"], condition=Q(ends_on=None, pending=False), name="one_active_enrolment"
            ),
            models.UniqueConstraint(
                fields=["student", "bucket"], condition=Q(ends_on=None, pending=True), name="one_pending_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None, ending="") | (Q(ends_on__isnull=False) & ~Q(ending="")),
                name="enrolment_ends_whole",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")), name="enrolment_dates_in_order"
            ),
            closed_whole("ends_on"),
            models.CheckConstraint(
                condition=~Q(ending=Ending.COMPLETED) | Q(stage=Stage.SENIOR), name="completed_in_senior_alone"
            ),
        ]

    def __str__(self) -> str:
        return f"学籍{self.pk}（{self.school}）"


class EnrolmentStatus(Dated):
    """在读 or 休学, from when to when."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="statuses", verbose_name="学籍")
    status = models.CharField("状态", max_length=12, choices=EnrolmentState)

    class Meta:
        verbose_name = verbose_name_plural = "学籍状态"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["enrolment"], condition=Q(valid_to=None), name="one_present_status"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()


class EnrolmentGrade(Dated):
    """The grade (1–12) and class, from when to when."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="grades", verbose_name="学籍")
    grade = models.PositiveSmallIntegerField("年级")
    school_class = models.CharField("班级", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "年级"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["enrolment"], condition=Q(valid_to=None), name="one_present_grade"),
            models.CheckConstraint(condition=Q(grade__range=(1, 12)), name="grade_1_to_12"),
        ]

    def __str__(self) -> str:
        return str(self.grade)


class Circumstances(Dated):
    """How the student lives while at the school: boarding, left behind; from when to when. Empty where it is not known."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="circumstances", verbose_name="学籍")
    boarding = models.CharField("就读方式", max_length=1, choices=Boarding, blank=True)
    left_behind = models.CharField("是否留守儿童", max_length=1, choices=LeftBehind, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "就读情况"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["enrolment"], condition=Q(valid_to=None), name="one_present_circumstances"),
        ]

    def __str__(self) -> str:
        return f"{self.get_boarding_display()} {self.get_left_behind_display()}"
