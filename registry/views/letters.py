"""更正便函: the list, and one letter as the county issues it or does not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.files import keep
from linxia_xueji.models import same_scope
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry import papers
from registry.forms import DeclineLetterForm, IssueLetterForm, PageForm
from registry.letters import letter_list, letter_page, require_issuer
from registry.models import CorrectionLetter
from registry.paper_files import letter_file, seal_note
from registry.scans import Scan
from registry.views.orders import download


def letter_for(request: HttpRequest, pk: int) -> CorrectionLetter:
    """The letter, for the school, those above it, and the county that issues it; a stranger gets 404."""
    letters = CorrectionLetter.objects.visible_to(request.user)
    return get_object_or_404(
        letters.select_related(
            "candidate__batch__request",
            "candidate__admission",
            "issuer__division",
            "school",
            "proof",
            "issued_by",
            "asked_by",
        ),
        pk=pk,
    )


def _page(request: HttpRequest, shown: CorrectionLetter, *, full: bool = False, **forms: PageForm) -> HttpResponse:
    bad = next((form for form in forms.values() if form.errors), None)
    page = letter_page(shown, request.user, full=full) | {
        "issue_form": IssueLetterForm(),
        "decline_form": DeclineLetterForm(),
        "seal_note": seal_note(shown.issuer),
        **forms,
        "form": bad,
    }
    return render(request, "registry/letters/letter.html", page, status=422 if bad else 200)


@login_required
@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """Letters asked for, issued and declined."""
    return render(request, "registry/letters/list.html", letter_list(request.user, request.GET))


@login_required
@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter."""
    return _page(request, letter_for(request, pk))


@login_required
@require_POST
@password_again
def reveal_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page once with whole ID numbers; that they were shown stands in the trail."""
    shown = letter_for(request, pk)
    record(action="显示完整身份证号", by=request.user, target=shown)
    return _page(request, shown, full=True)


@login_required
@require_POST
@drafted
def issue_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The county issues it, with number and proof."""
    shown, form = letter_for(request, pk), IssueLetterForm(request.POST, files=request.FILES)
    require_issuer(shown, request.user)
    if not form.is_valid():
        return _page(request, shown, issue_form=form)
    try:
        _issue(shown, request.user, form.cleaned_data["number"], form.cleaned_data["proof"])
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, shown, issue_form=form)
    messages.success(request, "已出具更正便函")
    return redirect("registry:letter", pk)


@transaction.atomic
def _issue(shown: CorrectionLetter, user, number: str, scan: Scan) -> None:
    use = keep(
        content=scan.content,
        name=scan.name,
        content_type=scan.content_type,
        purpose="更正证明",
        scope=same_scope(shown),
        by=user,
        party=shown.issuer,
    )
    papers.issue_letter(letter=shown, number=number, proof=use, by=user, on=today())


@login_required
@require_POST
@drafted
def decline_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The county does not issue it, with reason."""
    shown, form = letter_for(request, pk), DeclineLetterForm(request.POST)
    require_issuer(shown, request.user)
    if not form.is_valid():
        return _page(request, shown, decline_form=form)
    papers.decline_letter(letter=shown, reason=form.cleaned_data["reason"], by=request.user, on=today())
    messages.success(request, "已登记不予出具")
    return redirect("registry:letter", pk)


@login_required
@require_POST
@password_again
def letter_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter on paper, for hand and stamp; taking it out stands in the trail."""
    shown = letter_for(request, pk)
    content = letter_file(shown, by=request.user, site=request.build_absolute_uri("/"))
    record(action="导出更正便函", by=request.user, target=shown)
    return download(content, "pdf", f"更正便函-{shown.pk}")
