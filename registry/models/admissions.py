"""Who was admitted where: lists as the examination office sends them, checked first, versioned when amended."""

from django.db import models
from django.db.models import Q

from linxia_xueji.enums import Sex
from linxia_xueji.models import Organisation
from linxia_xueji.secrets import SecretField, index_of
from registry.enums import Change
from registry.models.uploads import UploadedList


class AdmissionUpload(UploadedList):
    """One file of the examination office for a year of entry."""

    year = models.PositiveSmallIntegerField("招生年份")
    compared_with = models.CharField("比对依据", max_length=200, blank=True)
    """What the list was compared with, in short (`registry.admissions.past`): another one now, another past."""

    class Meta:
        verbose_name = verbose_name_plural = "录取名单上传"

    def __str__(self) -> str:
        return f"{self.year}年录取名单（{self.file.name}）"


class ListedPerson(models.Model):
    """The columns of an admission list."""

    exam_number = models.CharField("准考证号", max_length=20)
    name = models.CharField("姓名", max_length=100)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    ethnicity = models.CharField("民族", max_length=2)
    birth_date = models.DateField("出生日期")
    id_number = SecretField("身份证号")
    score = models.DecimalField("中考成绩", max_digits=6, decimal_places=2)

    class Meta:
        abstract = True


class AdmissionStaged(ListedPerson):
    """A clean row of an upload, waiting to be imported; what it would change is said beforehand.

    Written 20,000 at a time and read by upload and row, so without indexes for anything else; whether the upload and the
    organisations are there the database asks when the rows are put in force.
    """

    upload = models.ForeignKey(
        AdmissionUpload, models.CASCADE, related_name="staged", verbose_name="上传", db_index=False, db_constraint=False
    )
    row = models.PositiveIntegerField("行号")
    exam_county = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="报名县市", db_index=False, db_constraint=False
    )
    school = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="录取学校", db_index=False, db_constraint=False
    )
    change = models.CharField("比对", max_length=8, choices=Change, blank=True)
    changed = models.JSONField("变更字段", default=list)
    replaces = models.BigIntegerField("所更替的录取信息", null=True, blank=True)
    """Primary key of the admission in force it supersedes or equals."""

    class Meta:
        verbose_name = verbose_name_plural = "待导入录取信息"
        constraints = [models.UniqueConstraint(fields=["upload", "row"], name="one_staged_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.name}"


class Admission(ListedPerson):
    """A line of the admission list in force; an amended list supersedes it by a new row.

    20,000 come at once: without an index for each organisation and upload, by which nobody looks for them; the one of a
    school's lines in force is below.
    """

    year = models.PositiveSmallIntegerField("招生年份")
    exam_county = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="报名县市", db_index=False
    )
    school = models.ForeignKey(
        Organisation, models.PROTECT, related_name="admissions", verbose_name="录取学校", db_index=False
    )
    upload = models.ForeignKey(
        AdmissionUpload, models.PROTECT, related_name="admissions", verbose_name="来自名单", db_index=False
    )
    row = models.PositiveIntegerField("行号")
    recorded_at = models.DateTimeField("导入时间")
    superseded_at = models.DateTimeField("被更替时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "录取信息"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "exam_number"], condition=Q(superseded_at=None), name="one_admission_an_exam_number"
            ),
            models.UniqueConstraint(
                "year", index_of("id_number"), condition=Q(superseded_at=None), name="one_admission_a_person"
            ),
        ]
        indexes = [models.Index(fields=["school", "year"], condition=Q(superseded_at=None), name="admission_in_force")]

    def __str__(self) -> str:
        return f"{self.exam_number} {self.name}"
