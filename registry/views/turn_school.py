"""The parts of a turn: one school with its list of 结业, those left out one by one, and the teaching points."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from linxia_xueji.access import access_of
from linxia_xueji.drafts import drafted
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.reach import organisations_where
from linxia_xueji.refusal import Refusal
from registry.models import Handing, TurnItem, YearTurn
from registry.roster.grades import words_of
from registry.views.turn import turn_of
from registry.year_turn import completion, follow, handings
from registry.year_turn.forms import CompletionForm, HandingForm, KeepForm
from registry.year_turn.page import item_rows, left_page
from registry.year_turn.rights import FOLLOWERS, may_complete, may_follow
from registry.year_turn.school_page import school_page


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def turn_school(request: HttpRequest, school_year: int, school: int) -> HttpResponse:
    """One school class by class; its registrar marks who does not graduate."""
    row = turn_of(request, school_year)
    seen = organisations_where(request.user, Permission.VIEW_REGISTER, Level.SCHOOL)
    found = get_object_or_404(seen.select_related("parent__parent__parent"), pk=school)
    if request.method == "POST" and not may_complete(request.user, found):
        raise Http404
    form = CompletionForm(request.POST if request.POST.get("deed") == "mark" else None)
    refusal = _mark(request, row, found, form) if request.method == "POST" else None
    if request.method == "POST" and refusal is None and not form.errors:
        return redirect(request.get_full_path())
    context = school_page(row, found, request.user, request.GET) | {"refusal": refusal}
    context |= {"completion_form": form} if form.is_bound else {}
    return render(request, "registry/turn/school.html", context, status=422 if form.is_bound else 200)


def _mark(request: HttpRequest, row: YearTurn, school: Organisation, form: CompletionForm) -> Refusal | None:
    """Mark those ticked, or take one mark away; the refusal where it is refused."""
    chosen = [int(pk) for pk in request.POST.getlist("enrolment") if pk.isdecimal()]
    try:
        if not form.is_bound:
            for pk in chosen:
                completion.unmark(row, school, enrolment=pk, by=request.user)
            messages.success(request, "已取消结业标记")
        elif form.is_valid():
            number = completion.mark(row, school, enrolments=chosen, by=request.user, **form.cleaned_data)
            messages.success(request, f"已标记{number}人结业")
    except Refusal as refusal:
        return refusal
    return None


@login_required
@require_http_methods(["GET", "POST"])
def turn_left(request: HttpRequest, school_year: int) -> HttpResponse:
    """Those the run left out; at one press all who are ready follow."""
    row = turn_of(request, school_year)
    page = left_page(row, request.user, request.GET)
    if request.method != "POST":
        return render(request, "registry/turn/left.html", page)
    if not page["may"]:
        raise Http404
    done, refused = follow.follow_all(row, by=request.user)
    (messages.warning if refused else messages.success)(
        request, f"已续办{done}人" + (f"，{refused}人未办，逐人查看原因" if refused else "")
    )
    return redirect("registry:turn_left", school_year=school_year)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def turn_item(request: HttpRequest, school_year: int, item: int) -> HttpResponse:
    """One student left out: follow the class, or stay for a reason."""
    row = turn_of(request, school_year)
    seen = follow.with_names(TurnItem.objects.visible_to(request.user).filter(turn=row))
    found = get_object_or_404(seen.select_related("school__parent__parent__parent", "settled_by", "turn"), pk=item)
    may = may_follow(request.user, found.school)
    if request.method == "POST" and not may:
        raise Http404
    form = KeepForm(request.POST if request.POST.get("deed") == "keep" else None)
    refusal = _see_to(request, found, form) if request.method == "POST" else None
    if request.method == "POST" and refusal is None and not form.errors:
        return redirect("registry:turn_left", school_year=school_year)
    context = {"turn": row, "row": item_rows([found], request.user)[0], "may": may, "form": form, "refusal": refusal}
    return render(request, "registry/turn/item.html", context, status=422 if request.method == "POST" else 200)


def _see_to(request: HttpRequest, item: TurnItem, form: KeepForm) -> Refusal | None:
    try:
        if not form.is_bound:
            done = follow.follow(item, by=request.user)
        elif form.is_valid():
            done = follow.keep(item, by=request.user, **form.cleaned_data)
        else:
            return None
    except Refusal as refusal:
        return refusal
    messages.success(request, f"{item.name}：{done.get_outcome_display()}")
    return None


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def turn_handings(request: HttpRequest) -> HttpResponse:
    """Which school takes the pupils of each teaching point; set and ended by the authority above both."""
    access = access_of(request.user)
    if not access.has(Permission.VIEW_REGISTER):
        raise Http404
    may = any(map(access.has, FOLLOWERS))
    if request.method == "POST" and not may:
        raise Http404
    form = HandingForm(request.POST if request.POST.get("deed") == "set" else None, schools=_schools(request))
    refusal = _set_or_end(request, form) if request.method == "POST" else None
    if request.method == "POST" and refusal is None and not form.errors:
        return redirect("registry:turn_handings")
    rows = [(row, words_of(row.last_grade)) for row in handings.in_force(request.user)]
    context = {"rows": rows, "form": form if may else None, "refusal": refusal}
    return render(request, "registry/turn/handings.html", context, status=422 if request.method == "POST" else 200)


def _schools(request: HttpRequest):
    return organisations_where(request.user, Permission.VIEW_REGISTER, Level.SCHOOL).filter(valid_to=None)


def _set_or_end(request: HttpRequest, form: HandingForm) -> Refusal | None:
    try:
        if form.is_valid():
            made = handings.hand_on(by=request.user, **form.cleaned_data)
            messages.success(request, f"已登记：{made}")
        elif not form.is_bound:
            handing = request.POST.get("handing", "")
            seen = Handing.objects.visible_to(request.user)
            found = get_object_or_404(seen, pk=int(handing) if handing.isdecimal() else 0)
            handings.end(found, by=request.user)
            messages.success(request, "已停用")
    except Refusal as refusal:
        return refusal
    return None
