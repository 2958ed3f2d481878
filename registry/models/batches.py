"""The batch of new students of one school and year, and what each level signs."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from approvals.models import Request
from linxia_xueji.enums import Level
from linxia_xueji.models import FileUse, Organisation, ScopedQuerySet
from linxia_xueji.secrets import index_of
from registry.enums import Arrival
from registry.models.admissions import Admission, ListedPerson
from registry.models.students import Enrolment


class EnrolmentBatch(models.Model):
    """新生学籍注册批次: one open one per school and year; a later one is supplementary and continues the range."""

    scope_prefix = "request__"
    also_seen_by = {}  # noqa: RUF012

    request = models.OneToOneField(Request, models.PROTECT, related_name="batch", verbose_name="申请")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="batches", verbose_name="学校")
    year = models.PositiveSmallIntegerField("招生年份")
    sequence = models.PositiveSmallIntegerField("批次序号")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "新生学籍注册批次"
        constraints = [models.UniqueConstraint(fields=["school", "year", "sequence"], name="batches_are_numbered")]

    def __str__(self) -> str:
        return self.request.subject


class Candidate(ListedPerson):
    """An admitted student in a batch, as the student reported; the list they are compared with is `admission`."""

    scope_prefix = "batch__request__"
    also_seen_by = {}  # noqa: RUF012

    batch = models.ForeignKey(EnrolmentBatch, models.PROTECT, related_name="candidates", verbose_name="批次")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="学校")
    year = models.PositiveSmallIntegerField("招生年份")
    admission = models.ForeignKey(
        Admission, models.PROTECT, related_name="candidates", null=True, verbose_name="录取信息"
    )
    arrival = models.CharField("报到情况", max_length=14, choices=Arrival, default=Arrival.UNMARKED)
    held_back = models.CharField("暂缓原因", max_length=200, blank=True)
    seat = models.BooleanField("占用学位", default=False)
    struck_on = models.DateField("核减日期", null=True, blank=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核减人"
    )
    strike_rule = models.CharField("核减依据", max_length=60, blank=True)
    strike_reason = models.CharField("核减理由", max_length=200, blank=True)
    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="candidate", verbose_name="学籍"
    )
    intake_done_on = models.DateField("招生调档日期", null=True, blank=True)
    intake_done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="调档登记人"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "新生"
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "exam_number"], name="one_candidate_a_school"),
            models.CheckConstraint(
                condition=Q(struck_on=None, struck_by=None)
                | (Q(struck_on__isnull=False, struck_by__isnull=False) & ~Q(strike_reason="")),
                name="strike_is_whole",
            ),
            models.CheckConstraint(condition=Q(struck_on=None) | Q(seat=False), name="struck_holds_no_seat"),
            models.CheckConstraint(
                condition=Q(enrolment=None) | Q(arrival=Arrival.REPORTED), name="registered_has_reported"
            ),
            models.CheckConstraint(
                condition=Q(intake_done_on=None, intake_done_by=None)
                | Q(intake_done_on__isnull=False, intake_done_by__isnull=False),
                name="intake_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "exam_number"]),
            models.Index(fields=["exam_number"]),
            models.Index(index_of("id_number"), condition=Q(enrolment=None), name="candidate_id_index"),
            models.Index(fields=["school", "year"], condition=Q(seat=True), name="candidate_seats"),
        ]

    def __str__(self) -> str:
        return self.name


class BatchFigures(models.Model):
    """What one level enters in 附件1 and signs with its decision; a new round is signed afresh."""

    batch = models.ForeignKey(EnrolmentBatch, models.PROTECT, related_name="figures", verbose_name="批次")
    round = models.PositiveSmallIntegerField("轮次")
    level = models.CharField("层级", max_length=12, choices=Level)
    plan = models.PositiveIntegerField("招生计划", null=True)
    actual = models.PositiveIntegerField("实际招生人数", null=True)
    applied = models.PositiveIntegerField("申请注册学籍人数", null=True)
    graduates = models.PositiveIntegerField("初中毕业生总人数", null=True)
    graduates_counted = models.PositiveIntegerField("学籍库中初中毕业人数", null=True)
    graduates_note = models.CharField("与学籍库人数不同的原因", max_length=200, blank=True)
    agreed = models.PositiveIntegerField("同意注册人数", null=True)
    first_number = models.CharField("学号起", max_length=12, blank=True)
    last_number = models.CharField("学号止", max_length=12, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="签署人")
    signed_at = models.DateTimeField("签署时间")

    class Meta:
        verbose_name = verbose_name_plural = "审批表数据"
        constraints = [models.UniqueConstraint(fields=["batch", "round", "level"], name="one_signature_a_level")]

    def __str__(self) -> str:
        return f"{self.batch} {self.get_level_display()}"


class IssuedNumber(models.Model):
    """学号: issued once on the province's approval, never reused; one withdrawn later stays as void with its reason."""

    number = models.CharField("学号", max_length=12, primary_key=True)
    batch = models.ForeignKey(EnrolmentBatch, models.PROTECT, related_name="issued", verbose_name="批次")
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="student_number", verbose_name="学籍")
    issued_at = models.DateTimeField("下发时间")
    voided_on = models.DateField("作废日期", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学号"
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^\d{12}$"), name="number_has_twelve_digits"),
            models.CheckConstraint(
                condition=Q(voided_on=None, void_reason="") | (Q(voided_on__isnull=False) & ~Q(void_reason="")),
                name="void_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class NumberVoiding(models.Model):
    """A request to void an issued number, on its batch's route."""

    scope_prefix = "request__"
    also_seen_by = {}  # noqa: RUF012

    request = models.OneToOneField(Request, models.PROTECT, related_name="voiding", verbose_name="申请")
    number = models.ForeignKey(IssuedNumber, models.PROTECT, related_name="voidings", verbose_name="学号")
    reason = models.CharField("原因", max_length=200)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学号作废"

    def __str__(self) -> str:
        return f"作废{self.number_id}"


class ProvinceReply(models.Model):
    """The province's reply recorded by the centre, where the province does not use the portal; no decision of the recorder."""

    append_only = True

    batch = models.OneToOneField(EnrolmentBatch, models.PROTECT, related_name="reply", verbose_name="批次")
    document_number = models.CharField("批复文号", max_length=60)
    replied_on = models.DateField("批复日期")
    scan = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="批复扫描件")
    numbers = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="学号表")
    differences = models.JSONField("与拟注册学号的差异", default=list)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "省厅批复"

    def __str__(self) -> str:
        return self.document_number


class PaperReceipt(models.Model):
    """The paper copies that came in: day, by whom, how many (纸质版和电子版上报, notice 二)."""

    append_only = True

    batch = models.ForeignKey(EnrolmentBatch, models.PROTECT, related_name="receipts", verbose_name="批次")
    received_on = models.DateField("收到日期")
    copies = models.PositiveSmallIntegerField("份数")
    note = models.CharField("说明", max_length=200, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="接收人")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "纸质材料接收"

    def __str__(self) -> str:
        return f"{self.received_on} {self.copies}份"
