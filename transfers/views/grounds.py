"""退学事由: the list in force, read by whoever sees the register, changed by the prefecture."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from registry.clause_lists import ClauseList
from registry.views.policy import prefecture_of
from transfers.forms.grounds import GroundsForm
from transfers.ground_entry import set_grounds
from transfers.grounds import clause_list
from transfers.models import GroundsVersion
from transfers.views.routes import managed


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def grounds(request: HttpRequest) -> HttpResponse:
    """The list with its history; a new one with document and day of effect by whoever keeps the policy."""
    keeper = managed(request)
    if not access_of(request.user).has(Permission.VIEW_REGISTER) or (request.method == "POST" and keeper is None):
        raise Http404
    shown = clause_list(prefecture_of(request), today())
    form = _form(request, shown) if keeper else None
    refusal = None
    if form and form.is_valid() and not (refusal := _set(request, keeper, form)):
        return redirect("transfers:grounds")
    page = {"list": shown, "form": form, "refusal": refusal, "history": _history(request), "on": today()}
    return render(request, "transfers/grounds.html", page, status=422 if request.method == "POST" else 200)


def _form(request: HttpRequest, shown: ClauseList) -> GroundsForm:
    """It begins with the list in force."""
    begins = {"grounds": "\n".join(shown.items), "effective_from": today()}
    return GroundsForm(request.POST if request.method == "POST" else None, initial=begins)


def _history(request: HttpRequest) -> QuerySet[GroundsVersion]:
    """Every list there was and is to come, the latest first."""
    rows = GroundsVersion.objects.filter(organisation=prefecture_of(request)).select_related("entered_by")
    return rows.order_by("-effective_from", "-pk")


def _set(request: HttpRequest, prefecture: Organisation, form: GroundsForm) -> Refusal | None:
    """Put it in force and say so, or say why not."""
    try:
        row = set_grounds(prefecture=prefecture, on=today(), by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        return refusal
    messages.success(request, f"退学事由自{row.effective_from}起按新清单，已提出的申请不变")
    return None
