"""A request, its steps and what happened to it; ignorant of what it is about."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from approvals.enums import OPEN, Move, State
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation, Post, Scoped


class Counter(models.Model):
    """The last serial given under a key; taken by one locking statement."""

    key = models.CharField("键", max_length=60, primary_key=True)
    value = models.PositiveIntegerField("序号")

    class Meta:
        verbose_name = verbose_name_plural = "受理号计数"

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


class Request(Scoped):
    """One piece of business on its way through the levels; it carries all that the desk shows.

    Where it has two sides, such as the transfer from one school to another, the other side sees it too.
    `awaits_national` marks what is approved here and is still to be done in the national system, so that every page counts
    it by an index alone; `nationally_on` is the day of 国网办结 where the clock runs on to it (clock.ends_with), and empty elsewhere.
    """

    also_seen_by = {"counterpart": Level.SCHOOL, "counterpart_county": Level.COUNTY}  # noqa: RUF012

    kind = models.CharField("业务", max_length=30)
    number = models.CharField("受理号", max_length=40, unique=True)
    subject = models.CharField("事项", max_length=120)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    turn_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当前办理机构"
    )
    turn_permission = models.CharField("当前办理权限", max_length=30, choices=Permission, blank=True)
    turn_level = models.CharField("当前层级", max_length=12, choices=Level, blank=True)
    turn_label = models.CharField("当前环节", max_length=40, blank=True)
    applied_on = models.DateField("申请日期", null=True, blank=True)
    submitted_on = models.DateField("首次提交日期", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提交人"
    )
    counterpart = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对方学校", db_index=False
    )
    counterpart_county = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="对方县级主管部门",
        db_index=False,
    )
    due_on = models.DateField("办理期限", null=True, blank=True)
    due_review = models.BooleanField("期限待复核", default=False)
    lock_key = models.CharField("在办锁", max_length=80)
    rule_version = models.CharField("规则版本", max_length=40)
    policy = models.JSONField("受理时的政策设置", default=dict)
    route = models.JSONField("办理路线", default=list)
    round = models.PositiveSmallIntegerField("轮次", default=0)
    version = models.PositiveIntegerField("版本", default=0)
    verdict = models.CharField("系统核验", max_length=12, blank=True)
    verdict_text = models.CharField("核验结果", max_length=120, blank=True)
    created_at = models.DateTimeField("创建时间")
    closed_on = models.DateField("办结日期", null=True, blank=True)
    awaits_national = models.BooleanField("待国网办结", default=False)
    nationally_on = models.DateField("计时截止于国网办结", null=True, blank=True)
    closed_on_time = models.BooleanField("按期办结", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "申请"
        constraints = [
            models.UniqueConstraint(
                fields=["lock_key"], condition=Q(state__in=OPEN), name="one_open_request_per_subject"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN) | Q(turn_organisation=None), name="closed_request_is_nobodys_turn"
            ),
            models.CheckConstraint(
                condition=Q(awaits_national=False) | Q(state=State.APPROVED), name="only_approved_awaits_national"
            ),
        ]
        indexes = [
            models.Index(
                fields=["turn_permission", "turn_organisation", "due_on"],
                # All that the counts of the desk and of every frame ask: they are read from the index alone.
                include=[
                    "kind",
                    "verdict",
                    "state",
                    "school",
                    "county",
                    "prefecture",
                    "province",
                    "counterpart",
                    "counterpart_county",
                ],
                condition=Q(state__in=OPEN),
                name="request_inbox",
            ),
            models.Index(
                fields=["turn_organisation", "school", "due_on"],
                include=[
                    "turn_permission",
                    "kind",
                    "verdict",
                    "state",
                    "county",
                    "prefecture",
                    "province",
                    "counterpart",
                    "counterpart_county",
                ],
                condition=Q(state__in=OPEN),
                name="request_inbox_school",
            ),
            models.Index(
                fields=["prefecture"],
                include=["school", "county", "province", "counterpart", "counterpart_county"],
                condition=Q(awaits_national=True),
                name="request_awaits_national",
            ),
            *(
                models.Index(
                    fields=[above, "state", "due_on"], condition=Q(state__in=OPEN), name=f"request_open_{above}"
                )
                for above in ("school", "county", "prefecture", "province")
            ),
            *(
                models.Index(fields=[above, "-created_at", "-id"], include=["kind"], name=f"request_latest_{above}")
                for above in ("school", "county", "prefecture", "province")
            ),
            *(
                models.Index(
                    fields=[side, "-created_at", "-id"],
                    include=["kind"],
                    condition=Q(**{f"{side}__isnull": False}),
                    name=f"request_{side}",
                )
                for side in ("counterpart", "counterpart_county")
            ),
            models.Index(fields=["lock_key"], name="request_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def is_open(self) -> bool:
        """Draft, under way or sent back."""
        return self.state in OPEN

    @property
    def status(self) -> str:
        """Where it stands in the words of its business: the step it waits at, or how it ended."""
        return self.turn_label or self.get_state_display()


class Closings(Scoped):
    """How many requests of a school were decided in a year, and how many of them in time.

    Kept by triggers on the requests alone: to count a prefecture's year anew for every desk would take longer each month.
    """

    year = models.PositiveSmallIntegerField("年份")
    decided = models.PositiveIntegerField("办结件数", default=0)
    in_time = models.PositiveIntegerField("按期办结件数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "办结统计"
        constraints = [
            models.UniqueConstraint(
                fields=["school", "county", "prefecture", "province", "year"],
                nulls_distinct=False,
                name="closings_once_a_year",
            ),
            models.CheckConstraint(condition=Q(in_time__lte=F("decided")), name="closings_in_time_of_decided"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.school} {self.in_time}/{self.decided}"


class Step(models.Model):
    """One level's turn in one round; signed by the person who took it (不得委托他人代为完成)."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="steps", verbose_name="申请")
    round = models.PositiveSmallIntegerField("轮次")
    position = models.PositiveSmallIntegerField("次序")
    level = models.CharField("层级", max_length=12, choices=Level)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="办理机构")
    permission = models.CharField("所需权限", max_length=30, choices=Permission)
    label = models.CharField("环节", max_length=40)
    waiting = models.CharField("待办状态", max_length=40)
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "环节"
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "round", "position"], name="one_step_a_place"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | (~Q(decided_at=None) & ~Q(decided_by=None)),
                name="step_signed_whole",
            ),
            models.UniqueConstraint(fields=["request", "round", "decided_by"], name="nobody_takes_two_steps"),
        ]

    def __str__(self) -> str:
        return f"{self.label}（{self.organisation}）"


