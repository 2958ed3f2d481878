"""What a school teaches, its part of the 学号, and its admission plan."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from linxia_xueji.enums import Stage
from linxia_xueji.models import Organisation


class SchoolProfile(models.Model):
    """What the register needs to know of a school beyond its place among the organisations."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="profile", verbose_name="学校"
    )
    number_code = models.CharField(
        "学号学校码", max_length=4, unique=True, null=True, blank=True, help_text="4位，由州给定（假定）"
    )
    urban_area = models.CharField("所在城区", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学校概况"

    def __str__(self) -> str:
        return str(self.organisation)


class Programme(models.Model):
    """A stage a school teaches, from when to when."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes", verbose_name="学校")
    stage = models.CharField("学段", max_length=12, choices=Stage)
    valid_from = models.DateField("开设日期")
    valid_to = models.DateField("停办日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "办学学段"
        constraints = [models.UniqueConstraint(fields=["organisation", "stage", "valid_from"], name="one_programme")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_stage_display()}"


class AdmissionPlan(models.Model):
    """A plan as it was issued (州、县下达); an amendment adds a row, the latest in force counts."""

    append_only = True

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="admission_plans", verbose_name="学校")
    year = models.PositiveSmallIntegerField("招生年份")
    count = models.PositiveIntegerField("计划人数")
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="下达机构")
    document_number = models.CharField("文号", max_length=60)
    issued_on = models.DateField("下达日期")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "招生计划"
        indexes = [models.Index(fields=["school", "year", "issued_on"])]

    def __str__(self) -> str:
        return f"{self.year} {self.school} {self.count}人"


class Intake(models.Model):
    """The seats of one school and year: plan in force and places held. The database keeps `held` and forbids one too many.

    `held` is written by triggers on the candidates' seats alone, so that no code path can forget it
    (计划外不招一名学生、计划外不建一个学籍, notice 二).
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="intakes", verbose_name="学校")
    year = models.PositiveSmallIntegerField("招生年份")
    plan = models.PositiveIntegerField("计划人数", default=0)
    held = models.PositiveIntegerField("已占学位", default=0)
    last_serial = models.PositiveIntegerField("已用学号序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "招生学位"
        constraints = [
            models.UniqueConstraint(fields=["school", "year"], name="one_intake_a_year"),
            models.CheckConstraint(condition=Q(held__lte=F("plan")), name="seats_within_plan"),
            models.CheckConstraint(condition=Q(last_serial__lte=9999), name="serial_has_four_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.school} {self.held}/{self.plan}"


class Reopening(models.Model):
    """The prefecture reopens a school's registration after 30 September, with reason and document (assumed)."""

    append_only = True

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="学校")
    year = models.PositiveSmallIntegerField("招生年份")
    reason = models.TextField("理由")
    document_number = models.CharField("文号", max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "逾期重开"

    def __str__(self) -> str:
        return f"{self.year} {self.school}"
