"""What comparisons found: lists, one difference, pairs to decide, the letter and the Excel of an office."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import reads_register
from linxia_xueji.confirm import password_again
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.comparing import deeds
from registry.comparing.forms import NoteForm, PairForm
from registry.comparing.letter import letter_of
from registry.comparing.lists import differences_page, feedback_book, with_notes
from registry.comparing.pages import difference_page, pairs_page
from registry.models import Difference, Feedback, Pair
from registry.paper_enums import PaperKind
from registry.paper_files import paper_file
from registry.views.comparisons import comparison_for
from registry.views.orders import download


@login_required
@require_GET
def differences(request: HttpRequest, pk: int) -> HttpResponse:
    """The differences a comparison shows, of one's own."""
    context = differences_page(comparison_for(request, pk), request.user, request.GET)
    return render(request, "registry/comparing/differences.html", context)


def _difference(request: HttpRequest, pk: int) -> Difference:
    seen = with_notes(Difference.objects.visible_to(request.user))
    return get_object_or_404(seen.select_related("school__parent__parent__parent", "opened_in", "closed_in"), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """One difference; by POST what was done about it."""
    found, form = _difference(request, pk), NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.note(
                difference=found,
                mended_in=form.cleaned_data["mended_in"],
                words=form.cleaned_data["note"],
                by=request.user,
            )
            messages.success(request, "已登记，下一次比对不再出现时自动消除")
            return redirect("registry:difference", pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = difference_page(found, request.user, form) | ({"form": form} if form.errors else {})
    return render(request, "registry/comparing/difference.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@password_again
def reveal_difference(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page once with whole numbers; that they were shown stands in the trail."""
    found = _difference(request, pk)
    record(action="显示完整身份证号", by=request.user, target=found, organisation=found.school)
    return render(request, "registry/comparing/difference.html", difference_page(found, request.user, full=True))


@login_required
@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """Those who may be one person."""
    if not reads_register(request.user):
        raise Http404
    return render(request, "registry/comparing/pairs.html", pairs_page(request.user, request.GET.get("page")))


@login_required
@require_POST
@drafted
def decide_pair(request: HttpRequest, pk: int) -> HttpResponse:
    """One person or two, with reason."""
    found = get_object_or_404(
        Pair.objects.visible_to(request.user).select_related("school__parent__parent__parent"), pk=pk
    )
    form = PairForm(request.POST, auto_id=f"pair{pk}-%s")
    if form.is_valid():
        try:
            deeds.decide(pair=found, **form.cleaned_data, by=request.user)
            messages.success(request, "已判定，下一次比对按此核对")
            return redirect("registry:comparison_pairs")
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    return render(request, "registry/comparing/pairs.html", pairs_page(request.user, None, found, form), status=422)


def _feedback(request: HttpRequest, pk: int) -> Feedback:
    seen = Feedback.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("comparison__prefecture", "school__parent__parent", "county", "prefecture"), pk=pk
    )


@login_required
@require_POST
@password_again
def feedback_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of a county, for hand and stamp; taking it out stands in the trail."""
    found = _feedback(request, pk)
    site = request.build_absolute_uri("/")
    made = paper_file(PaperKind.COMPARISON, "pdf", found, letter_of(found), by=request.user, site=site)
    record(action="导出比对结果反馈函", by=request.user, target=found, organisation=found.school)
    return download(made.content, "pdf", f"比对结果反馈函-{found.pk}")


@login_required
@require_POST
@password_again
def feedback_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a county as Excel with whole numbers, on record."""
    found = _feedback(request, pk)
    content, count = feedback_book(found)
    record(action="导出比对差异", by=request.user, target=found, organisation=found.school, after={"count": count})
    return download(content, "xlsx", f"比对差异-{found.pk}")
