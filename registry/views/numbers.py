"""The province's reply on paper, and the voiding of an issued number."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from approvals.enums import Move
from approvals.permission import why_not
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted, drop, unfinished
from linxia_xueji.refusal import Refusal
from registry.candidate_page import candidate_page
from registry.forms import ReplyForm, VoidForm
from registry.models import EnrolmentBatch
from registry.reply import check_reply, kept_reply, record_kept
from registry.views.batches import batch_for
from registry.views.candidates import candidate_for
from registry.voiding import open_voiding


def _require_record(request: HttpRequest, batch: EnrolmentBatch) -> None:
    if sentence := why_not(request.user, batch.request, Move.RECORD, today()):
        raise Refusal(sentence)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload the province's reply; its differences from the proposed numbers are shown before anything is recorded."""
    batch = batch_for(request, pk)
    blocked = why_not(request.user, batch.request, Move.RECORD, today())
    form, page = ReplyForm(initial={"replied_on": today()}), {"batch": batch, "blocked": blocked}
    if request.method == "POST":
        _require_record(request, batch)
        form = ReplyForm(request.POST, request.FILES)
        if form.is_valid() and (found := check_reply(batch, form, by=request.user)):
            return unfinished(render(request, "registry/batch/reply_check.html", page | found))
    return render(request, "registry/batch/reply.html", page | {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
@password_again
def record_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the reply that was checked: its numbers are issued."""
    batch = batch_for(request, pk)
    _require_record(request, batch)
    kept = kept_reply(batch, request.POST.get("reply", ""))
    with transaction.atomic():
        record_kept(batch, kept, by=request.user)
        drop(request.user, reverse("registry:reply", args=[pk]))
    messages.success(request, f"已登记省厅批复{kept['document_number']}，学号以批复为准")
    return redirect("approvals:request", batch.request_id)


@login_required
@require_POST
@drafted
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the voiding of a student's number: a request on the batch's route."""
    shown, form = candidate_for(request, pk), VoidForm(request.POST)
    if shown.enrolment is None:
        raise Refusal("该生还没有下发学号，不能作废")
    if not form.is_valid():
        page = candidate_page(shown, request.user, today(), forms={"void_form": form}) | {"form": form}
        return render(request, "registry/batch/candidate.html", page, status=422)
    voiding = open_voiding(number=shown.enrolment.student_number, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, f"已新建作废申请{voiding.request.number}，请核对后提交")
    return redirect("approvals:request", voiding.request_id)
