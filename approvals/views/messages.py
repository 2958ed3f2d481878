"""A person's messages, and where the digest of them goes; opening the page marks nothing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from approvals import digest
from approvals.forms_digest import DigestForm
from approvals.models import Digest, DigestAddress, Message
from linxia_xueji.dates import now
from linxia_xueji.models import User

PER_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """My messages, newest first, or the unread alone; one or all of them are marked as read by hand."""
    if request.method == "POST":
        new, one = Message.objects.filter(to=request.user, read_at=None), request.POST.get("read", "")
        marked = (new.filter(pk=one) if one.isdecimal() and len(one) < 19 else new).update(read_at=now())
        messages.success(request, f"{marked}条消息已标为已读")
        return redirect(request.get_full_path())
    return _page(request)


@login_required
@require_POST
def digest_address(request: HttpRequest) -> HttpResponse:
    """Say where the digest goes, or that none is wanted."""
    form = DigestForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    address = form.cleaned_data["address"]
    digest.set_address(address, by=request.user)
    messages.success(request, f"消息摘要将发往{address}" if address else "已停用消息摘要")
    return redirect("approvals:messages")


def _page(request: HttpRequest, form: DigestForm | None = None) -> HttpResponse:
    mine, asked = Message.objects.filter(to=request.user), request.GET.get("unread") == "1"
    new = mine.filter(read_at=None)
    listed = (new if asked else mine).select_related("request").order_by("-at", "-pk")
    page, unread = Paginator(listed, PER_PAGE).get_page(request.GET.get("page")), new.count()
    context = {"inbox": page.object_list, "page": page, "unread": unread, "tabs": _tabs(unread, asked)}
    context |= _digest(request.user, form) if digest.configured() else {}
    return render(request, "approvals/messages.html", context, status=422 if form else 200)


def _digest(user: User, form: DigestForm | None) -> dict[str, Any]:
    kept = DigestAddress.objects.filter(user=user).first()
    latest = Digest.objects.filter(to=user).order_by("-on").first() if kept else None
    form = form or DigestForm(initial={"address": kept.address if kept else ""})
    return {"form": form, "digest_form": form, "digest_on": bool(kept), "latest": latest}


def _tabs(unread: int, asked: bool) -> list[dict[str, Any]]:
    home = reverse("approvals:messages")
    return [
        {"label": "全部", "url": home, "count": None, "current": not asked},
        {"label": "未读", "url": f"{home}?unread=1", "count": unread, "current": asked},
    ]
