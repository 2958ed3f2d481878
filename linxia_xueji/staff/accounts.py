"""Making the account of a named person. The user name says where it was made and tells nothing about the person."""

import re

from linxia_xueji.models import Organisation, User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record

USERNAME_RULE = "用户名由机构代码和两位序号组成，例如3462990006-01，按建立先后编排，不重复使用"


def locked(organisation: Organisation) -> Organisation:
    """The organisation, its row held: two administrators never number or fill the same post at once."""
    return (
        Organisation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("parent__parent__parent")
        .get(pk=organisation.pk)
    )


def serials(code: str, taken: list[str]) -> int:
    """The last serial used under an organisation's code among these user names."""
    found = (re.fullmatch(rf"{re.escape(code)}-([0-9]{{2,6}})", name) for name in taken)
    return max((int(match[1]) for match in found if match), default=0)


def next_username(organisation: Organisation) -> str:
    """The next user name of an organisation that is locked."""
    taken = User.objects.filter(username__startswith=f"{organisation.code}-").values_list("username", flat=True)
    return f"{organisation.code}-{serials(organisation.code, list(taken)) + 1:02d}"


def create_account(*, full_name: str, organisation: Organisation, by: User | None) -> User:
    """An account without a password; called inside the transaction of the appointment, which issues the first one.

    :raises Refusal: where there is no name.
    """
    if not full_name.strip():
        raise Refusal("请填写姓名：账号只给具名的人员")
    user = User(username=next_username(organisation), full_name=full_name.strip())
    user.set_unusable_password()
    user.save()
    after = {"username": user.username, "name": user.full_name}
    record(action="建立账号", by=by, target=user, organisation=organisation, after=after)
    return user
