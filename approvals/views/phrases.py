"""常用语 of one's own office: the list, one more, one changed or deleted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from approvals import phrases as deeds
from approvals.forms_phrases import PhraseForm
from approvals.models import StockPhrase
from linxia_xueji.access import access_of
from linxia_xueji.drafts import drafted
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal


def _office(request: HttpRequest) -> Organisation:
    """The office the person decides for. :raises Http404: for none."""
    office = deeds.office_of(access_of(request.user))
    if office is None:
        raise Http404("decides for no office")
    return office


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def phrases(request: HttpRequest) -> HttpResponse:
    """The phrases of the office; adding one, or taking over the common ones."""
    office = _office(request)
    if "take_over" in request.POST:
        deeds.take_over(office=office, by=request.user)
        messages.success(request, "已采用通用常用语，可逐条修改")
        return redirect("approvals:phrases")
    form = PhraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(form, lambda: deeds.add(office=office, by=request.user, **form.cleaned_data)):
        messages.success(request, "已新增常用语")
        return redirect("approvals:phrases")
    page = {"office": office, "kept": deeds.own(office), "common": deeds.COMMON, "form": form}
    return render(request, "approvals/phrases.html", page, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def phrase(request: HttpRequest, pk: int) -> HttpResponse:
    """One phrase: change it, or delete it."""
    shown = get_object_or_404(StockPhrase, pk=pk, organisation=_office(request))
    if "delete" in request.POST:
        deeds.remove(phrase=shown, by=request.user)
        messages.success(request, "已删除常用语")
        return redirect("approvals:phrases")
    initial = {"text": shown.text, "move": shown.move, "order": shown.order}
    form = PhraseForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _done(form, lambda: deeds.change(phrase=shown, by=request.user, **form.cleaned_data)):
        messages.success(request, "已保存常用语")
        return redirect("approvals:phrases")
    return render(
        request, "approvals/phrase.html", {"phrase": shown, "form": form}, status=422 if form.is_bound else 200
    )


def _done(form: PhraseForm, deed) -> bool:
    """Do it, or write on the form why not."""
    try:
        deed()
    except Refusal as refusal:
        form.add_error("text", refusal.message)
    return not form.errors
