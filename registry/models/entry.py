"""小学、初中新生注册: the batch of a school's grade 1 or 7, its children, and what is done about those who do not come."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from approvals.models import Request
from linxia_xueji.enums import Sex, Stage
from linxia_xueji.models import FileUse, Organisation, ScopedQuerySet
from linxia_xueji.secrets import SecretField, index_of
from registry.enums import EntryArrival, IdType, OutcomeKind, UrgingManner
from registry.models.students import Enrolment, Student

ENTERED = Q(removed_on=None)


class EntryBatch(models.Model):
    """Grade 1 or grade 7 of one school and year; a later one takes up those who were left."""

    scope_prefix = "request__"
    also_seen_by = {}  # noqa: RUF012

    request = models.OneToOneField(Request, models.PROTECT, related_name="entry_batch", verbose_name="申请")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="entry_batches", verbose_name="学校")
    stage = models.CharField("学段", max_length=12, choices=Stage)
    year = models.PositiveSmallIntegerField("入学年份")
    sequence = models.PositiveSmallIntegerField("批次序号")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "小学初中新生注册批次"
        constraints = [
            models.UniqueConstraint(fields=["school", "stage", "year", "sequence"], name="entry_batches_are_numbered"),
            models.CheckConstraint(condition=Q(stage__in=(Stage.PRIMARY, Stage.JUNIOR)), name="entry_is_compulsory"),
        ]

    def __str__(self) -> str:
        return self.request.subject


class Entrant(models.Model):
    """A child on a school's list; nobody falls off it: it ends with an enrolment, an outcome, or its removal with a reason.

    `known`: the student of the register with the same ID number. `former_outside`: the school beyond the prefecture
    that still keeps a record of the same stage; until that is closed (`former_closed_on`) the enrolment is pending.
    """

    scope_prefix = "batch__request__"
    also_seen_by = {}  # noqa: RUF012

    batch = models.ForeignKey(EntryBatch, models.PROTECT, related_name="entrants", verbose_name="批次")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="学校")
    stage = models.CharField("学段", max_length=12, choices=Stage)
    year = models.PositiveSmallIntegerField("入学年份")
    name = models.CharField("姓名", max_length=100)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    ethnicity = models.CharField("民族", max_length=2)
    birth_date = models.DateField("出生日期")
    id_type = models.CharField("身份证件类型", max_length=1, choices=IdType, default=IdType.RESIDENT)
    id_number = SecretField("身份证件号", blank=True, default="")
    guardian_name = SecretField("监护人姓名", blank=True, default="")
    guardian_phone = SecretField("监护人电话", blank=True, default="")
    township = models.CharField("乡镇（街道）", max_length=60)
    school_class = models.CharField("班级", max_length=20, blank=True)
    known = models.ForeignKey(
        Student, models.PROTECT, null=True, blank=True, related_name="entrants", verbose_name="已有学生"
    )
    former_outside = models.CharField("州外原学籍学校", max_length=100, blank=True)
    former_closed_on = models.DateField("州外学籍了结日期", null=True, blank=True)
    former_document = models.CharField("州外学籍了结文号", max_length=60, blank=True)
    arrival = models.CharField("报到情况", max_length=10, choices=EntryArrival, default=EntryArrival.UNMARKED)
    reported_on = models.DateField("报到日期", null=True, blank=True)
    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="entrant", verbose_name="学籍"
    )
    removed_on = models.DateField("移出日期", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="移出人"
    )
    removed_reason = models.CharField("移出原因", max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "小学初中新生"
        constraints = [
            models.UniqueConstraint(
                "school", "stage", "year", index_of("id_number"),
                name="one_entrant_a_person", condition=ENTERED & Q(id_type=IdType.RESIDENT),
            ),
            models.CheckConstraint(
                condition=Q(removed_on=None, removed_by=None, removed_reason="")
                | (Q(removed_on__isnull=False, removed_by__isnull=False, enrolment=None) & ~Q(removed_reason="")),
                name="entrant_removed_whole",
            ),
            models.CheckConstraint(
                condition=Q(arrival=EntryArrival.REPORTED, reported_on__isnull=False)
                | (~Q(arrival=EntryArrival.REPORTED) & Q(reported_on=None, enrolment=None)),
                name="registered_entrant_has_reported",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["batch", "name"]),
            models.Index(index_of("id_number"), condition=Q(enrolment=None), name="entrant_id_index"),
            models.Index(fields=["arrival"], condition=Q(enrolment=None, removed_on=None), name="entrants_open"),
        ]

    def __str__(self) -> str:
        return self.name


class EntryDeferral(models.Model):
    """延缓入学 (义务教育法; notice 二 应当依法办理相关手续): application with reason, proof and the day to come back; the county decides."""

    entrant = models.ForeignKey(Entrant, models.PROTECT, related_name="deferrals", verbose_name="学生")
    reason = models.CharField("原因", max_length=200)
    applicant = models.CharField("申请人", max_length=50)
    applied_on = models.DateField("申请日期")
    returns_on = models.DateField("返校入学日期")
    proof = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="证明材料")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人"
    )
    accepted = models.BooleanField("同意", null=True, blank=True)
    note = models.CharField("决定说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "延缓入学"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_on=None, decided_by=None, accepted=None)
                | Q(decided_on__isnull=False, decided_by__isnull=False, accepted__isnull=False),
                name="entry_deferral_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(accepted=False) | ~Q(note=""), name="declined_deferral_says_why"),
            models.UniqueConstraint(fields=["entrant"], condition=Q(decided_on=None), name="one_deferral_to_decide"),
        ]

    def __str__(self) -> str:
        return f"延缓入学（{self.entrant}）"

    @property
    def status(self) -> str:
        """待决定, 已同意 or 不予延缓."""
        return {None: "待决定", True: "已同意", False: "不予延缓"}[self.accepted]


class Urging(models.Model):
    """The school urged that a child come (由学校督促其入学, notice 二): when, by whom, how, and what was said."""

    append_only = True

    entrant = models.ForeignKey(Entrant, models.PROTECT, related_name="urgings", verbose_name="学生")
    urged_on = models.DateField("督促日期")
    urged_by = models.CharField("督促人", max_length=50)
    manner = models.CharField("方式", max_length=8, choices=UrgingManner)
    spoken_to = models.CharField("对象", max_length=50)
    said = models.CharField("情况", max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "入学督促"

    def __str__(self) -> str:
        return f"{self.urged_on} {self.get_manner_display()}"


class TownshipLetter(models.Model):
    """To the township or street office, after urging in vain: it orders the guardian to send the child (notice 二 责令)."""

    append_only = True
    scope_prefix = "entrant__batch__request__"
    also_seen_by = {}  # noqa: RUF012

    entrant = models.OneToOneField(Entrant, models.PROTECT, related_name="letter", verbose_name="学生")
    office = models.CharField("乡镇人民政府或街道办事处", max_length=80)
    number = models.CharField("文号", max_length=60)
    issued_on = models.DateField("出具日期")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="出具人")
    recorded_at = models.DateTimeField("登记时间")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提请责令入学函"

    def __str__(self) -> str:
        return f"{self.number}（{self.entrant}）"


class EntryOutcome(models.Model):
    """What came of the urging: the child came, went elsewhere, or another end; a later one corrects it."""

    append_only = True

    entrant = models.ForeignKey(Entrant, models.PROTECT, related_name="outcomes", verbose_name="学生")
    kind = models.CharField("结果", max_length=8, choices=OutcomeKind)
    happened_on = models.DateField("日期")
    document_number = models.CharField("依据文件或材料", max_length=100)
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "督促结果"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"


class EntryUpload(models.Model):
    """A workbook of children on its way into a batch: what its check found; put in once, all rows or those without fault."""

    scope_prefix = "batch__request__"
    also_seen_by = {}  # noqa: RUF012

    batch = models.ForeignKey(EntryBatch, models.PROTECT, related_name="uploads", verbose_name="批次")
    file = models.ForeignKey(FileUse, models.PROTECT, related_name="+", verbose_name="文件")
    faults = models.JSONField("问题", default=list)
    summary = models.JSONField("预检结果", default=dict)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "新生名单上传"
        constraints = [
            models.CheckConstraint(
                condition=Q(imported_at=None, imported_by=None)
                | Q(imported_at__isnull=False, imported_by__isnull=False),
                name="entry_import_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"新生名单（{self.file.name}）"
