"""The account administrator with whom an office begins: nobody is above him in the portal, so the server's own people set him up."""

from datetime import date

from django.db import transaction

from linxia_xueji.access import make_post
from linxia_xueji.enums import Role
from linxia_xueji.models import Appointment, Organisation, Post
from linxia_xueji.passwords import issue_initial
from linxia_xueji.refusal import Refusal
from linxia_xueji.staff.accounts import create_account, locked
from linxia_xueji.staff.appointments import held_on
from linxia_xueji.trail import record


@transaction.atomic
def set_up(*, code: str, full_name: str, document_number: str, on: date) -> tuple[str, str]:
    """Appoint the first account administrator of an authority.

    :returns: user name and one-time password. :raises Refusal: no such authority, no document, or one is there already.
    """
    found = Organisation.objects.filter(code=code).exclude(level="school").first()
    if found is None:
        raise Refusal(f"没有代码为{code}的主管部门")
    organisation = locked(found)
    if not document_number.strip():
        raise Refusal("请写明任命文号")
    posts = Post.objects.filter(organisation=organisation, role=Role.ACCOUNT_ADMIN)
    if Appointment.objects.filter(held_on(on), post__in=posts).exists():
        raise Refusal(f"{organisation.short_name}已有账号管理员，请在门户中办理")
    post = posts.first() or make_post(organisation=organisation, role=Role.ACCOUNT_ADMIN)
    user = create_account(full_name=full_name, organisation=organisation, by=None)
    held = Appointment.objects.create(user=user, post=post, starts_on=on, document_number=document_number.strip())
    after = {"username": user.username, "name": user.full_name, "document": held.document_number}
    record(action="任命", by=None, target=held, organisation=organisation, after=after)
    return user.username, issue_initial(user)
