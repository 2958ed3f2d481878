"""Who does what in a verification, and why somebody cannot."""

from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation, User
from registry.models import SchoolVerification
from registry.verifying.enums import SchoolState

OFFICERS = (Permission.DECIDE_AS_COUNTY, Permission.DECIDE_AS_PREFECTURE)


def may_open(user: User, prefecture: Organisation | None) -> bool:
    """Whether the person opens campaigns: the centre (assumed: the notice names the duty, not who calls for it)."""
    return prefecture is not None and access_of(user).may(Permission.DECIDE_AS_PREFECTURE, prefecture)


def why_not_attest(user: User, found: SchoolVerification) -> str:
    """Why the person cannot note or attest as the school, or ""."""
    if found.state != SchoolState.WORKING:
        return f"{found.get_state_display()}，须由校长退回后才能修改"
    if not access_of(user).may(Permission.PREPARE_BUSINESS, found.school):
        return "由学校学籍管理员核查"
    return ""


def why_not_note(user: User, found: SchoolVerification) -> str:
    """Why the person cannot note a deviation, or "": the school while it works, an authority at any time."""
    if is_officer(user, found):
        return ""
    return why_not_attest(user, found)


def is_officer(user: User, found: SchoolVerification) -> bool:
    """Whether the person answers for the schools of the authority, not for the school."""
    return any(access_of(user).may(permission, found.school) for permission in OFFICERS)


def why_not_sign(user: User, found: SchoolVerification) -> str:
    """Why the person cannot sign it or give it back, or ""."""
    if found.state != SchoolState.ATTESTED:
        return "已签字" if found.state == SchoolState.SIGNED else "学籍管理员完成全部班级后由校长签字"
    if not access_of(user).may(Permission.DECIDE_AS_SCHOOL, found.school):
        return "由校长签字"
    if found.attested_by_id == user.pk:
        return "核查人和签字人须为两人"
    return ""


def why_not_withdraw(user: User, found: SchoolVerification) -> str:
    """Why the person cannot withdraw a deviation noted by mistake, or ""."""
    if found.state == SchoolState.WORKING and not why_not_attest(user, found):
        return ""
    if is_officer(user, found) or access_of(user).may(Permission.DECIDE_AS_SCHOOL, found.school):
        return ""
    return "已提交校长的，由校长或主管部门撤销"
