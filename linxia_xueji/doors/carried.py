"""What was typed when the session ended: it travels with the sign-in page, signed, and becomes a draft afterwards."""

import re
from urllib.parse import urlsplit

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from linxia_xueji.drafts import hold
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal

SALT = "typed when the session ended"
KEPT_FOR = 24 * 3600
"""Seconds the sign-in page may stay open."""
NOT_TYPED = re.compile("csrf|password|^next$")


def typed(request: HttpRequest) -> dict[str, list[str]]:
    """The fields of a POST that are somebody's work: no password, nothing of the machinery."""
    fields = {name: values for name, values in request.POST.lists() if not NOT_TYPED.search(name)}
    return fields if any(value.strip() for values in fields.values() for value in values) else {}


def page_of(request: HttpRequest) -> str:
    """The page whose form was sent: where it came from, if that is ours, else the portal's first page."""
    back = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(back)
    return parts.path + (f"?{parts.query}" if parts.query else "") if ours and parts.path else "/"


def pack(request: HttpRequest, owner: int | None) -> str:
    """The typed fields of a request, signed and bound to whose session it was; None where nobody knows any more."""
    fields = typed(request)
    value = {"owner": owner, "path": request.path, "page": page_of(request), "fields": fields}
    return signing.dumps(value, salt=SALT, compress=True) if fields else ""


def unpack(request: HttpRequest, user: User, packed: str) -> str:
    """Keep as a draft what the sign-in page carried; the page to go on to, or nothing where it carried nothing.

    What somebody else typed is not shown to this person.
    """
    try:
        value = signing.loads(packed, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return ""
    if value["owner"] not in (None, user.pk):
        messages.warning(request, "刚才填写的内容属于另一账号，没有带入")
        return ""
    keep(request, user, value["path"], value["fields"])
    return value["page"]


def keep(request: HttpRequest, user: User, path: str, fields: dict[str, list[str]]) -> None:
    """Make a draft of it and say so; where the page keeps none, say that."""
    try:
        hold(user, path, fields)
    except Refusal as refusal:
        messages.warning(request, f"登录前填写的内容没有保留：{refusal.message}")
    else:
        messages.success(request, "登录前填写的内容已保留，请核对后再提交；选择过的文件请重新选择")
