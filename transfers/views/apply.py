"""Applying for a change: the student, the form, what every rule says of it before anything is filed, and the draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted, unfinished
from linxia_xueji.enums import Permission
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from transfers.apply_page import Application, application_for, mending
from transfers.change_list import change_list
from transfers.changes import file_change, may_mend, mend_change
from transfers.finding import find, key_for
from transfers.forms_find import FindForm
from transfers.models import Change


@login_required
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """All changes one may see, by business and state."""
    access = access_of(request.user)
    if not access.has(Permission.VIEW_REGISTER):
        raise Http404
    return render(request, "transfers/list.html", change_list(access, request.GET))


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def finding(request: HttpRequest) -> HttpResponse:
    """Look a student up by name and number; that it was done stands in the trail."""
    access, form = access_of(request.user), FindForm(request.POST or None)
    if not access.has(Permission.VIEW_REGISTER):
        raise Http404
    found = []
    if form.is_bound and form.is_valid():
        found = [(e, key_for(e, access)) for e in find(**form.cleaned_data)]
        record(
            action="按姓名和证件号查找学生",
            by=request.user,
            target=found[0][0] if found else access.post.organisation,
            after={"found": len(found)},
        )
    page = {"form": form, "found": found, "asked": form.is_bound and form.is_valid()}
    return render(request, "transfers/find.html", page, status=422 if form.errors else 200)


def _only_asks(request: HttpRequest) -> bool:
    return "save" not in request.POST


@login_required
@require_http_methods(["GET", "POST"])
@drafted(asks=_only_asks)
def apply(request: HttpRequest, slug: str, key: str = "") -> HttpResponse:
    """The what-if page and the application in one: checking files nothing, saving opens the draft."""
    application = application_for(request.user, slug, key, request.POST or None, today())
    if application is None:
        raise Http404
    if request.method == "POST" and application.form.is_valid() and "save" in request.POST:
        try:
            return _filed(request, application)
        except Refusal as refusal:
            application.refusal = refusal
    return _page(request, application)


def _filed(request: HttpRequest, application: Application) -> HttpResponse:
    typed = application.form
    change = file_change(
        business=application.entry.business, enrolled=application.enrolled, detail=typed.particulars(), common=typed.common(),
        applied_on=typed.cleaned_data["applied_on"], school=application.school, by=request.user,
    )  # fmt: skip
    messages.success(
        request, f"已保存{application.entry.business.label}申请（{change.request.number}），请上传材料后提交"
    )
    return redirect("approvals:request", change.request_id)


def _page(request: HttpRequest, application: Application) -> HttpResponse:
    bad = application.form.errors or application.refusal
    response = render(request, "transfers/apply.html", application.page(), status=422 if bad else 200)
    return unfinished(response) if request.method == "POST" else response


def not_mended(request: HttpRequest, change: Change) -> HttpResponse | None:
    """Back to the request with the sentence where it does not lie with the person's school; None where it does."""
    try:
        may_mend(change.request, request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("approvals:request", change.request_id)
    return None


@login_required
@require_http_methods(["GET", "POST"])
@drafted(asks=_only_asks)
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an application anew while it lies with the school."""
    change = Change.objects.visible_to(request.user).select_related("request").filter(pk=pk).first()
    application = mending(change, request.user, request.POST or None, today()) if change else None
    if application is None:
        raise Http404
    if closed := not_mended(request, change):
        return closed
    if request.method == "POST" and application.form.is_valid() and "save" in request.POST:
        typed = application.form
        mend_change(
            change=change, detail=typed.particulars(), common=typed.common(), applied_on=typed.cleaned_data["applied_on"],
            by=request.user,
        )  # fmt: skip
        messages.success(request, "已保存修改")
        return redirect("approvals:request", change.request_id)
    return _page(request, application)
