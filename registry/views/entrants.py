"""Pages of one child: what was entered, 延缓入学, urging, the letter to the township and what came of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.files import keep
from linxia_xueji.models import same_scope
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.entry import batches, following, forms
from registry.entry.entrant_page import entrant_page, entrant_seen
from registry.entry.letter import paper_of
from registry.entry.page import may_edit
from registry.forms import PageForm
from registry.models import Entrant, EntryDeferral
from registry.paper_enums import PaperKind
from registry.paper_files import paper_file
from registry.views.orders import download


def entrant_for(request: HttpRequest, pk: int) -> Entrant:
    """The child, if this person may see the batch; a stranger gets 404."""
    found = entrant_seen(pk, request.user, today())
    if found is None:
        raise Http404("no such child for this person")
    return found


def _page(request: HttpRequest, shown: Entrant, form: PageForm | None = None, *, full: bool = False) -> HttpResponse:
    given = {f"{form.code}_form": form, "form": form} if form else {}
    page = entrant_page(shown, request.user, today(), full=full, given=given)
    return render(request, "registry/entry/entrant.html", page, status=422 if form else 200)


def _done(
    request: HttpRequest, shown: Entrant, form: PageForm, deed: Callable[..., Any], said: Callable[[Any], str]
) -> HttpResponse:
    """Do it with what was entered, or show the page again with what is wrong."""
    if not form.is_valid():
        return _page(request, shown, form)
    try:
        done = deed(entrant=shown, by=request.user, on=today(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, shown, form)
    messages.success(request, said(done))
    return redirect("registry:entrant", shown.pk)


@login_required
@require_GET
def entrant(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one child."""
    return _page(request, entrant_for(request, pk))


@login_required
@require_POST
@password_again
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page once with whole numbers; that they were shown stands in the trail."""
    shown = entrant_for(request, pk)
    record(action="显示完整身份证号", by=request.user, target=shown)
    return _page(request, shown, full=True)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was entered."""
    shown = entrant_for(request, pk)
    form = forms.EntrantForm(request.POST if request.method == "POST" else None, entrant=shown)
    if request.method == "POST" and form.is_valid():
        try:
            batches.change(entrant=Entrant.objects.get(pk=pk), values=form.values, by=request.user)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已保存")
            return redirect("registry:entrant", pk)
    blocked = not may_edit(shown.batch, access_of(request.user)) or bool(shown.enrolment_id)
    page = {"batch": shown.batch, "entrant": shown, "form": form, "blocked": blocked}
    return render(request, "registry/entry/add.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
@drafted
def defer(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an application for 延缓入学 with its proof."""
    shown, form = entrant_for(request, pk), forms.EntryDeferralForm(request.POST, request.FILES)
    decider = batches.decider_of(shown.school).short_name
    return _done(request, shown, form, _defer, lambda done: f"已登记延缓入学申请，待{decider}决定")


@transaction.atomic
def _defer(*, entrant: Entrant, by, on, proof, **entered) -> EntryDeferral:
    use = keep(
        content=proof.content, name=proof.name, content_type=proof.content_type, purpose="延缓入学证明",
        scope=same_scope(entrant.batch.request), by=by,
    )  # fmt: skip
    return following.apply_for_deferral(entrant=entrant, proof=use, by=by, on=on, **entered)


@login_required
@require_POST
@drafted
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The authority accepts an application for 延缓入学, or does not."""
    seen = Entrant.objects.visible_to(request.user).values("pk")
    deferral = get_object_or_404(EntryDeferral, pk=pk, entrant__in=seen)
    shown, form = entrant_for(request, deferral.entrant_id), forms.DecideDeferralForm(request.POST)
    return _done(request, shown, form, _decider(deferral, "decline" not in request.POST), lambda done: f"{done.status}")


def _decider(deferral: EntryDeferral, accepted: bool) -> Callable[..., EntryDeferral]:
    def deed(*, entrant: Entrant, note: str, by, on) -> EntryDeferral:
        return following.decide_deferral(deferral=deferral, accepted=accepted, note=note, by=by, on=on)

    return deed


@login_required
@require_POST
@drafted
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that the school urged."""
    shown, form = entrant_for(request, pk), forms.UrgingForm(request.POST)
    return _done(request, shown, form, following.urge, lambda done: "已登记督促记录")


@login_required
@require_POST
@drafted
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the township."""
    shown, form = entrant_for(request, pk), forms.TownshipLetterForm(request.POST)
    return _done(
        request, shown, form, following.write_letter, lambda done: "已出具提请责令入学函，请导出PDF签字盖章后送达"
    )


@login_required
@require_POST
@password_again
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter on paper, for hand and stamp; taking it out stands in the trail."""
    shown = entrant_for(request, pk)
    written = getattr(shown, "letter", None)
    if written is None:
        raise Refusal("还没有出具提请责令入学函")
    site = request.build_absolute_uri("/")
    made = paper_file(PaperKind.TOWNSHIP, "pdf", written, paper_of(written), by=request.user, site=site)
    record(action="导出提请责令入学函", by=request.user, target=shown)
    return download(made.content, "pdf", f"提请责令入学函-{written.pk}")


@login_required
@require_POST
@drafted
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of the urging."""
    shown, form = entrant_for(request, pk), forms.OutcomeForm(request.POST)
    return _done(request, shown, form, following.end_chase, lambda done: f"已登记结果：{done.get_kind_display()}")


@login_required
@require_POST
@drafted
def outside(request: HttpRequest, pk: int) -> HttpResponse:
    """The record beyond the prefecture is closed."""
    shown, form = entrant_for(request, pk), forms.CloseOutsideForm(request.POST)
    said = {True: "已登记州外学籍了结，学籍转为在读", False: "已登记州外学籍了结"}
    return _done(request, shown, form, following.close_outside, said.__getitem__)


@login_required
@require_POST
@drafted
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a child off the list that was entered by mistake."""
    shown, form = entrant_for(request, pk), forms.RemoveForm(request.POST)
    return _done(request, shown, form, batches.remove, lambda done: "已移出名单，记录保留")
