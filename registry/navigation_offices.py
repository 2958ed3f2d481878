"""The import of schools and people in the navigation, and on the desks what accounts wait for."""

from datetime import date

from django.urls import reverse

from approvals.desk import add_notice
from approvals.models import Message
from linxia_xueji.access import Access, people_who_may
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation, User
from linxia_xueji.navigation import Place, add_place
from linxia_xueji.staff.lists import posts_of, unused_of
from linxia_xueji.staff.reach import is_admin
from linxia_xueji.staff.sealing import terms_for
from registry.offices.workload import oversees


def places() -> None:
    """Make them known; called when the app is ready."""
    add_place(Place("查询与报表", 10, "概览", "registry:picture", oversees))
    add_place(Place("查询与报表", 36, "人员工作量", "registry:workload", oversees))
    add_place(Place("查询与报表", 85, "导入单位和人员", "registry:offices", is_admin))
    add_notice(notices)


def notices(user: User, access: Access, on: date) -> list[dict[str, str]]:
    """To an account administrator: vacant posts, and accounts unused for long."""
    if not is_admin(access):
        return []
    vacant = posts_of(user, on).prefetch_related(None).order_by().filter(held=False).count()
    unused = unused_of(user, terms_for(access.post.organisation, on), on).count()
    found = []
    if vacant:
        address = f"{reverse('staff:posts')}?status=vacant"
        found.append({"tone": "info", "text": f"{vacant}个岗位空缺", "link": "查看空缺岗位", "link_url": address})
    if unused:
        address = reverse("staff:unused")
        found.append({"text": f"{unused}个账号长期未登录", "link": "查看账号", "link_url": address})
    return found


def tell(person: User, organisation: Organisation, words: str) -> None:
    """A message to those who keep the accounts of the person's organisation, the nearest level that has any, and to its head."""
    heads = people_who_may(Permission.DECIDE_AS_SCHOOL, organisation, today())
    for above in organisation.ancestors():
        admins = people_who_may(Permission.MANAGE_ACCOUNTS, above, today())
        if admins:
            break
    readers = {user.pk for user in (*heads, *admins)} - {person.pk}
    Message.objects.bulk_create(Message(to_id=pk, text=words[:300], at=now()) for pk in sorted(readers))
