"""What was found in a verification, and the sample of an authority."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import office_of
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from registry.models import Deviation, Sample
from registry.verifying import noting, pages, sampling, settling
from registry.verifying.forms import ReasonForm
from registry.views.verifications import verification_for


@login_required
@require_GET
def deviations(request: HttpRequest, pk: int) -> HttpResponse:
    """The deviations of a campaign one may see."""
    context = pages.deviations_page(verification_for(request, pk), request.user, request.GET)
    return render(request, "registry/verifying/deviations.html", context)


def _deviation(request: HttpRequest, pk: int) -> Deviation:
    needs = ("school_verification__verification__prefecture", "school_verification__school__parent__parent__parent", "school",
             "class_attestation", "noted_by", "ended_by")  # fmt: skip
    return get_object_or_404(Deviation.objects.visible_to(request.user).select_related(*needs), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def deviation(request: HttpRequest, pk: int) -> HttpResponse:
    """One deviation; by POST it is withdrawn, with a reason."""
    found, form = _deviation(request, pk), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            noting.withdraw(found, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, "已撤销，理由已留存")
            return redirect("registry:deviation", pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = pages.deviation_page(found, request.user, form) | ({"form": form} if form.errors else {})
    return render(request, "registry/verifying/deviation.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def deviation_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold it against the register now instead of within the hour."""
    found = _deviation(request, pk)
    closed = settling.settle(Deviation.objects.filter(pk=found.pk))
    messages.success(request, "学籍已一致，差异已消除" if closed else "学籍登记还没有变化，差异仍待处理")
    return redirect("registry:deviation", pk)


@login_required
@require_http_methods(["GET", "POST"])
def verification_sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The sample of the person's office; by POST it is drawn, once."""
    found = verification_for(request, pk)
    if office_of(request.user) is None:
        raise Http404
    context = pages.sample_page(found, request.user)
    if request.method == "POST":
        try:
            sampling.draw(verification=found, by=request.user)
            return redirect("registry:verification_sample", pk)
        except Refusal as refusal:
            context["refusal"] = refusal
    return render(request, "registry/verifying/sample.html", context, status=422 if "refusal" in context else 200)


@login_required
@require_POST
def sample_agrees(request: HttpRequest, pk: int) -> HttpResponse:
    """Students drawn are there as registered."""
    sample = get_object_or_404(
        Sample.objects.visible_to(request.user).select_related(
            "verification__prefecture__parent", "school__parent__parent"
        ),
        pk=pk,
    )
    try:
        count = sampling.found_right(sample=sample, students=request.POST.getlist("student"), by=request.user)
        messages.success(request, f"已登记{count}人核对一致")
        return redirect("registry:verification_sample", sample.verification_id)
    except Refusal as refusal:
        context = pages.sample_page(sample.verification, request.user) | {"refusal": refusal}
        return render(request, "registry/verifying/sample.html", context, status=422)