class Entry(models.Model):
    """What happened, by whom, with which words and on which judgement; added to, never changed. The clock counts from these."""

    append_only = True

    request = models.ForeignKey(Request, models.PROTECT, related_name="entries", verbose_name="申请")
    round = models.PositiveSmallIntegerField("轮次")
    move = models.CharField("动作", max_length=12, choices=Move)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="机构")
    level = models.CharField("层级", max_length=12, choices=Level, blank=True)
    at = models.DateTimeField("时间")
    on = models.DateField("日期")
    note = models.TextField("意见", blank=True)
    reasons = models.JSONField("理由", default=list)
    findings = models.JSONField("核验结果", default=list)
    detail = models.JSONField("明细", default=dict)
    rule_version = models.CharField("规则版本", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["by", "on", "request"], include=["post"], name="entry_done_since"),
            models.Index(fields=["by", "-at", "request"], name="entry_done"),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.at:%Y-%m-%d %H:%M}"


class DueChange(models.Model):
    """Why a due date moved while nothing happened to the request itself."""

    append_only = True

    request = models.ForeignKey(Request, models.PROTECT, related_name="due_changes", verbose_name="申请")
    before = models.DateField("原期限", null=True)
    after = models.DateField("现期限", null=True)
    why = models.CharField("原因", max_length=200)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "期限变动"
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("after")) | Q(before=None) | Q(after=None), name="due_change_changes"
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}：{self.why}"
