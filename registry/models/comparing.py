"""国网、省网比对: the comparisons of a term, their files and columns, and each difference from its opening to its end."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from approvals.models import Season
from linxia_xueji.access import access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import FileUse, Organisation, Scoped, ScopedQuerySet
from linxia_xueji.secrets import SecretField
from registry.comparing.enums import FILE_CHOICES, ComparisonState, DifferenceKind, PairDecision
from registry.models.students import Enrolment

LONGEST_NOTE = 200


class ColumnMapping(models.Model):
    """Which header of an export is which field of ours, by name; offered again for the same headers."""

    prefecture = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="州级主管部门")
    system = models.CharField("系统", max_length=12, choices=FILE_CHOICES)
    name = models.CharField("名称", max_length=40)
    headers = models.JSONField("列名", default=list)
    columns = models.JSONField("对应", default=dict)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "比对列对应"
        constraints = [models.UniqueConstraint(fields=["prefecture", "system", "name"], name="one_mapping_of_a_name")]

    def __str__(self) -> str:
        return self.name


class ComparisonQuerySet(models.QuerySet):
    """The prefecture and those above it see all; a county and a school those that tell something of theirs."""

    def visible_to(self, user) -> "ComparisonQuerySet":
        """Comparisons the person may look at."""
        seen = access_of(user).by_level(Permission.VIEW_REGISTER)
        above = Q(prefecture__in=seen.get(Level.PREFECTURE, ())) | Q(
            prefecture__parent__in=seen.get(Level.PROVINCE, ())
        )
        told = Feedback.objects.visible_to(user).filter(comparison=OuterRef("pk"))
        own = Difference.objects.visible_to(user).shown_by(OuterRef("pk"))
        return self.filter(above | Exists(told) | Q(Exists(own), state=ComparisonState.DONE))


class Comparison(models.Model):
    """One comparison of a term. They follow each other: a new one is opened when the one before is done."""

    prefecture = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="州级主管部门")
    school_year = models.PositiveSmallIntegerField("学年")
    season = models.CharField("学期", max_length=6, choices=Season)
    number = models.PositiveSmallIntegerField("本学期第几次")
    state = models.CharField("状态", max_length=8, choices=ComparisonState, default=ComparisonState.OPEN)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    opened_at = models.DateTimeField("发起时间")
    phase = models.CharField("正在做什么", max_length=30, blank=True)
    done = models.PositiveSmallIntegerField("已完成步数", default=0)
    error = models.TextField("不能比对的原因", blank=True)
    compared_on = models.DateField("比对日期", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    summary = models.JSONField("结果", default=dict)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "国网省网比对"
        constraints = [
            models.UniqueConstraint(
                fields=["prefecture", "school_year", "season", "number"], name="one_comparison_a_number"
            ),
            models.UniqueConstraint(
                fields=["prefecture"], condition=Q(finished_at=None), name="one_comparison_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_year}学年{self.get_season_display()}{self._which}比对"

    @property
    def short(self) -> str:
        """2026秋第一次: for a narrow column."""
        return f"{self.school_year}{self.get_season_display()[0]}{self._which}"

    @property
    def _which(self) -> str:
        return f"第{'一二'[self.number - 1]}次" if self.number <= 2 else f"补充第{self.number - 2}次"


class ComparisonFile(models.Model):
    """The export of one system, and where its list and columns stand."""

    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="files", verbose_name="比对")
    system = models.CharField("系统", max_length=12, choices=FILE_CHOICES)
    file = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="文件")
    sheet = models.CharField("工作表", max_length=100)
    header_row = models.PositiveSmallIntegerField("表头行")
    headers = models.JSONField("列名", default=list)
    mapping = models.ForeignKey(ColumnMapping, models.PROTECT, null=True, related_name="+", verbose_name="列对应")
    columns = models.JSONField("各列位置", default=dict)
    rows = models.PositiveIntegerField("人数", default=0)
    skipped = models.PositiveIntegerField("不属普通高中的行数", default=0)
    faults = models.JSONField("问题", default=list)
    fault_count = models.PositiveIntegerField("问题数", default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "比对名册"
        constraints = [models.UniqueConstraint(fields=["comparison", "system"], name="one_export_a_system")]

    def __str__(self) -> str:
        return f"{self.get_system_display()}名册"


class DifferenceQuerySet(ScopedQuerySet):
    """Who may see them, and which a comparison showed."""

    def shown_by(self, comparison) -> "DifferenceQuerySet":
        """Those that stood when a comparison was done. :param comparison: its id; comparisons of a prefecture follow each other."""
        return self.filter(Q(closed_in=None) | Q(closed_in__gt=comparison), opened_in__lte=comparison)


class Difference(Scoped):
    """One difference of one student, in one respect; `school` is its owner: the school, else the county, else the prefecture.

    `keys` are hashes of what the student is known by in any of the books, `identity` of the first of them; by these it is
    the same difference in a later comparison. A value is None where that book does not have the student.
    """

    kind = models.CharField("种类", max_length=10, choices=DifferenceKind)
    field = models.CharField("项目", max_length=20, blank=True)
    identity = models.CharField("身份键", max_length=32)
    keys = models.JSONField("各身份键", default=list)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="+", verbose_name="学籍")
    name = models.CharField("姓名", max_length=100, blank=True)
    national_number = SecretField("全国学籍号", blank=True, default="")
    id_number = SecretField("身份证件号", blank=True, default="")
    national = SecretField("国网", null=True)
    provincial = SecretField("省网", null=True)
    register = SecretField("本门户", null=True)
    national_rows = models.CharField("国网行号", max_length=60, blank=True)
    provincial_rows = models.CharField("省网行号", max_length=60, blank=True)
    opened_in = models.ForeignKey(Comparison, models.PROTECT, related_name="opened", verbose_name="首见于")
    closed_in = models.ForeignKey(Comparison, models.PROTECT, null=True, related_name="closed", verbose_name="消除于")
    due_on = models.DateField("期限", null=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "比对差异"
        constraints = [
            models.UniqueConstraint(
                fields=["prefecture", "identity", "kind", "field"],
                condition=Q(closed_in=None),
                name="one_open_difference",
            )
        ]
        indexes = [
            models.Index(fields=["school"], condition=Q(closed_in=None), name="differences_of_school"),
            models.Index(fields=["county"], condition=Q(closed_in=None), name="differences_of_county"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.pk}"


class DifferenceNote(models.Model):
    """What was done about a difference; it stays open all the same until a comparison no longer shows it."""

    append_only = True

    difference = models.ForeignKey(Difference, models.PROTECT, related_name="notes", verbose_name="差异")
    mended_in = models.CharField("改正于", max_length=12, choices=FILE_CHOICES, blank=True)
    note = models.CharField("说明", max_length=LONGEST_NOTE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "比对差异办理"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_mended_in_display()}{self.note}"


class Pair(Scoped):
    """Two records of different books that share name, sex and birth date and no number: one person or two, a person says.

    `left` and `right` are what the books say of them, as JSON, sealed.
    """

    left_key = models.CharField("一方身份键", max_length=32)
    right_key = models.CharField("另一方身份键", max_length=32)
    left_system = models.CharField("一方系统", max_length=12)
    right_system = models.CharField("另一方系统", max_length=12)
    name = models.CharField("姓名", max_length=100)
    left = SecretField("一方")
    right = SecretField("另一方")
    found_in = models.ForeignKey(Comparison, models.PROTECT, related_name="pairs", verbose_name="首见于")
    decision = models.CharField("判定", max_length=8, choices=PairDecision, blank=True)
    reason = models.CharField("理由", max_length=LONGEST_NOTE, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="判定人"
    )
    decided_at = models.DateTimeField("判定时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "疑似同一人"
        constraints = [
            models.UniqueConstraint(fields=["prefecture", "left_key", "right_key"], name="one_pair"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | (~Q(decision="") & Q(decided_at__isnull=False) & ~Q(reason="")),
                name="pair_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"疑似同一人{self.pk}"


class Feedback(Scoped):
    """What a comparison told a county (of the schools the prefecture runs: the prefecture itself), for its letter."""

    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="feedbacks", verbose_name="比对")
    due_on = models.DateField("期限", null=True)
    opened = models.PositiveIntegerField("新增", default=0)
    closed = models.PositiveIntegerField("消除", default=0)
    standing = models.PositiveIntegerField("待处理", default=0)
    counts = models.JSONField("各校各类数", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "比对反馈"
        constraints = [models.UniqueConstraint(fields=["comparison", "school"], name="one_feedback_an_office")]

    def __str__(self) -> str:
        return f"{self.comparison}反馈"
