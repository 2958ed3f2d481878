"""The closed lists of the domain that every layer speaks."""

from django.db.models import TextChoices


class Level(TextChoices):
    """The four levels of administration, 分级负责 (notice 二)."""

    SCHOOL = "school", "学校"
    COUNTY = "county", "县级"
    PREFECTURE = "prefecture", "州级"
    PROVINCE = "province", "省级"


class Role(TextChoices):
    """What a post is for; one person holds one post (专人专岗, notice 一（一）)."""

    REGISTRAR = "registrar", "学籍管理员"
    HEAD = "head", "校长"
    COUNTY_REVIEWER = "county_reviewer", "县级审核员"
    COUNTY_HEAD = "county_head", "县级负责人"
    CENTRE = "centre", "州学管中心"
    PROVINCE = "province", "省厅审批员"
    AUDITOR = "auditor", "审计员"
    ACCOUNT_ADMIN = "account_admin", "账号管理员"


class Stage(TextChoices):
    """Stages of schooling; `senior` is 普通高中 alone."""

    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "普通高中"
    VOCATIONAL = "vocational", "职业高中"


class Sex(TextChoices):
    """GB/T 2261.1, the two codes the register uses."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class Permission(TextChoices):
    """All that may ever be granted on an organisation; a grant reaches down to the organisations it runs."""

    VIEW_REGISTER = "view_register", "查看学籍"
    PREPARE_BUSINESS = "prepare_business", "填报业务"
    DECIDE_AS_SCHOOL = "decide_as_school", "校级确认"
    DECIDE_AS_COUNTY = "decide_as_county", "县级审批"
    DECIDE_AS_PREFECTURE = "decide_as_prefecture", "州级审核"
    DECIDE_AS_PROVINCE = "decide_as_province", "省级审批"
    RECORD_PROVINCE_REPLY = "record_province_reply", "登记省厅批复"
    IMPORT_ADMISSIONS = "import_admissions", "导入录取名单"
    SET_PLAN = "set_plan", "下达招生计划"
    ISSUE_CORRECTION = "issue_correction", "出具更正便函"
    MANAGE_CALENDAR = "manage_calendar", "维护工作日历"
    MANAGE_POLICY = "manage_policy", "维护政策设置"
    MANAGE_ACCOUNTS = "manage_accounts", "维护账号"
    READ_TRAIL = "read_trail", "查阅操作留痕"


P = Permission
ROLE_GRANTS: dict[str, tuple[Permission, ...]] = {
    Role.REGISTRAR: (P.VIEW_REGISTER, P.PREPARE_BUSINESS),
    Role.HEAD: (P.VIEW_REGISTER, P.DECIDE_AS_SCHOOL),
    Role.COUNTY_REVIEWER: (P.VIEW_REGISTER, P.DECIDE_AS_COUNTY, P.ISSUE_CORRECTION),
    Role.COUNTY_HEAD: (P.VIEW_REGISTER, P.DECIDE_AS_COUNTY, P.ISSUE_CORRECTION, P.SET_PLAN, P.MANAGE_CALENDAR),
    Role.CENTRE: (
        P.VIEW_REGISTER,
        P.DECIDE_AS_PREFECTURE,
        P.RECORD_PROVINCE_REPLY,
        P.IMPORT_ADMISSIONS,
        P.SET_PLAN,
        P.MANAGE_CALENDAR,
        P.MANAGE_POLICY,
    ),
    Role.PROVINCE: (P.VIEW_REGISTER, P.DECIDE_AS_PROVINCE),
    Role.AUDITOR: (P.VIEW_REGISTER, P.READ_TRAIL),
    Role.ACCOUNT_ADMIN: (P.MANAGE_ACCOUNTS,),
}
"""What a post is granted on its own organisation when it is made; revoking a grant is felt at the next click."""

ROLES_AT: dict[str, tuple[Role, ...]] = {
    Level.SCHOOL: (Role.REGISTRAR, Role.HEAD),
    Level.COUNTY: (Role.COUNTY_REVIEWER, Role.COUNTY_HEAD, Role.AUDITOR, Role.ACCOUNT_ADMIN),
    Level.PREFECTURE: (Role.CENTRE, Role.AUDITOR, Role.ACCOUNT_ADMIN),
    Level.PROVINCE: (Role.PROVINCE, Role.AUDITOR, Role.ACCOUNT_ADMIN),
}
"""Which posts there may be at which level."""

ESSENTIAL_ROLES: dict[str, tuple[Role, ...]] = {
    Level.SCHOOL: (Role.REGISTRAR, Role.HEAD),
    Level.COUNTY: (Role.COUNTY_REVIEWER, Role.COUNTY_HEAD),
    Level.PREFECTURE: (Role.CENTRE, Role.ACCOUNT_ADMIN),
    Level.PROVINCE: (Role.PROVINCE,),
}
"""The posts without which the level cannot do its part of the chain."""
