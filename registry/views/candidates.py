"""Pages of one student in a batch: what was reported, papers, strike-out, and what is shown only on record."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from approvals.chain import advance
from approvals.enums import Move
from approvals.permission import why_not
from approvals.phrases import offered
from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.files import keep
from linxia_xueji.models import same_scope
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry import batches, papers
from registry.candidate_page import candidate_page, candidate_seen
from registry.forms import AskLetterForm, DeferralForm, HoldForm, PageForm, ReportedForm, StrikeForm
from registry.models import Candidate, Deferral


def candidate_for(request: HttpRequest, pk: int) -> Candidate:
    """The student, if this person may see the batch; a stranger gets 404."""
    found = candidate_seen(pk, access_of(request.user))
    if found is None:
        raise Http404("no such student for this person")
    return found


def _page(request: HttpRequest, shown: Candidate, *, full: bool = False, **forms: PageForm) -> HttpResponse:
    bad = next((form for form in forms.values() if form.errors), None)
    page = candidate_page(shown, request.user, today(), full=full, forms=forms) | {"form": bad}
    return render(request, "registry/batch/candidate.html", page, status=422 if bad else 200)


@login_required
@require_GET
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one student."""
    return _page(request, candidate_for(request, pk))


@login_required
@require_POST
@password_again
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page once with whole ID numbers; that they were shown stands in the trail."""
    shown = candidate_for(request, pk)
    record(action="显示完整身份证号", by=request.user, target=shown)
    return _page(request, shown, full=True)


@login_required
@require_POST
@drafted
def reported(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the information as reported."""
    shown, form = candidate_for(request, pk), ReportedForm(request.POST)
    batches.editable(shown.batch, request.user)
    if not form.is_valid():
        return _page(request, shown, reported_form=form)
    saved = batches.enter_reported(candidate=shown, values=form.values, by=request.user)
    messages.success(request, "已保存报到信息")
    if unlike := form.contradictions(saved.id_number.reveal()):
        messages.warning(request, f"{'、'.join(unlike)}与身份证号不一致，请按户口簿核对")
    return redirect("registry:candidate", pk)


@login_required
@require_POST
@drafted
def ask_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the county of exam registration for a correction letter."""
    shown, form = candidate_for(request, pk), AskLetterForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, ask_form=form)
    letter = papers.ask_for_letter(candidate=shown, note=form.cleaned_data["note"], by=request.user)
    messages.success(request, f"已向{letter.issuer.short_name}申请更正便函")
    return redirect("registry:candidate", pk)


@login_required
@require_POST
@drafted
def defer(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an application for 延期注册, or 不可抗力, with its proof."""
    shown, form = candidate_for(request, pk), DeferralForm(request.POST, files=request.FILES)
    batches.editable(shown.batch, request.user)
    if not form.is_valid():
        return _page(request, shown, deferral_form=form)
    try:
        deferral = _apply(shown, request.user, form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, shown, deferral_form=form)
    messages.success(request, f"已登记{deferral.get_kind_display()}，待校长同意")
    return redirect("registry:candidate", pk)


@transaction.atomic
def _apply(shown: Candidate, user, entered: dict) -> Deferral:
    scan = entered.pop("proof")
    scope = same_scope(shown.batch.request)
    use = keep(
        content=scan.content, name=scan.name, content_type=scan.content_type, purpose="延期证明", scope=scope, by=user
    )
    return papers.apply_for_deferral(candidate=shown, proof=use, by=user, on=today(), **entered)


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The head accepts a deferral."""
    visible = Candidate.objects.visible_to(request.user).values("pk")
    deferral = get_object_or_404(Deferral, pk=pk, candidate__in=visible)
    papers.accept_deferral(deferral=deferral, by=request.user, on=today())
    messages.success(request, f"已同意{deferral.get_kind_display()}，学位保留")
    return redirect("registry:candidate", deferral.candidate_id)


@login_required
@require_POST
@drafted
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a student for a supplementary batch, or take them in again."""
    shown, form = candidate_for(request, pk), HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, hold_form=form)
    reason = "" if "take_in" in request.POST else form.cleaned_data["reason"]
    if not reason and "take_in" not in request.POST:
        form.add_error("reason", "请写明暂缓原因")
        return _page(request, shown, hold_form=form)
    batches.hold_back(candidate=shown, reason=reason, by=request.user)
    messages.success(request, "已暂缓，学位保留，在补录批次注册" if reason else "已取消暂缓，随本批次注册")
    return redirect("registry:candidate", pk)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike one student out of a batch under way: whose turn it is, with rule and reason."""
    shown = candidate_for(request, pk)
    form = StrikeForm(request.POST or None, initial={"seen": shown.batch.request.version})
    if request.method == "POST" and form.is_valid():
        _strike(shown, request.user, **form.cleaned_data)
        messages.success(request, f"已核减{shown.name}，学位已释放，学号范围随之调整")
        return redirect("approvals:request", shown.batch.request_id)
    blocked = why_not(request.user, shown.batch.request, Move.STRIKE, today())
    stock = offered(access_of(request.user)).get(Move.STRIKE, ())
    page = {"candidate": shown, "batch": shown.batch, "form": form, "blocked": blocked, "phrases": stock}
    return render(request, "registry/batch/strike.html", page, status=422 if form.errors else 200)


def _strike(shown: Candidate, user, *, rule: str, note: str, seen: int | None) -> None:
    inputs = {"candidate": shown.pk, "rule": rule}
    advance(request=shown.batch.request, move=Move.STRIKE, by=user, note=note, inputs=inputs, seen=seen)
