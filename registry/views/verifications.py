"""信息核查: opened by the centre, how far it is, reminders, report and Excel."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import office_of, reads_register
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.comparing.pages import prefecture_of
from registry.models import SchoolVerification, Verification
from registry.paper_enums import PaperKind
from registry.paper_files import paper_file
from registry.verifying import figures, opening, pages, reminding, rights
from registry.verifying.forms import OpenForm
from registry.verifying.report import make_report, report_book, report_of
from registry.views.orders import download

LIST = "registry/verifying/list.html"


def verification_for(request: HttpRequest, pk: int) -> Verification:
    """A campaign the person may look at."""
    found = Verification.objects.visible_to(request.user).select_related("prefecture__parent", "opened_by")
    return get_object_or_404(found, pk=pk)


def _as_office(request: HttpRequest, pk: int) -> Verification:
    """A campaign the person's county or prefecture answers for."""
    found = verification_for(request, pk)
    if office_of(request.user) is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def verifications(request: HttpRequest) -> HttpResponse:
    """The campaigns so far; the centre opens the next."""
    if not reads_register(request.user):
        raise Http404
    if request.method == "GET":
        return render(request, LIST, pages.list_page(request.user, request.GET.get("page")))
    return _open(request)


def _open(request: HttpRequest) -> HttpResponse:
    prefecture = prefecture_of(request.user)
    if not rights.may_open(request.user, prefecture):
        raise Http404
    form = OpenForm(request.POST, terms=opening.terms_to_verify(prefecture, today()))
    if form.is_valid():
        try:
            made = opening.open_verification(prefecture=prefecture, **form.cleaned_data, on=today(), by=request.user)
            messages.success(request, f"{made}已发起，各校学籍管理员已收到消息")
            return redirect("registry:verification", made.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    return render(request, LIST, pages.list_page(request.user, None, form), status=422)


@login_required
@require_GET
def verification(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; a school is led to its own page."""
    found = verification_for(request, pk)
    if figures.is_school(request.user):
        own = SchoolVerification.objects.visible_to(request.user).filter(verification=found).first()
        return redirect("registry:school_verification", own.pk)
    return render(request, "registry/verifying/progress.html", pages.progress_page(found, request.user))


@login_required
@require_GET
def verification_schools(request: HttpRequest, pk: int) -> HttpResponse:
    """Which schools are done, which are left."""
    context = pages.schools_page(verification_for(request, pk), request.user, request.GET)
    return render(request, "registry/verifying/schools.html", context)


@login_required
@require_POST
def verification_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind the schools that are left, each once a day."""
    found = _as_office(request, pk)
    count = reminding.remind(verification=found, on=today(), by=request.user)
    words = f"已催办{count}所学校" if count else "未签字的学校今天都已催办过，没有重复发送"
    messages.success(request, words)
    return redirect("registry:verification", pk)


@login_required
@require_POST
@password_again
def verification_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of the person's office as PDF, as things stand."""
    made = make_report(verification=_as_office(request, pk), on=today(), by=request.user)
    site = request.build_absolute_uri("/")
    paper = paper_file(PaperKind.VERIFICATION, "pdf", made, report_of(made), by=request.user, site=site)
    return download(paper.content, "pdf", f"信息核查报告-{made.pk}")


@login_required
@require_POST
@password_again
def verification_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress and deviations as Excel with whole numbers, on record."""
    found = _as_office(request, pk)
    content, count = report_book(found, request.user, today())
    office = office_of(request.user)
    record(action="导出信息核查", by=request.user, target=found, organisation=office, after={"count": count})
    return download(content, "xlsx", f"信息核查-{found.pk}")
