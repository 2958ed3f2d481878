"""“人籍一致”专项督查: the rounds, planning one, one round and its Excel."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import decides_for, office_of, reads_register
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.inspecting import planning
from registry.inspecting.forms import PlanForm, ReasonForm
from registry.inspecting.pages import list_page, plan_form, plan_page, round_page
from registry.inspecting.workbook import results_book
from registry.models import InspectedStudent, InspectionRound
from registry.views.orders import download


def _round(request: HttpRequest, pk: int) -> InspectionRound:
    seen = InspectionRound.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("organisation__parent", "planned_by", "called_off_by"), pk=pk)


@login_required
@require_GET
def inspections(request: HttpRequest) -> HttpResponse:
    """The rounds one may see."""
    if not reads_register(request.user):
        raise Http404
    return render(request, "registry/inspecting/list.html", list_page(request.user, request.GET.get("page")))


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def plan_inspection(request: HttpRequest) -> HttpResponse:
    """Plan a round."""
    office = office_of(request.user)
    if office is None:
        raise Http404
    form = plan_form(office, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = planning.plan(**_planned(office, form), by=request.user, on=today())
            messages.success(request, f"已制定，共抽取{_count(made)}名学生；抽样结果已记下，不再变动")
            return redirect("registry:inspection", made.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    status = 422 if form.errors else 200
    return render(request, "registry/inspecting/plan.html", plan_page(request.user, form), status=status)


def _count(made: InspectionRound) -> int:
    return InspectedStudent.objects.filter(visit__round=made).count()


def _planned(office: Organisation, form: PlanForm) -> dict:
    data = form.cleaned_data
    sample = planning.Sample(**{name: data[name] for name in ("roster_on", "seed", "classes", "students")})
    kept = {name: data[name] for name in ("title", "starts_on", "ends_on", "schools", "team", "others")}
    return kept | {"office": office, "sample": sample}


@login_required
@require_GET
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """One round."""
    return render(request, "registry/inspecting/round.html", round_page(_round(request, pk), request.user))


@login_required
@require_POST
@drafted
def call_off_inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """Call off a round nobody has begun."""
    found, form = _round(request, pk), ReasonForm(request.POST)
    if not decides_for(request.user, found.organisation):
        raise Http404
    if form.is_valid():
        try:
            planning.call_off(found=found, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, f"已撤销：{found.title}")
            return redirect("registry:inspection", pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = round_page(found, request.user, form) | {"form": form}
    return render(request, "registry/inspecting/round.html", context, status=422)


@login_required
@require_POST
@password_again
def inspection_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The results with whole numbers, for the office that planned it; on record."""
    found = _round(request, pk)
    if not decides_for(request.user, found.organisation):
        raise Http404
    content, count = results_book(found)
    record(
        action="导出督查结果", by=request.user, target=found, organisation=found.organisation, after={"count": count}
    )
    return download(content, "xlsx", f"督查结果-{found.pk}")
