"""问题学籍: the list with the search of the register, and one problem with its records side by side."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from linxia_xueji.access import access_of
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from registry.models import Problem
from registry.problems.deeds import not_same, reopen
from registry.problems.exits import with_progress
from registry.problems.forms import DecisionForm
from registry.problems.list_page import list_page, reads
from registry.problems.page import problem_page
from registry.problems.rights import may_search
from registry.problems.tasks import search_later


@login_required
@require_http_methods(["GET", "POST"])
def problems(request: HttpRequest) -> HttpResponse:
    """The problems one may see; an authority lets the register be searched."""
    access = access_of(request.user)
    if not reads(access) or (request.method == "POST" and not may_search(access)):
        raise Http404
    if request.method != "POST":
        return render(request, "registry/problems/list.html", list_page(request.user, request.GET))
    try:
        search_later(by=request.user)
        messages.success(request, "已开始查找，完成后列入本页；离开本页不影响办理")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("registry:problems")


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """One problem; a head or officer decides that it is not the same person, or takes that back."""
    found = get_object_or_404(with_progress(Problem.objects.visible_to(request.user)), pk=pk)
    page = problem_page(found, request.user)
    if request.method != "POST":
        return render(request, "registry/problems/problem.html", page)
    if not page["may_decide"]:
        raise Http404
    form = DecisionForm(request.POST)
    refusal = _decide(request, found, form)
    if refusal is None and not form.errors:
        return redirect("registry:problem", pk)
    return render(request, "registry/problems/problem.html", page | {"form": form, "refusal": refusal}, status=422)


def _decide(request: HttpRequest, found: Problem, form: DecisionForm) -> Refusal | None:
    """The refusal where it is refused."""
    if not form.is_valid():
        return None
    deed, words = (
        (reopen, "已撤销判定，重新列入") if request.POST.get("deed") == "reopen" else (not_same, "已判定不是同一人")
    )
    try:
        deed(found, reason=form.cleaned_data["reason"], by=request.user)
    except Refusal as refusal:
        return refusal
    messages.success(request, words)
    return None
