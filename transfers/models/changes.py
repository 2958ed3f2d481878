"""What every business of 学籍变动 has: the request it walks the chain with, the student, who applied, and 国网办结."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from approvals.models import Request
from linxia_xueji.models import ScopedQuerySet
from registry.models import Enrolment
from transfers.enums import Relation


class Change(models.Model):
    """One change of one student's enrolment; its particulars stand in the table of its business.

    No enrolment yet where a student comes from outside the prefecture: the last approval makes one.
    """

    scope_prefix = "request__"
    also_seen_by = Request.also_seen_by

    request = models.OneToOneField(Request, models.PROTECT, related_name="change", verbose_name="申请")
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name="学籍"
    )
    applicant = models.CharField("申请人", max_length=100)
    relation = models.CharField("与学生关系", max_length=12, choices=Relation)
    reason = models.CharField("申请理由", max_length=200, blank=True)
    national_on = models.DateField("国网办结日期", null=True, blank=True)
    national_by = models.CharField("国网经办人", max_length=100, blank=True)
    national_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学籍变动"
        constraints = [
            models.CheckConstraint(
                condition=Q(national_on=None, national_by="", national_recorded_by=None)
                | (Q(national_on__isnull=False, national_recorded_by__isnull=False) & ~Q(national_by="")),
                name="national_completion_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.request)
