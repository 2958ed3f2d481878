"""Who loads the existing register: a school for itself, and the county or prefecture for the schools it runs.

A school uploads and checks; putting the rows in force is for the authority above it, so that no school makes a 学籍 of
its own (assumed: nothing is written of the first day of a portal; 计划外不建一个学籍 is).
"""

from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation, User
from linxia_xueji.refusal import Refusal

IMPORTERS = (Permission.DECIDE_AS_COUNTY, Permission.IMPORT_ADMISSIONS)
UPLOADERS = (Permission.PREPARE_BUSINESS, *IMPORTERS)


def reach(user: User) -> frozenset[int]:
    """The organisations (and with them those they run) whose rosters a person may upload or see."""
    access = access_of(user)
    return frozenset().union(*(access.organisations(permission) for permission in UPLOADERS))


def own(user: User) -> Organisation | None:
    """The organisation in whose name a person uploads; None for those who may not."""
    access = access_of(user)
    return access.post.organisation if access.post and access.post.organisation_id in reach(user) else None


def may_import(user: User, organisation: Organisation) -> bool:
    """Whether a person may put the roster of an organisation in force."""
    return any(access_of(user).may(permission, organisation) for permission in IMPORTERS)


def require_upload(user: User, organisation: Organisation) -> None:
    """`Refusal` unless the person may upload a roster of this organisation."""
    if not any(access_of(user).may(permission, organisation) for permission in UPLOADERS):
        raise Refusal(f"没有上传{organisation.short_name}在校生名册的权限，由该校学籍管理员或其主管教育局办理")


def require_import(user: User, organisation: Organisation) -> None:
    """`Refusal` unless the person may put it in force."""
    if not may_import(user, organisation):
        raise Refusal("学校上传并检查后，由主管的县教育局或州学管中心导入")
