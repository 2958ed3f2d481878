"""问题学籍: what does not fit in the register, whom it concerns, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import IsNull

from linxia_xueji.enums import Sex
from linxia_xueji.models import Organisation, ScopedQuerySet
from linxia_xueji.secrets import SecretField
from registry.enums import ProblemAct, ProblemEnd, ProblemKind
from registry.models.students import Enrolment, Student

LONGEST_REASON = 200


class ProblemQuerySet(models.QuerySet):
    """Who may see one of the students concerned may see the problem."""

    def visible_to(self, user) -> "ProblemQuerySet":
        """Problems in which one of the person's students is."""
        return self.filter(Exists(ProblemParty.objects.visible_to(user).filter(problem=OuterRef("pk"))))


class Problem(models.Model):
    """One finding. `key` names kind and people, so that the same is not found twice; `facts` is a hash of what it rests on.

    Whether somebody works on it is not kept here: it is under way while a request of one of its students is open.
    """

    kind = models.CharField("问题", max_length=16, choices=ProblemKind)
    key = models.CharField("键", max_length=120, unique=True)
    facts = models.CharField("所据信息", max_length=32)
    details = models.CharField("说明", max_length=100, blank=True)
    found_on = models.DateField("发现日期")
    settled_as = models.CharField("结果", max_length=12, choices=ProblemEnd, blank=True)
    settled_on = models.DateField("了结日期", null=True, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问题学籍"
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_on=None, settled_as="") | (Q(settled_on__isnull=False) & ~Q(settled_as="")),
                name="problem_settled_whole",
            )
        ]
        indexes = [models.Index(fields=["kind", "found_on"], condition=Q(settled_on=None), name="problems_open")]

    def __str__(self) -> str:
        return f"问题学籍{self.pk}（{self.get_kind_display()}）"


class ProblemParty(models.Model):
    """An enrolment a problem concerns; or, without one, somebody a list or an application names (`origin` says which)."""

    scope_prefix = ""
    scope_names = ("school", "county", "prefecture", "prefecture__parent")
    also_seen_by = {}  # noqa: RUF012

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="parties", verbose_name="问题学籍")
    student = models.ForeignKey(Student, models.PROTECT, null=True, related_name="+", verbose_name="学生")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="+", verbose_name="学籍")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="学校")
    county = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="县级主管部门")
    prefecture = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="州级主管部门"
    )
    origin = models.CharField("来源", max_length=60, blank=True)
    name = models.CharField("姓名", max_length=100, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True)
    birth_date = models.DateField("出生日期", null=True)
    id_number = SecretField("身份证件号", blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "所涉学籍"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(student__isnull=False, enrolment__isnull=False, origin="")
                | (Q(student=None, enrolment=None) & ~Q(origin="")),
                name="party_enrolled_or_named",
            )
        ]

    def __str__(self) -> str:
        return self.origin or f"学籍{self.enrolment_id}"


class ProblemEvent(models.Model):
    """What happened to a problem, by whom and why; nobody stands where the search did it."""

    append_only = True

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="events", verbose_name="问题学籍")
    act = models.CharField("事项", max_length=12, choices=ProblemAct)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人"
    )
    reason = models.CharField("理由", max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "问题学籍经过"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_act_display()


class ProblemSearch(models.Model):
    """A search through the whole register, by night or because somebody asked for it."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发起人"
    )
    asked_at = models.DateTimeField("发起时间")
    ended_at = models.DateTimeField("完成时间", null=True, blank=True)
    found = models.PositiveIntegerField("新列入", default=0)
    gone = models.PositiveIntegerField("自动了结", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "问题学籍查找"
        constraints = [
            models.UniqueConstraint(
                IsNull(models.F("ended_at"), True), name="one_search_at_a_time", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"问题学籍查找{self.pk}"
