"""The visit of a school, and what is recorded there on a telephone."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.serving import stored_file
from registry.inspecting import onsite
from registry.inspecting.forms import PhotoForm
from registry.inspecting.pages import site_page, visit_page
from registry.models import InspectedStudent, InspectionPhoto, InspectionVisit


def visit_for(request: HttpRequest, pk: int) -> InspectionVisit:
    """A visit the person may look at."""
    seen = InspectionVisit.objects.visible_to(request.user)
    chain = ("round__organisation__parent", "school__parent__parent__parent", "begun_by", "finished_by")
    return get_object_or_404(seen.select_related(*chain), pk=pk)


def _of_team(request: HttpRequest, pk: int) -> InspectionVisit:
    found = visit_for(request, pk)
    if not onsite.in_team(request.user, found.round):
        raise Http404
    return found


@login_required
@require_GET
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """What was seen at a school and what came of it."""
    return render(request, "registry/inspecting/visit.html", visit_page(visit_for(request, pk), request.user))


@login_required
@require_POST
def begin_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The team is there."""
    try:
        onsite.begin(visit=_of_team(request, pk), by=request.user)
        messages.success(request, "已开始检查，学校可以看到本次检查")
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("registry:visit", pk)
    return redirect("registry:visit_site", pk)


@login_required
@require_POST
def finish_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The team leaves."""
    try:
        onsite.finish(visit=_of_team(request, pk), by=request.user)
        messages.success(request, "现场检查已结束")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("registry:visit", pk)


@login_required
@require_http_methods(["GET", "POST"])
def visit_site(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a class for the telephone; a form without script sends the whole page."""
    found, number = _of_team(request, pk), request.GET.get("class")
    clashes: list[str] = []
    if request.method == "POST":
        try:
            written, clashes = onsite.tick_page(visit=found, rows=_rows(request, found), by=request.user)
            messages.success(request, f"已登记{written}名学生")
        except Refusal as refusal:
            clashes = [refusal.message]
        if not clashes:
            return redirect(f"{reverse('registry:visit_site', args=[pk])}?class={number or 0}")
    context = site_page(found, request.user, number, clashes)
    return render(request, "registry/inspecting/site.html", context, status=422 if clashes else 200)


def _rows(request: HttpRequest, found: InspectionVisit) -> list[dict]:
    """What a page without script sends: of each student result, note, version and key."""
    posted = request.POST
    return [
        {
            "student": one, "result": posted.get(f"result-{one.pk}", ""), "note": posted.get(f"note-{one.pk}", ""),
            "seen": _whole(posted.get(f"seen-{one.pk}")), "key": _key(posted.get(f"key-{one.pk}")) or uuid4(),
        }
        for one in found.people.select_related("recorded_by").order_by("pk")
        if f"seen-{one.pk}" in posted
    ]  # fmt: skip


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else -1


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@login_required
@require_POST
def inspected(request: HttpRequest, pk: int) -> JsonResponse:
    """One tick from a telephone: what now stands; 409 where another recorded something else, 422 where it is refused."""
    seen = InspectedStudent.objects.visible_to(request.user).select_related("visit__round__organisation__parent")
    found = get_object_or_404(seen, pk=pk)
    key, sent = _key(request.POST.get("key")), request.POST
    if not onsite.in_team(request.user, found.visit.round):
        raise Http404
    try:
        what = {"result": sent.get("result", ""), "note": sent.get("note", ""), "seen": _whole(sent.get("seen"))}
        done = onsite.tick(student=found, key=key or uuid4(), **what, by=request.user)
    except Refusal as refusal:
        now = InspectedStudent.objects.get(pk=pk)
        return JsonResponse(_told(now, refusal.message), status=409 if isinstance(refusal, Stale) else 422)
    return JsonResponse(_told(done, "已保存"))


def _told(student: InspectedStudent, words: str) -> dict:
    return {"version": student.version, "result": student.result, "note": student.note, "words": words}


def _photo_form(request: HttpRequest, found: InspectionVisit) -> PhotoForm:
    people, begin = found.people.order_by("grade", "school_class", "name"), {"student": request.GET.get("student")}
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    return PhotoForm(*bound, people=people, initial=begin)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def visit_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a picture."""
    found = _of_team(request, pk)
    form = _photo_form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            onsite.add_photo(visit=found, **form.cleaned_data, by=request.user)
            messages.success(request, "照片已保存")
            return redirect("registry:visit_site", pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = {"visit": found, "form": form, "why_not": onsite.why_not_record(request.user, found)}
    return render(request, "registry/inspecting/photo.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def inspection_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture."""
    seen = InspectionPhoto.objects.visible_to(request.user).select_related("file")
    return stored_file(get_object_or_404(seen, pk=pk).file)
