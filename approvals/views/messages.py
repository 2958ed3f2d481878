"""A person's messages; opening the page marks nothing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from approvals.models import Message
from linxia_xueji.dates import now

PER_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """My messages, newest first, or the unread alone; one or all of them are marked as read by hand."""
    mine, asked = Message.objects.filter(to=request.user), request.GET.get("unread") == "1"
    new = mine.filter(read_at=None)
    if request.method == "POST":
        one = request.POST.get("read", "")
        marked = (new.filter(pk=one) if one.isdecimal() and len(one) < 19 else new).update(read_at=now())
        messages.success(request, f"{marked}条消息已标为已读")
        return redirect(request.get_full_path())
    listed = (new if asked else mine).select_related("request").order_by("-at", "-pk")
    page, unread = Paginator(listed, PER_PAGE).get_page(request.GET.get("page")), new.count()
    context = {"inbox": page.object_list, "page": page, "unread": unread, "tabs": _tabs(unread, asked)}
    return render(request, "approvals/messages.html", context)


def _tabs(unread: int, asked: bool) -> list[dict[str, Any]]:
    home = reverse("approvals:messages")
    return [
        {"label": "全部", "url": home, "count": None, "current": not asked},
        {"label": "未读", "url": f"{home}?unread=1", "count": unread, "current": asked},
    ]
