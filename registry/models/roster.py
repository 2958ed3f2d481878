"""The existing register on its way from the national export, and each row kept as it came."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from linxia_xueji.enums import Sex, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.secrets import SecretField
from registry.enums import Boarding, Change, EnrolmentState, IdType, LeftBehind
from registry.models.students import Enrolment, Student
from registry.models.uploads import UploadedList

# Laid ready by the hundred thousand and looked up by upload alone; whatever comes into the register is checked there.
_LAID_READY = {"related_name": "+", "db_constraint": False, "db_index": False}


class RosterUpload(UploadedList):
    """A file of the national export, uploaded by a school or an authority for the schools it runs.

    Its import may be taken back as a whole while nothing rests on it.
    """

    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤销人"
    )
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "在校生名册上传"

    def __str__(self) -> str:
        return f"{self.organisation.short_name}在校生名册（{self.file.name}）"


class RosterStaged(models.Model):
    """A clean row of an upload, laid ready to be imported, and kept; what it would change is said beforehand.

    `student` and `enrolment` are those of the register, or the ones the import is about to make.
    """

    upload = models.ForeignKey(
        RosterUpload, models.CASCADE, verbose_name="上传", **_LAID_READY | {"related_name": "staged"}
    )
    row = models.PositiveIntegerField("行号")
    school = models.ForeignKey(Organisation, models.PROTECT, verbose_name="学校", **_LAID_READY)
    county = models.ForeignKey(Organisation, models.PROTECT, null=True, verbose_name="县级主管部门", **_LAID_READY)
    prefecture = models.ForeignKey(Organisation, models.PROTECT, null=True, verbose_name="州级主管部门", **_LAID_READY)
    name = models.CharField("姓名", max_length=100)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    ethnicity = models.CharField("民族", max_length=2)
    birth_date = models.DateField("出生日期")
    id_type = models.CharField("身份证件类型", max_length=1, choices=IdType)
    id_number = SecretField("身份证件号", blank=True)
    national_number = SecretField("全国学籍号", blank=True)
    stage = models.CharField("学段", max_length=12, choices=Stage)
    grade = models.PositiveSmallIntegerField("年级")
    school_class = models.CharField("班级", max_length=20, blank=True)
    entry_year = models.PositiveSmallIntegerField("入学年份")
    begins_on = models.DateField("入学日期")
    status = models.CharField("状态", max_length=12, choices=EnrolmentState)
    boarding = models.CharField("就读方式", max_length=1, choices=Boarding, blank=True)
    left_behind = models.CharField("是否留守儿童", max_length=1, choices=LeftBehind, blank=True)
    archive = SecretField("原表内容")
    change = models.CharField("比对", max_length=8, choices=Change)
    code = models.CharField("不能导入的原因", max_length=30, blank=True)
    changed = models.JSONField("变更字段", default=list)
    student = models.ForeignKey(Student, models.DO_NOTHING, null=True, verbose_name="学生", **_LAID_READY)
    enrolment = models.ForeignKey(Enrolment, models.DO_NOTHING, null=True, verbose_name="学籍", **_LAID_READY)

    class Meta:
        verbose_name = verbose_name_plural = "待导入在校生"
        constraints = [models.UniqueConstraint(fields=["upload", "row"], name="one_staged_roster_row")]
        # Those held up are few among all that are kept, and 问题学籍 asks for them at each look.
        indexes = [models.Index(fields=["code"], condition=Q(change=Change.BLOCKED), name="roster_rows_held_up")]

    def __str__(self) -> str:
        return f"{self.row} {self.name}"


class RosterRecord(models.Model):
    """Which row of an export tells of an enrolment: what the models do not hold yet is read from there."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="roster_records", verbose_name="学籍")
    line = models.ForeignKey(RosterStaged, models.PROTECT, related_name="records", verbose_name="原表")
    recorded_at = models.DateTimeField("导入时间")
    superseded_at = models.DateTimeField("被更替时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "名册原表"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(superseded_at=None), name="one_roster_record_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"名册第{self.line.row}行"
