"""学年升级毕业: opened, previewed, run, taken back and confirmed by the prefecture; schools and counties see their part."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from approvals.terms import school_year_of
from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from registry.models import YearTurn
from registry.year_turn import tasks
from registry.year_turn.fates import first_day
from registry.year_turn.forms import DayForm, OpenForm
from registry.year_turn.page import state, turn_page
from registry.year_turn.rights import may_turn, prefecture_of
from registry.year_turn.undoing import touched

DEEDS = ("run", "undo", "confirm")


def turns_of(request: HttpRequest):
    """The turns of the reader's prefecture, the latest first; 404 for whoever does not read the register."""
    prefecture = _prefecture(request)
    found = YearTurn.objects.filter(prefecture=prefecture).select_related(
        "prefecture", "opened_by", "run_by", "confirmed_by"
    )
    return found.order_by("-school_year")


def turn_of(request: HttpRequest, school_year: int) -> YearTurn:
    """The turn of a school year."""
    return get_object_or_404(turns_of(request), school_year=school_year)


def _prefecture(request: HttpRequest) -> Organisation:
    prefecture = prefecture_of(access_of(request.user))
    if prefecture is None:
        raise Http404
    return prefecture


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def turns(request: HttpRequest) -> HttpResponse:
    """The turns so far, and the form to open the next."""
    rows, prefecture = turns_of(request), _prefecture(request)
    may = may_turn(request.user, prefecture)
    if request.method == "POST" and not may:
        raise Http404
    year = max([school_year_of(today()), *(row.school_year + 1 for row in rows)])  # the first not yet opened
    form = OpenForm(request.POST or None, initial={"school_year": year, "day": first_day(year)})
    if form.is_valid() and (turn := _open(request, prefecture, form)):
        return redirect("registry:turn", school_year=turn.school_year)
    context = {"rows": rows, "form": form if may else None}
    return render(request, "registry/turn/list.html", context, status=422 if form.is_bound else 200)


def _open(request: HttpRequest, prefecture: Organisation, form: OpenForm) -> YearTurn | None:
    try:
        turn = tasks.open_later(prefecture=prefecture, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return None
    messages.success(request, f"已开启{turn}，正在统计预览；处理之前学籍不变")
    return turn


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def turn(request: HttpRequest, school_year: int) -> HttpResponse:
    """Where a turn stands, with numbers by county and school; small deeds of the preview."""
    row = turn_of(request, school_year)
    if request.method == "POST" and not may_turn(request.user, row.prefecture):
        raise Http404
    form = DayForm(request.POST if request.POST.get("deed") == "day" else None, initial={"day": row.day})
    if request.method == "POST" and _small_deed(request, row, form):
        return redirect("registry:turn", school_year=row.school_year)
    context = turn_page(row, request.user, request.GET) | {"day_form": form}
    return render(request, "registry/turn/turn.html", context, status=422 if form.is_bound else 200)


def _small_deed(request: HttpRequest, row: YearTurn, form: DayForm) -> bool:
    """Choose another first day, go on after a breakdown, or count again; False with the reason on the form."""
    if not form.is_bound:
        (tasks.go_on if request.POST.get("deed") == "go_on" else tasks.count_later)(row)
        return True
    if not form.is_valid():
        return False
    try:
        tasks.choose_day_later(row, day=form.cleaned_data["day"], by=request.user)
    except Refusal as refusal:
        form.add_error("day", refusal.message)
        return False
    messages.success(request, f"起算日已改为{form.cleaned_data['day']}，正在重新统计")
    return True


@login_required
@require_GET
def turn_progress(request: HttpRequest, school_year: int) -> HttpResponse:
    """The part of that page that is asked for once a second while a job runs; finished, it asks no more."""
    return render(request, "registry/turn/_state.html", state(turn_of(request, school_year)) | {"polled": True})


@login_required
@require_http_methods(["GET", "POST"])
@password_again
def turn_deed(request: HttpRequest, school_year: int, turn_deed: str) -> HttpResponse:
    """Run, take back or confirm: a page that says what follows, and the deed."""
    row = turn_of(request, school_year)
    if turn_deed not in DEEDS or not may_turn(request.user, row.prefecture):
        raise Http404
    refusal = _carry_out(request, row, turn_deed) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect("registry:turn", school_year=school_year)
    number, first = touched(row) if turn_deed == "undo" else (0, [])
    context = {"turn": row, "deed": turn_deed, "refusal": refusal, "touched": number, "first": first,
               "waiting": row.turnitem_set.filter(settled_at=None).count()}  # fmt: skip
    return render(request, "registry/turn/deed.html", context, status=422 if refusal else 200)


def _carry_out(request: HttpRequest, row: YearTurn, deed: str) -> Refusal | None:
    """Do it; the refusal where it is refused."""
    try:
        if deed == "run":
            tasks.run_later(row, by=request.user, on=today())
        elif deed == "undo":
            tasks.undo_later(row, by=request.user, keep_touched=request.POST.get("keep_touched") == "on")
        else:
            tasks.confirm_later(row, by=request.user)
    except Refusal as refusal:
        return refusal
    said = {"run": "已开始处理，离开本页不影响处理", "undo": "已开始撤销", "confirm": f"{row}已确认，不能再撤销"}
    messages.success(request, said[deed])
    return None
