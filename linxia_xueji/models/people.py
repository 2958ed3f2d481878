"""People, the posts they hold and from when to when (专人专岗: one person, one post; notice 一（一）)."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from linxia_xueji.enums import Role
from linxia_xueji.models.organisations import Organisation


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password."""

    def create_user(self, username: str, password: str, **fields) -> "User":
        """A named person's account; what it may do comes from an appointment, never from the account."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """An account of one named person."""

    username = models.CharField("用户名", max_length=60, unique=True)
    full_name = models.CharField("姓名", max_length=50)
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    large_type = models.BooleanField("大字", default=False)
    must_change_password = models.BooleanField("须设置密码", default=False)
    initial_until = models.DateTimeField("一次性密码有效期至", null=True, blank=True)
    live_session = models.CharField("唯一会话", max_length=32, blank=True, default="")
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    unused_from = models.DateTimeField("未登录起算时间", null=True, blank=True)
    unused_told_on = models.DateField("未登录提示日期", null=True, blank=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.full_name


class Post(models.Model):
    """A seat in an organisation; guardian's grants go to its group and outlive whoever sits on it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts", verbose_name="机构")
    role = models.CharField("岗位", max_length=20, choices=Role)
    title = models.CharField("岗位说明", max_length=40, blank=True)
    group = models.OneToOneField(Group, models.PROTECT, verbose_name="权限组")

    class Meta:
        verbose_name = verbose_name_plural = "岗位"

    def __str__(self) -> str:
        return f"{self.organisation.short_name} · {self.get_role_display()}"


class DateRange(Func):
    """`daterange(from, to, '[]')` for exclusion constraints; an open end reaches to infinity."""

    function = "daterange"
    output_field = models.DateField()

    def __init__(self, start: str, end: str):
        super().__init__(F(start), F(end), Value("[]"))


class Appointment(models.Model):
    """Who holds a post from when to when; a stand-in only by document (不得委托他人代为完成)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name="人员")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name="岗位")
    starts_on = models.DateField("任职起")
    ends_on = models.DateField("任职止", null=True, blank=True)
    stand_in = models.BooleanField("代理", default=False)
    document_number = models.CharField("任命文号", max_length=60, blank=True)
    end_document_number = models.CharField("卸任文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="appointment_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(stand_in=False) | ~Q(document_number=""), name="stand_in_needs_document"
            ),
            models.CheckConstraint(condition=Q(stand_in=False) | ~Q(ends_on=None), name="stand_in_has_an_end"),
            ExclusionConstraint(
                name="one_person_one_post",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(stand_in=False),
            ),
            ExclusionConstraint(
                name="one_post_one_person",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(stand_in=False),
            ),
            ExclusionConstraint(
                name="one_post_one_stand_in",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(stand_in=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.post}"


class AccountSeal(models.Model):
    """An account was sealed or opened again, by whom and why; whether it is sealed now is `User.is_active`."""

    append_only = True

    user = models.ForeignKey(User, models.PROTECT, related_name="seals", verbose_name="人员")
    sealed = models.BooleanField("封存")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "账号封存"
        indexes = [models.Index(fields=["user", "-at"])]

    def __str__(self) -> str:
        return f"{self.user}{'封存' if self.sealed else '启封'}"


class OrganisationGroupObjectPermission(GroupObjectPermissionBase):
    """Guardian's grant on an organisation to the group of a post: direct foreign keys, no content types."""

    content_object = models.ForeignKey(Organisation, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = verbose_name_plural = "机构授权"


class OrganisationUserObjectPermission(UserObjectPermissionBase):
    """Guardian needs the table beside the other; grants to single users are never read (专人专岗: they go to posts)."""

    content_object = models.ForeignKey(Organisation, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = verbose_name_plural = "个人授权（不使用）"
