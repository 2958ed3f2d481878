"""The scans of a change: into their slots, on the screen, and what the head says of them; and what is recorded beside decisions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from linxia_xueji.serving import stored_file
from transfers.changes import detail_of
from transfers.forms_find import LegibleForm
from transfers.forms_proofs import AgainForm, ProofForm
from transfers.freeze import freeze_for
from transfers.models import Change, Proof
from transfers.national import NationalForm, how_many_wait, record_national, waiting
from transfers.outside import OutsideForm, record_outside
from transfers.panel import beside_scan
from transfers.proofs import attest, confirm_legible, may_confirm, put_proof, use_again
from transfers.slots import Slot, slot_of
from transfers.views.apply import not_mended


def change_for(request: HttpRequest, pk: int) -> Change:
    """The change, if this person may see it; a stranger gets 404."""
    found = (
        Change.objects.visible_to(request.user)
        .select_related("request__school__parent", "request__turn_organisation", "request__counterpart")
        .filter(pk=pk)
    )
    if (change := found.first()) is None:
        raise Http404
    return change


def _proof(request: HttpRequest, pk: int) -> Proof:
    found = (
        Proof.objects.visible_to(request.user)
        .select_related("change__request__turn_organisation", "file")
        .filter(pk=pk)
    )
    if (proof := found.first()) is None:
        raise Http404
    return proof


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def upload(request: HttpRequest, pk: int, slot: str) -> HttpResponse:
    """One scan into one slot, or one the school has already; what was measured is shown before anything is submitted."""
    change, wanted = _slot(request, pk, slot)
    if closed := not_mended(request, change):
        return closed
    again, form = _forms(request, change, wanted)
    put = {"change": change, "slot": wanted, "by": request.user}
    if again.is_valid():
        return _taken_in(request, use_again(known=again.cleaned_data["known"], **put), wanted)
    if form.is_valid():
        return _taken_in(request, put_proof(scan=form.cleaned_data["scan"], **put), wanted)
    page = {"change": change, "slot": wanted, "form": form, "again": again}
    return render(request, "transfers/upload.html", page, status=422 if form.errors or again.errors else 200)


def _slot(request: HttpRequest, pk: int, slot: str) -> tuple[Change, Slot]:
    change = change_for(request, pk)
    try:
        return change, slot_of(change.request.kind, slot)
    except KeyError as error:
        raise Http404 from error


def _forms(request: HttpRequest, change: Change, slot: Slot) -> tuple[AgainForm, ProofForm]:
    """The one that was posted with what was typed, the other one empty."""
    known = request.POST if "known" in request.POST else None
    again = AgainForm(known, change=change, slot=slot, user=request.user)
    fresh = request.method == "GET" or again.is_bound
    return again, ProofForm() if fresh else ProofForm(request.POST, files=request.FILES)


def _taken_in(request: HttpRequest, taken: Proof, slot: Slot) -> HttpResponse:
    """A doubtful scan is shown with its measures, before the clock is spent."""
    if taken.doubts:
        return redirect("transfers:proof", taken.pk)
    messages.success(request, f"已上传{slot.label}，图像清晰完整")
    return redirect("approvals:request", taken.change.request_id)


@login_required
@require_GET
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan with its measures, to be enlarged and turned beside the form."""
    return _proof_page(request, _proof(request, pk), LegibleForm())


def _proof_page(request: HttpRequest, shown: Proof, form: LegibleForm) -> HttpResponse:
    page = beside_scan(shown) | {
        "proof": shown, "slot": slot_of(shown.change.request.kind, shown.slot), "form": form,
        "confirms": shown.replaced_at is None and may_confirm(shown.change.request, access_of(request.user)),
    }  # fmt: skip
    return render(request, "transfers/proof.html", page, status=422 if form.errors else 200)


@login_required
@require_GET
def image(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture itself, as nothing but a picture."""
    return stored_file(_proof(request, pk).file)


@login_required
@require_POST
@drafted
def legible(request: HttpRequest, pk: int) -> HttpResponse:
    """The head confirms a doubtful scan legible, with a reason."""
    shown, form = _proof(request, pk), LegibleForm(request.POST)
    if not form.is_valid():
        return _proof_page(request, shown, form)
    confirm_legible(proof=shown, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, "已确认清晰可辨")
    return redirect("approvals:request", shown.change.request_id)


@login_required
@require_POST
def attested(request: HttpRequest, pk: int) -> HttpResponse:
    """The head attests the original, its signatures and seals."""
    shown = _proof(request, pk)
    attest(proof=shown, by=request.user)
    messages.success(request, f"已核对{slot_of(shown.change.request.kind, shown.slot).label}的原件和签章")
    return redirect("approvals:request", shown.change.request_id)


@login_required
@require_POST
@drafted
def outside(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision of the authority outside."""
    change, form = change_for(request, pk), OutsideForm(request.POST)
    if not form.is_valid():
        raise Refusal(
            "州外决定须填写主管部门、文号和日期", items=[e for errors in form.errors.values() for e in errors]
        )
    record_outside(
        request=change.request, detail=detail_of(change), decided=form.cleaned_data, on=today(), by=request.user
    )
    messages.success(request, "已登记州外主管部门的决定")
    return redirect("approvals:request", change.request_id)


@login_required
@require_GET
def nationals(request: HttpRequest) -> HttpResponse:
    """What is approved here and not yet done in the national system."""
    access, on = access_of(request.user), today()
    rows = waiting(access, on).select_related("request__school")
    count, late = how_many_wait(access, on)
    page = {"rows": rows[:200], "count": count, "late": late, "on": on, "freeze": freeze_for(access, on)}
    return render(request, "transfers/national.html", page)


@login_required
@require_POST
@drafted
def national(request: HttpRequest, pk: int) -> HttpResponse:
    """Day and person of the completion in the national system."""
    change, form = change_for(request, pk), NationalForm(request.POST)
    if not form.is_valid():
        raise Refusal("国网办结须填写日期和经办人", items=[e for errors in form.errors.values() for e in errors])
    record_national(change=change, on=today(), by=request.user, **form.cleaned_data)
    messages.success(request, "已登记国网办结")
    return redirect("approvals:request", change.request_id)
