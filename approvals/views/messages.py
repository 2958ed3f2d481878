"""A person's messages; opening the page marks nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals.models import Message
from linxia_xueji.dates import now

PER_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """My messages, newest first; the button marks all of them as read."""
    mine = Message.objects.filter(to=request.user)
    if request.method == "POST":
        marked = mine.filter(read_at=None).update(read_at=now())
        messages.success(request, f"{marked}条消息已标为已读")
        return redirect("approvals:messages")
    page = Paginator(mine.select_related("request").order_by("-at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"inbox": page.object_list, "page": page, "unread": mine.filter(read_at=None).count()}
    return render(request, "approvals/messages.html", context)
