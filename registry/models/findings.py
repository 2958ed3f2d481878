"""What an inspection found (notice 一（二）), its way until it is put right, and the 通报 of what is not."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from linxia_xueji.models import FileUse, Scoped
from registry.inspecting.enums import FindingAct, FindingState
from registry.models.inspecting import LONGEST, InspectedQuerySet, InspectedStudent, InspectionVisit


class Finding(Scoped):
    """One finding at a school, with the clause it rests on and the day by which it is to be put right."""

    round_path, state_path = "visit__round__organisation", "visit__state"

    visit = models.ForeignKey(InspectionVisit, models.PROTECT, related_name="findings", verbose_name="到校检查")
    student = models.ForeignKey(
        InspectedStudent, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="抽查学生"
    )
    clause = models.CharField("条款", max_length=20)
    words = models.CharField("问题", max_length=LONGEST)
    due_on = models.DateField("整改期限")
    state = models.CharField("状态", max_length=10, choices=FindingState, default=FindingState.OPEN)
    key = models.UUIDField("送出编号", unique=True)

    objects = InspectedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督查问题"
        indexes = [models.Index(fields=["visit", "state"], name="findings_of_a_visit")]

    def __str__(self) -> str:
        return f"督查问题{self.pk}"


class FindingEvent(models.Model):
    """What was done about a finding: who, when, what, in which words."""

    append_only = True

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="events", verbose_name="督查问题")
    act = models.CharField("动作", max_length=8, choices=FindingAct)
    state = models.CharField("此后状态", max_length=10, choices=FindingState)
    words = models.CharField("说明", max_length=LONGEST)
    file = models.ForeignKey(FileUse, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="佐证照片")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "督查问题办理"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_act_display()


class InspectionNotice(Scoped):
    """通报 of a school: 对问题整改不到位的予以通报并追究学校及相关人员责任. Its form is assumed."""

    round_path, state_path = Finding.round_path, Finding.state_path

    visit = models.ForeignKey(InspectionVisit, models.PROTECT, related_name="notices", verbose_name="到校检查")
    number = models.CharField("文号", max_length=60)
    words = models.CharField("责任追究意见", max_length=LONGEST)
    issued_on = models.DateField("通报日期")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="签发人")
    issued_at = models.DateTimeField("签发时间")

    objects = InspectedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督查通报"
        constraints = [models.UniqueConstraint(fields=["prefecture", "number"], name="one_notice_a_number")]

    def __str__(self) -> str:
        return self.number


class NoticedFinding(models.Model):
    """A finding of a 通报, with why it counts as not put right."""

    append_only = True

    notice = models.ForeignKey(InspectionNotice, models.PROTECT, related_name="findings", verbose_name="督查通报")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="noticed", verbose_name="督查问题")
    reason = models.CharField("复查情况", max_length=LONGEST)

    class Meta:
        verbose_name = verbose_name_plural = "通报问题"
        constraints = [models.UniqueConstraint(fields=["notice", "finding"], name="once_in_a_notice")]

    def __str__(self) -> str:
        return f"{self.notice} {self.finding}"


class NoticedPerson(models.Model):
    """A person named in a 通报."""

    append_only = True

    notice = models.ForeignKey(InspectionNotice, models.PROTECT, related_name="people", verbose_name="督查通报")
    name = models.CharField("姓名", max_length=50)
    post = models.CharField("职务", max_length=40)
    office = models.CharField("单位", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "通报人员"
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="noticed_person_has_a_name")]

    def __str__(self) -> str:
        return self.name
