"""Handing out the initial passwords of an import, once: made, hashed and sent in one go, the plain text kept nowhere."""

from django.db import transaction

from linxia_xueji.dates import now
from linxia_xueji.models import User
from linxia_xueji.passwords import issue_many
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.staff.reach import require_may_fill
from linxia_xueji.trail import record
from registry.enums import UploadState
from registry.models import OfficeUpload
from registry.offices import workbook


@transaction.atomic
def hand_out(upload: OfficeUpload, *, by: User) -> bytes:
    """The workbook of initial passwords of the accounts an import made; those who have signed in are left out.

    :raises Refusal: before the import, or without the right to keep those accounts.
    :raises Stale: the second time; what is lost is reset person by person.
    """
    upload = OfficeUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.state != UploadState.IMPORTED or not upload.accounts:
        raise Refusal("此文件没有新建账号，不需要初始密码")
    if upload.handed_out_at:
        raise Stale("初始密码已下载过，不再提供；遗失的请在“人员与岗位”中逐个重置密码")
    users = User.objects.filter(pk__in=upload.accounts, last_login=None, is_active=True)
    held = [user.appointments.all()[0] for user in _with_posts(users)]
    for role, organisation in {(item.post.role, item.post.organisation) for item in held}:
        require_may_fill(by, organisation, role)
    plain = issue_many([item.user for item in held], by=by)
    upload.handed_out_at = now()
    upload.save(update_fields=["handed_out_at"])
    record(action="下载初始密码", by=by, target=upload, organisation=upload.organisation, after={"count": len(held)})
    return workbook.passwords(
        (
            item.post.organisation.code, item.post.organisation.name, item.user.full_name, item.post.get_role_display(),
            item.post.title, item.user.username, plain[item.user_id],
        )
        for item in held
    )  # fmt: skip


def _with_posts(users):
    return users.order_by("username").prefetch_related(
        "appointments__post__organisation__parent__parent__parent", "appointments__user"
    )
