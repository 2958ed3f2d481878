"""“人籍一致”专项督查 (notice 一（二）): rounds, the schools visited, the students sampled, what was found and what came of it."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from linxia_xueji.models import FileUse, Organisation, Scoped, ScopedQuerySet
from linxia_xueji.reach import within
from registry.inspecting.enums import Sight, VisitState
from registry.models.students import Enrolment

LONGEST = 500


class RoundQuerySet(models.QuerySet):
    """The office that planned it and those above; a school, and the county of a school, once its visit has begun."""

    def visible_to(self, user) -> "RoundQuerySet":
        """Rounds the person may look at."""
        seen = access_of(user).organisations(Permission.VIEW_REGISTER)
        begun = InspectionVisit.objects.visible_to(user).filter(round=OuterRef("pk")).exclude(state=VisitState.PLANNED)
        return self.filter(within(seen, "organisation") | Exists(begun))


class InspectionRound(models.Model):
    """One round: which schools, how many classes and students of each, drawn by seed from the register of a day."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="组织单位")
    title = models.CharField("名称", max_length=60)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    roster_on = models.DateField("名册日期")
    seed = models.PositiveIntegerField("抽样种子")
    classes = models.PositiveSmallIntegerField("每校班级数")
    students = models.PositiveSmallIntegerField("每班学生数")
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="制定人")
    planned_at = models.DateTimeField("制定时间")
    called_off_at = models.DateTimeField("撤销时间", null=True, blank=True)
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤销人"
    )
    called_off_because = models.CharField("撤销理由", max_length=200, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专项督查"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="inspection_days_in_order"),
            models.CheckConstraint(condition=Q(classes__gte=1, students__gte=1), name="inspection_draws_somebody"),
            models.CheckConstraint(
                condition=Q(called_off_at=None, called_off_by=None, called_off_because="")
                | (Q(called_off_at__isnull=False, called_off_by__isnull=False) & ~Q(called_off_because="")),
                name="inspection_called_off_whole",
            ),
            models.UniqueConstraint(
                fields=["organisation", "title"], condition=Q(called_off_at=None), name="one_inspection_of_a_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class InspectionMember(models.Model):
    """One of the team: an account of the planning office, who may record on site, or a person without one, listed."""

    round = models.ForeignKey(InspectionRound, models.PROTECT, related_name="members", verbose_name="督查")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    name = models.CharField("姓名", max_length=50)
    office = models.CharField("单位", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查组成员"
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="once_in_an_inspection_team")]

    def __str__(self) -> str:
        return self.name


class InspectedQuerySet(ScopedQuerySet):
    """What is of a visit: seen by the planning office and those above it, by the school and its county once it has begun.

    `round_path` leads to the office of the round, `state_path` to the state of the visit; `scope_prefix` to its scope.
    """

    def open_to(self, access) -> "InspectedQuerySet":
        """The same for what somebody may do."""
        seen, ways = access.organisations(Permission.VIEW_REGISTER), self.ways_open_to(access)
        if not ways:
            return self.none()
        begun = reduce(or_, ways) & ~Q(**{self.model.state_path: VisitState.PLANNED})
        return self.filter(within(seen, self.model.round_path) | begun)


class InspectionVisit(Scoped):
    """One school of a round."""

    round_path, state_path = "round__organisation", "state"

    round = models.ForeignKey(InspectionRound, models.PROTECT, related_name="visits", verbose_name="督查")
    state = models.CharField("状态", max_length=8, choices=VisitState, default=VisitState.PLANNED)
    begun_at = models.DateTimeField("开始时间", null=True, blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="开始人"
    )
    visited_on = models.DateField("到校日期", null=True, blank=True)
    finished_at = models.DateTimeField("现场结束时间", null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结束人"
    )

    objects = InspectedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "到校检查"
        constraints = [
            models.UniqueConstraint(fields=["round", "school"], name="one_visit_a_school"),
            models.CheckConstraint(
                condition=Q(state=VisitState.PLANNED, begun_at=None, visited_on=None, finished_at=None)
                | Q(state=VisitState.UNDERWAY, begun_at__isnull=False, visited_on__isnull=False, finished_at=None)
                | Q(state=VisitState.FINISHED, visited_on__isnull=False, finished_at__isnull=False),
                name="visit_state_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.school}"


class InspectedStudent(models.Model):
    """A student who was drawn, as the register had them on the day of the roster, and what was last seen of them."""

    scope_prefix = "visit__"
    scope_names = ("school", "county", "prefecture", "province")
    also_seen_by = {}  # noqa: RUF012
    round_path, state_path = "visit__round__organisation", "visit__state"

    visit = models.ForeignKey(InspectionVisit, models.PROTECT, related_name="people", verbose_name="到校检查")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name="学籍")
    name = models.CharField("姓名", max_length=100)
    grade = models.PositiveSmallIntegerField("年级")
    school_class = models.CharField("班级", max_length=20, blank=True)
    result = models.CharField("结果", max_length=12, choices=Sight, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    version = models.PositiveIntegerField("登记次数", default=0)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", null=True, blank=True)

    objects = InspectedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查学生"
        constraints = [models.UniqueConstraint(fields=["visit", "enrolment"], name="one_row_a_student_and_visit")]

    def __str__(self) -> str:
        return self.name


class InspectionTick(models.Model):
    """Each time something was recorded of a student. The key comes from the telephone: the same one is written once."""

    append_only = True

    student = models.ForeignKey(InspectedStudent, models.PROTECT, related_name="ticks", verbose_name="抽查学生")
    key = models.UUIDField("送出编号", unique=True)
    version = models.PositiveIntegerField("第几次")
    result = models.CharField("结果", max_length=12, choices=Sight, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "抽查登记"
        constraints = [models.UniqueConstraint(fields=["student", "version"], name="one_tick_a_version")]

    def __str__(self) -> str:
        return f"{self.student} {self.get_result_display()}"


class InspectionPhoto(models.Model):
    """A picture taken on site, upright and without what the camera wrote into it."""

    append_only = True
    scope_prefix = "visit__"
    scope_names = InspectedStudent.scope_names
    also_seen_by = {}  # noqa: RUF012
    round_path, state_path = InspectedStudent.round_path, InspectedStudent.state_path

    visit = models.ForeignKey(InspectionVisit, models.PROTECT, related_name="photos", verbose_name="到校检查")
    student = models.ForeignKey(
        InspectedStudent, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name="抽查学生"
    )
    file = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="照片")
    caption = models.CharField("说明", max_length=60, blank=True)
    key = models.UUIDField("送出编号", unique=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    taken_at = models.DateTimeField("上传时间")

    objects = InspectedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督查照片"

    def __str__(self) -> str:
        return f"督查照片{self.pk}"
