"""国网省网比对: opened by the centre, both files with their columns, run by the worker; what came of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import reads_register
from linxia_xueji.dates import today
from linxia_xueji.refusal import Refusal
from registry.comparing import intake
from registry.comparing.enums import FILES
from registry.comparing.forms import ColumnsForm, ExportForm, OpenForm
from registry.comparing.pages import comparison_page, list_page, prefecture_of
from registry.comparing.trend import trend_page
from registry.models import Comparison, ComparisonFile


def comparison_for(request: HttpRequest, pk: int) -> Comparison:
    """A comparison the person may look at."""
    found = Comparison.objects.visible_to(request.user).select_related("prefecture__parent", "opened_by")
    return get_object_or_404(found, pk=pk)


def _mine(request: HttpRequest, pk: int) -> Comparison:
    """A comparison the person carries out."""
    found = comparison_for(request, pk)
    if not intake.may_compare(request.user, found.prefecture):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def comparisons(request: HttpRequest) -> HttpResponse:
    """The comparisons so far; the centre opens the next."""
    if not reads_register(request.user):
        raise Http404
    if request.method == "GET":
        return render(request, "registry/comparing/list.html", list_page(request.user, request.GET.get("page")))
    prefecture = prefecture_of(request.user)
    if not intake.may_compare(request.user, prefecture):
        raise Http404
    form = OpenForm(request.POST, terms=intake.terms_to_compare(prefecture, today()))
    if form.is_valid():
        try:
            made = intake.open_comparison(prefecture=prefecture, term=form.cleaned_data["term"], by=request.user)
            return redirect("registry:comparison", made.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    return render(request, "registry/comparing/list.html", list_page(request.user, None, form), status=422)


@login_required
@require_GET
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands and what it found."""
    return render(
        request, "registry/comparing/comparison.html", comparison_page(comparison_for(request, pk), request.user)
    )


@login_required
@require_GET
def comparison_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of that page that is asked for once a second while the worker compares."""
    context = comparison_page(comparison_for(request, pk), request.user) | {"polled": True}
    return render(request, "registry/comparing/_state.html", context)


@login_required
@require_POST
def comparison_upload(request: HttpRequest, pk: int, system: str) -> HttpResponse:
    """The export of one system; then its columns, unless they are known."""
    found = _mine(request, pk)
    if system not in [s.value for s in FILES]:
        raise Http404
    form = ExportForm(request.POST, request.FILES, auto_id=f"{system}-%s")
    upload = _receive(request, found, system, form) if form.is_valid() else None
    if upload is None:
        context = comparison_page(found, request.user, **{system: form})
        return render(request, "registry/comparing/comparison.html", context, status=422)
    known = upload.mapping_id is not None
    return redirect("registry:comparison", pk) if known else redirect("registry:comparison_columns", pk, system)


def _receive(request: HttpRequest, found: Comparison, system: str, form: ExportForm) -> ComparisonFile | None:
    """Keep the file; None with the reason on the form."""
    file = form.cleaned_data["file"]
    try:
        upload = intake.receive(comparison=found, system=system, content=file.read(), name=file.name, by=request.user)
    except Refusal as refusal:
        form.add_error("file", refusal.message)
        return None
    if upload.mapping:
        messages.success(request, f"已上传{upload.get_system_display()}名册，按“{upload.mapping.name}”对应列")
    return upload


@login_required
@require_http_methods(["GET", "POST"])
def comparison_columns(request: HttpRequest, pk: int, system: str) -> HttpResponse:
    """Which column is which, kept by name."""
    found = _mine(request, pk)
    upload = get_object_or_404(found.files.select_related("mapping", "file", "comparison"), system=system)
    form = ColumnsForm(request.POST or None, upload=upload, samples=intake.samples(upload))
    if request.method == "POST" and form.is_valid():
        try:
            intake.map_columns(upload=upload, columns=form.columns, name=form.cleaned_data["mapping"], by=request.user)
            messages.success(request, f"已保存{upload.get_system_display()}名册的列对应")
            return redirect("registry:comparison", pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = {"comparison": found, "upload": upload, "form": form}
    return render(request, "registry/comparing/columns.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def comparison_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the comparison to the worker."""
    found = _mine(request, pk)
    try:
        intake.start(comparison=found, by=request.user)
    except Refusal as refusal:
        context = comparison_page(found, request.user) | {"refusal": refusal}
        return render(request, "registry/comparing/comparison.html", context, status=422)
    messages.success(request, "已开始比对，离开本页不影响，结果在本页显示")
    return redirect("registry:comparison", pk)


@login_required
@require_GET
def trend(request: HttpRequest) -> HttpResponse:
    """From comparison to comparison."""
    if not reads_register(request.user):
        raise Http404
    return render(request, "registry/comparing/trend.html", trend_page(request.user, prefecture_of(request.user)))
