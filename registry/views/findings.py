"""Findings of an inspection: written, answered, put right, looked at again; the 通报 of what is not put right."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from linxia_xueji.access import decides_for
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.inspecting import findings, notice
from registry.inspecting.forms import FindingForm, MoveForm, NoticeForm
from registry.inspecting.pages import finding_page
from registry.models import Finding, InspectionNotice, InspectionVisit
from registry.paper_enums import PaperKind
from registry.paper_files import paper_file
from registry.views.inspection_site import visit_for
from registry.views.orders import download


def _of_office(request: HttpRequest, pk: int) -> InspectionVisit:
    found = visit_for(request, pk)
    if not decides_for(request.user, found.round.organisation):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def new_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a finding about a school."""
    found = _of_office(request, pk)
    begin = {"due_on": findings.due_by(found.round.organisation, today()), "student": request.GET.get("student")}
    form = FindingForm(
        request.POST or None, people=found.people.order_by("grade", "school_class", "name"), initial=begin
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            findings.find(visit=found, key=data.pop("key"), written=findings.Written(**data), by=request.user)
            messages.success(request, "已提出问题，已告知学校")
            return redirect("registry:visit", pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = {"visit": found, "form": form, "why_not": findings.why_not_find(request.user, found)}
    return render(request, "registry/inspecting/new_finding.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding; by POST a move."""
    found = _finding(request, pk)
    steps = findings.open_to(request.user, found, today())
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = MoveForm(*bound, finding=found, steps=steps) if steps else None
    if request.method == "POST" and form and form.is_valid():
        try:
            findings.act(finding=found, **form.cleaned_data, by=request.user)
            messages.success(request, "已登记，已告知对方")
            return redirect("registry:finding", pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    status = 422 if request.method == "POST" else 200
    return render(request, "registry/inspecting/finding.html", finding_page(found, request.user, form), status=status)


def _finding(request: HttpRequest, pk: int) -> Finding:
    chain = ("visit__round__organisation__parent", "school__parent__parent__parent", "student")
    return get_object_or_404(Finding.objects.visible_to(request.user).select_related(*chain), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
@password_again
def visit_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a 通报 about a school."""
    found = _of_office(request, pk)
    failed, people = findings.not_put_right(found), notice.people_of(found.school, today())
    form = NoticeForm(request.POST or None, school=found.school, findings=failed, people=people)
    why = notice.why_not_notice(request.user, found)
    if request.method == "POST" and form.is_valid():
        named = {name: form.cleaned_data[name] for name in ("number", "findings", "words")}
        try:
            made = notice.issue(visit=found, people=form.people, **named, by=request.user, on=today())
            messages.success(request, f"已签发{made}，可导出PDF")
            return redirect("registry:visit", pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = {"visit": found, "form": form, "why_not": why, "failed": failed}
    return render(request, "registry/inspecting/notice.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@password_again
def notice_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The 通报 as PDF; taking it out stands in the trail."""
    seen = InspectionNotice.objects.visible_to(request.user)
    found = get_object_or_404(seen.select_related("visit__round__organisation", "school"), pk=pk)
    site = request.build_absolute_uri("/")
    made = paper_file(PaperKind.INSPECTION, "pdf", found, notice.paper_of(found), by=request.user, site=site)
    record(action="导出督查通报", by=request.user, target=found, organisation=found.visit.round.organisation)
    return download(made.content, "pdf", f"督查通报-{found.pk}")
