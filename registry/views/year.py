"""学年安排: a page for everybody signed in, of their own organisation; terms are entered by whoever keeps the calendar."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals.models import Term
from approvals.terms import school_year_of
from approvals.terms_entry import enter_terms, revoke_term
from linxia_xueji.access import Access, access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.reach import run_by
from linxia_xueji.refusal import Refusal
from registry.forms_year import RevokeTermForm, TermsForm
from registry.year_page import YEARS, year_page

FORMS = {"enter_terms": "terms_form", "revoke_term": "revoke_form"}


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def year(request: HttpRequest, school_year: int | None = None) -> HttpResponse:
    """A school year, the present one unless another is named; a deed by one of the two forms."""
    access = access_of(request.user)
    school_year = school_year_of(today()) if school_year is None else school_year
    if access.post is None or school_year not in YEARS:
        raise Http404
    deed = request.POST.get("deed", "")
    forms = _forms(access, school_year, deed, request.POST or None)
    refusal = _carry_out(request, deed, forms, school_year) if request.method == "POST" else None
    if request.method == "POST" and refusal is None and not _errors(forms):
        return redirect("registry:year_of", school_year=school_year)
    reads = {"reads_policy": access.has(Permission.VIEW_REGISTER)}
    context = year_page(access.post.organisation, school_year, today()) | forms | reads | {"refusal": refusal}
    return render(request, "registry/lists/year.html", context, status=422 if request.method == "POST" else 200)


def _carry_out(request: HttpRequest, deed: str, forms: dict[str, Form | None], school_year: int) -> Refusal | None:
    """Do what the form asks; the refusal where it is refused. Nobody without the right has such a form."""
    form = forms.get(FORMS.get(deed, ""))
    if form is None:
        raise Http404
    if not form.is_valid():
        return None
    try:
        if deed == "enter_terms":
            enter_terms(school_year=school_year, by=request.user, **form.cleaned_data)
        else:
            revoke_term(by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        return refusal
    messages.success(request, "学期已登记" if deed == "enter_terms" else "登记已停用")
    return None


def _errors(forms: dict[str, Form | None]) -> bool:
    return any(form is not None and form.errors for form in forms.values())


def _forms(access: Access, school_year: int, deed: str, data: Any) -> dict[str, Form | None]:
    """The forms this person may use; the one of the deed is filled in."""
    kept = access.organisations(Permission.MANAGE_CALENDAR)
    if not kept:
        return dict.fromkeys(FORMS.values())
    below = run_by(kept)
    organisations = Organisation.objects.filter(pk__in=below).exclude(level=Level.SCHOOL).order_by("-level", "code")
    terms = Term.objects.filter(organisation__in=below, school_year=school_year, revoked_at=None)
    terms = terms.select_related("organisation").order_by("organisation__code", "season", "stage")
    return {
        "terms_form": TermsForm(data if deed == "enter_terms" else None, organisations=organisations),
        "revoke_form": RevokeTermForm(data if deed == "revoke_term" else None, terms=terms) if terms.exists() else None,
    }
