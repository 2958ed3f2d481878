"""Pages of the batches: the list, the school's working page, what is marked there, and the 招生调档."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from registry import batches as deeds
from registry.batch_list import batch_list, school_of
from registry.batch_page import batch_page
from registry.enums import Arrival
from registry.forms import ReceiptForm
from registry.intake import intake_list, intake_of
from registry.models import EnrolmentBatch
from registry.papers import receive_paper
from registry.standing import batch_seen


def batch_for(request: HttpRequest, pk: int) -> EnrolmentBatch:
    """The batch, if this person may see it; a stranger gets 404."""
    found = batch_seen(pk, access_of(request.user))
    if found is None:
        raise Http404("no such batch for this person")
    return found


def chosen(request: HttpRequest) -> list[int]:
    """The students ticked on a list."""
    return [
        int(value)
        for value in request.POST.getlist("candidate")
        if value.isascii() and value.isdigit() and len(value) < 19
    ]


def back_to(request: HttpRequest, page: str) -> str:
    """The page from which a form came where it names one on this site, else `page`."""
    back = request.POST.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else page


@login_required
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """All batches one may see, and which schools have none yet."""
    return render(request, "registry/batch/list.html", batch_list(request.user, today(), request.GET))


@login_required
@require_POST
def open_batch(request: HttpRequest) -> HttpResponse:
    """The registrar opens this year's batch."""
    school = school_of(access_of(request.user))
    if school is None:
        raise Refusal("只有学校的学籍管理员可以新建批次")
    batch = deeds.open_batch(school=school, year=today().year, by=request.user)
    messages.success(request, f"已新建批次{batch.request.number}，录取学生{batch.candidates.count()}人")
    return redirect("registry:batch", batch.pk)


@login_required
@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The working page of one batch."""
    return _batch_page(request, batch_for(request, pk))


def _batch_page(request: HttpRequest, shown: EnrolmentBatch, form: ReceiptForm | None = None) -> HttpResponse:
    page = batch_page(shown, request.user, today(), show=request.GET.get("show", ""), page=request.GET.get("page", 1))
    form = form or ReceiptForm(initial={"received_on": today(), "copies": 1})
    return render(
        request,
        "registry/batch/batch.html",
        page | {"receipt_form": form, "form": form},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the ticked students, or all unmarked ones, as reported or not."""
    batch, arrival = batch_for(request, pk), request.POST.get("arrival", "")
    if arrival not in Arrival.values:
        raise Refusal("请选择要登记的报到情况")
    unmarked = batch.candidates.filter(arrival=Arrival.UNMARKED, struck_on=None)
    people = list(unmarked.values_list("pk", flat=True)) if "everyone" in request.POST else chosen(request)
    marked = deeds.mark(batch=batch, candidates=people, arrival=arrival, by=request.user)
    if marked:
        messages.success(request, f"已将{marked}名学生登记为{Arrival(arrival).label}")
    else:
        messages.warning(request, "没有需要登记的学生，请先勾选")
    return redirect(back_to(request, reverse("registry:batch", args=[pk])))


@login_required
@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up the students a supplementary list has added."""
    batch = batch_for(request, pk)
    added = deeds.take_up_new(batch=batch, by=request.user)
    messages.success(request, f"已补入新录取学生{added}人")
    return redirect("registry:batch", pk)


@login_required
@require_POST
@drafted
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the paper copies that came in."""
    batch, form = batch_for(request, pk), ReceiptForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, batch, form)
    receive_paper(batch=batch, by=request.user, on=today(), **form.cleaned_data)
    messages.success(request, f"已登记收到纸质材料{form.cleaned_data['copies']}份")
    return redirect("registry:batch", pk)


@login_required
@require_GET
def intake(request: HttpRequest) -> HttpResponse:
    """招生调档 by school and county: what is done, what is missing."""
    return render(request, "registry/batch/intake.html", intake_list(request.user, today(), request.GET))


@login_required
@require_http_methods(["GET", "POST"])
def batch_intake(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: who is still missing in the national system; ticking them."""
    batch = batch_for(request, pk)
    if request.method == "POST":
        people = chosen(request)
        done = deeds.tick_intake(batch=batch, candidates=people, by=request.user, on=today())
        if done:
            messages.success(request, f"已登记{done}名学生的招生调档")
        else:
            messages.warning(request, "没有需要登记的学生，请先勾选")
        return redirect("registry:batch_intake", pk)
    return render(request, "registry/batch/batch_intake.html", intake_of(batch, request.user, today(), request.GET))
