"""Who turns the school year: the prefecture opens, runs and confirms; schools and counties see their part (assumed)."""

from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation, User
from linxia_xueji.refusal import Refusal
from registry.models import YearTurn

FOLLOWERS = (Permission.DECIDE_AS_COUNTY, Permission.DECIDE_AS_PREFECTURE)
"""Who sees to those left out, and who says which school takes the pupils of a teaching point."""


def prefecture_of(access: Access) -> Organisation | None:
    """The prefecture whose turns a person may see: the one above the post, or for the province the first it runs."""
    if not access.post or not access.has(Permission.VIEW_REGISTER):
        return None
    above = access.post.organisation.at(Level.PREFECTURE)
    return above or Organisation.objects.filter(level=Level.PREFECTURE).order_by("code").first()


def may_turn(user: User, prefecture: Organisation) -> bool:
    """Whether a person opens, runs and confirms the turns of a prefecture."""
    return access_of(user).may(Permission.DECIDE_AS_PREFECTURE, prefecture)


def require_turn(user: User, turn: YearTurn) -> None:
    """`Refusal` unless they do."""
    if not may_turn(user, turn.prefecture):
        raise Refusal("学年升级毕业由州学管中心办理")


def may_follow(user: User, school: Organisation) -> bool:
    """Whether a person sees to the students of a school whom the turn left out."""
    return any(access_of(user).may(permission, school) for permission in FOLLOWERS)


def require_follow(user: User, school: Organisation) -> None:
    """`Refusal` unless they do."""
    if not may_follow(user, school):
        raise Refusal(f"{school.short_name}未随班的学生由主管的县教育局或州学管中心续办")


def may_complete(user: User, school: Organisation) -> bool:
    """Whether a person marks who of a school does not graduate: its registrar."""
    return access_of(user).may(Permission.PREPARE_BUSINESS, school)
