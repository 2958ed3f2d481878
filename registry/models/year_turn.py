"""The turn of a school year: what it did to whom, so that it can be taken back exactly until it is confirmed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from approvals.models import Request
from linxia_xueji.models import Organisation, ScopedQuerySet
from registry.enums import Fate, ItemOutcome, TurnState
from registry.models.students import Enrolment, Student

LONGEST_REASON = 200


class YearTurn(models.Model):
    """The turn of one school year for a whole prefecture; the new year holds from `day` on."""

    prefecture = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="州级主管部门")
    school_year = models.PositiveSmallIntegerField("学年")
    day = models.DateField("起算日")
    state = models.CharField("状态", max_length=12, choices=TurnState, default=TurnState.PREVIEW)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开启人")
    opened_at = models.DateTimeField("开启时间")
    counted_at = models.DateTimeField("统计时间", null=True, blank=True)
    run_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人"
    )
    started_at = models.DateTimeField("开始处理时间", null=True, blank=True)
    ended_at = models.DateTimeField("处理完成时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学年处理"
        constraints = [
            models.UniqueConstraint(fields=["prefecture", "school_year"], name="one_turn_a_school_year"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None) & ~Q(state=TurnState.CONFIRMED)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, state=TurnState.CONFIRMED),
                name="turn_confirmed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_year}学年升级毕业"


class OfSchool(models.Model):
    """A part of a turn that belongs to one school; who may see the school may see it."""

    scope_prefix = ""
    scope_names = ("school", "county", "prefecture", "prefecture__parent")
    also_seen_by = {}  # noqa: RUF012

    turn = models.ForeignKey(YearTurn, models.PROTECT, related_name="%(class)s_set", verbose_name="学年处理")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="学校")
    county = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="县级主管部门")
    prefecture = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="州级主管部门"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class TurnSchool(OfSchool):
    """A school in a run: done, or still to do. A run that broke off goes on with those that are not done."""

    done_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学年处理学校"
        constraints = [models.UniqueConstraint(fields=["turn", "school"], name="a_school_once_a_turn")]

    def __str__(self) -> str:
        return f"{self.turn} {self.school}"


class TurnTally(OfSchool):
    """How many of one grade of a school fare alike in a turn, counted at one moment."""

    stage = models.CharField("学段", max_length=12)
    grade = models.PositiveSmallIntegerField("年级")
    fate = models.CharField("处理", max_length=12, choices=Fate)
    count = models.PositiveIntegerField("人数")

    class Meta:
        verbose_name = verbose_name_plural = "学年处理统计"
        constraints = [
            models.UniqueConstraint(fields=["turn", "school", "stage", "grade", "fate"], name="one_tally_of_a_fate")
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.grade} {self.get_fate_display()} {self.count}"


class TurnMove(models.Model):
    """What a turn did to one enrolment: the rows it closed and those it added, by id. Taken back, it is deleted.

    The rows added are named without foreign keys: they go while this row is still there.
    """

    turn = models.ForeignKey(YearTurn, models.PROTECT, related_name="moves", verbose_name="学年处理")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="学校", db_index=False)
    student = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name="学生", db_index=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name="学籍")
    stage = models.CharField("学段", max_length=12)
    grade = models.PositiveSmallIntegerField("原年级")
    fate = models.CharField("处理", max_length=12, choices=Fate)
    at = models.DateTimeField("时间")
    former_grade = models.BigIntegerField("截止的年级记录")
    former_status = models.BigIntegerField("截止的状态记录", null=True)
    former_circumstances = models.BigIntegerField("截止的就读情况记录", null=True)
    next_grade = models.BigIntegerField("新的年级记录", null=True)
    next_enrolment = models.BigIntegerField("接收校的学籍", null=True)
    receiver = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="接收校", db_index=False
    )
    to_class = models.CharField("接收班级", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学年处理记录"
        constraints = [models.UniqueConstraint(fields=["turn", "enrolment"], name="moved_once_a_turn")]
        indexes = [
            models.Index(fields=["turn", "school"]),
            models.Index(
                fields=["next_enrolment"], condition=Q(next_enrolment__isnull=False), name="turn_move_handed_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.get_fate_display()}"


class TurnItem(OfSchool):
    """Somebody the run left out who is still to be seen to, one by one; nobody falls off the list."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name="学生")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name="学籍")
    grade = models.PositiveSmallIntegerField("年级")
    school_class = models.CharField("班级", max_length=20, blank=True)
    reason = models.CharField("未随班原因", max_length=12, choices=Fate)
    request = models.ForeignKey(Request, models.PROTECT, null=True, related_name="+", verbose_name="在办业务")
    outcome = models.CharField("结果", max_length=12, choices=ItemOutcome, blank=True)
    note = models.CharField("说明", max_length=LONGEST_REASON, blank=True)
    settled_at = models.DateTimeField("了结时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "未随班学生"
        constraints = [
            models.UniqueConstraint(fields=["turn", "enrolment"], name="left_out_once_a_turn"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, outcome="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome=""),
                name="turn_item_settled_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn} 学生{self.student_id}"


class TurnCompletion(OfSchool):
    """A student of the last grade of senior high who does not graduate: 结业, marked by the school before the run."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name="学籍")
    reason = models.CharField("未毕业原因", max_length=LONGEST_REASON)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="标记人")
    marked_at = models.DateTimeField("标记时间")

    class Meta:
        verbose_name = verbose_name_plural = "结业名单"
        constraints = [models.UniqueConstraint(fields=["turn", "enrolment"], name="completion_once_a_turn")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} 结业"


class Handing(models.Model):
    """The school that takes the pupils of a teaching point (教学点) after its last grade: no transfer, but the year's turn."""

    scope_prefix = ""
    scope_names = ("school", "county", "prefecture", "prefecture__parent")
    also_seen_by = {"receiver": None}  # noqa: RUF012

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="handings", verbose_name="教学点")
    county = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="县级主管部门")
    prefecture = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="州级主管部门"
    )
    last_grade = models.PositiveSmallIntegerField("最高年级")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="接收校")
    to_class = models.CharField("接收班级", max_length=20, blank=True)
    document_number = models.CharField("文号", max_length=60)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    set_at = models.DateTimeField("登记时间")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人"
    )
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "教学点接收关系"
        constraints = [
            models.UniqueConstraint(fields=["school"], condition=Q(ended_at=None), name="one_receiver_a_point"),
            models.CheckConstraint(condition=~Q(school=F("receiver")), name="handed_on_to_another_school"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="handing_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}→{self.receiver}"
