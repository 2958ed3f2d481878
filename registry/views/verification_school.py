"""信息核查 at a school: its classes, its deviations, handing it to the head, signing it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.confirm import password_again
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from registry.models import ClassAttestation, SchoolVerification
from registry.roster.grades import class_words
from registry.verifying import deeds, noting, pages, rights, roster
from registry.verifying.forms import ExtraForm, ReasonForm, StudentForm

_SCHOOL = ("verification__prefecture", "school__parent__parent__parent", "attested_by", "signed_by")


def _school(request: HttpRequest, pk: int) -> SchoolVerification:
    seen = SchoolVerification.objects.visible_to(request.user).select_related(*_SCHOOL)
    return get_object_or_404(seen, pk=pk)


def _class(request: HttpRequest, pk: int) -> ClassAttestation:
    seen = SchoolVerification.objects.visible_to(request.user)
    needs = [f"school_verification__{path}" for path in _SCHOOL]
    rows = ClassAttestation.objects.filter(school_verification__in=seen).select_related("attested_by", *needs)
    return get_object_or_404(rows, pk=pk)


@login_required
@require_GET
def school_verification(request: HttpRequest, pk: int) -> HttpResponse:
    """The school's classes and how far they are."""
    return render(request, "registry/verifying/school.html", pages.school_page(_school(request, pk), request.user))


def _done(request: HttpRequest, found: SchoolVerification, deed: Callable[[], object], words: str) -> HttpResponse:
    """Do it and say so; a refusal stands on the page."""
    try:
        deed()
    except Refusal as refusal:
        context = pages.school_page(found, request.user) | {"refusal": refusal}
        return render(request, "registry/verifying/school.html", context, status=422)
    messages.success(request, words)
    return redirect("registry:school_verification", found.pk)


@login_required
@require_POST
def verification_attest(request: HttpRequest, pk: int) -> HttpResponse:
    """The registrar hands it to the head."""
    found = _school(request, pk)
    return _done(request, found, lambda: deeds.attest_school(found, by=request.user), "已提交校长签字")


@login_required
@require_POST
@password_again
def verification_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The head signs."""
    found = _school(request, pk)
    return _done(
        request, found, lambda: deeds.sign(found, by=request.user), "已签字，本校核查完成；差异继续处理到学籍一致"
    )


@login_required
@require_POST
@drafted
def verification_return(request: HttpRequest, pk: int) -> HttpResponse:
    """The head has it mended."""
    found, form = _school(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            deeds.give_back(found, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, "已退回学籍管理员")
            return redirect("registry:school_verification", pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = pages.school_page(found, request.user, form) | {"form": form}
    return render(request, "registry/verifying/school.html", context, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def verification_class(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster of a class; by POST it is attested as it stands."""
    one = _class(request, pk)
    context = pages.class_page(one, request.user)
    if request.method == "POST":
        try:
            deeds.attest_class(one, by=request.user)
            messages.success(request, f"{context['label']}已核查")
            return redirect("registry:school_verification", one.school_verification_id)
        except Refusal as refusal:
            context["refusal"] = refusal
    return render(request, "registry/verifying/class.html", context, status=422 if "refusal" in context else 200)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def verification_student(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """A student of the class deviates."""
    one, form = _class(request, pk), StudentForm(request.POST or None)
    rows = roster.of_class(one.school_verification.verification, one, one.school_verification.school_id)
    line = next(iter(roster.lines(rows.filter(pk=enrolment))), None)
    if line is None:
        raise Http404
    return _noted(request, one, form, {"student": roster.shown(line)}, enrolment)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def verification_extra(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody sits in the class whom the roster does not have."""
    return _noted(request, _class(request, pk), ExtraForm(request.POST or None), {}, None)


def _noted(request, one: ClassAttestation, form, context: dict, enrolment: int | None) -> HttpResponse:
    why_not = rights.why_not_note(request.user, one.school_verification)
    if request.method == "POST" and form.is_valid():
        try:
            made = noting.note(one, enrolment=enrolment, found=form.noted, by=request.user)
            messages.success(request, f"已登记{made.name}：{made.get_kind_display()}")
            return redirect("registry:verification_class", one.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context |= {"one": one, "label": class_words(one.grade, one.school_class), "form": form, "why_not": why_not}
    return render(request, "registry/verifying/note.html", context, status=422 if form.errors else 200)
