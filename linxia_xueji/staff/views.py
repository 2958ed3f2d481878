"""人员与岗位: who holds which post, appointing and ending, stand-ins, accounts unused and sealed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted
from linxia_xueji.models import Appointment, Post, User
from linxia_xueji.passwords import issue_initial
from linxia_xueji.refusal import Refusal
from linxia_xueji.staff import appointments, lists
from linxia_xueji.staff.accounts import USERNAME_RULE
from linxia_xueji.staff.deeds import PERSON_DEEDS, POST_DEEDS, Deed, Issued
from linxia_xueji.staff.forms import AppointForm, EndForm, FindForm, PostFilter, first_day
from linxia_xueji.staff.pages import frame_of, person_page, post_page
from linxia_xueji.staff.reach import is_admin, managed_organisations, managed_people, managed_posts

PER_PAGE = 50


def _keeper(request: HttpRequest) -> User:
    """The signed-in person; for those who keep no accounts there are no such pages."""
    if not is_admin(access_of(request.user)):
        raise Http404
    return request.user


def _page(request: HttpRequest, rows: QuerySet) -> Any:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


@login_required
@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    """The posts of the organisations under the person, and who holds them."""
    keeper, on = _keeper(request), today()
    form = PostFilter(request.GET, roles=lists.roles_under(keeper))
    found = lists.narrowed(lists.posts_of(keeper, on), **(form.cleaned_data if form.is_valid() else {}))
    page = _page(request, found)
    rows = [lists.row_of(post, on) for post in page]
    context = frame_of(keeper, on, "posts") | {"page": page, "rows": rows, "filter_form": form}
    return render(request, "staff/posts.html", context)


@login_required
@require_GET
def unset(request: HttpRequest) -> HttpResponse:
    """Organisations without a post their level needs."""
    keeper, on = _keeper(request), today()
    page = _page(request, lists.unset_of(keeper, on))
    rows = [{"organisation": organisation, "missing": lists.missing_roles(organisation)} for organisation in page]
    return render(request, "staff/unset.html", frame_of(keeper, on, "unset") | {"page": page, "rows": rows})


@login_required
@require_GET
def unused(request: HttpRequest) -> HttpResponse:
    """Accounts not signed in to for long, and those due to be sealed."""
    keeper, on = _keeper(request), today()
    context = frame_of(keeper, on, "unused")
    page = _page(request, lists.unused_of(keeper, context["terms"], on))
    rows = [lists.unused_row(person, context["terms"], on) for person in page]
    return render(request, "staff/unused.html", context | {"page": page, "rows": rows})


@login_required
@require_GET
def sealed(request: HttpRequest) -> HttpResponse:
    """Sealed accounts, with reason and by whom."""
    keeper, on = _keeper(request), today()
    page = _page(request, lists.sealed_of(keeper))
    rows = [
        {"person": p, "seat": lists.seat_in(p), "seal": max(p.seals.all(), key=lambda s: s.pk, default=None)}
        for p in page
    ]
    return render(request, "staff/sealed.html", frame_of(keeper, on, "sealed") | {"page": page, "rows": rows})


@login_required
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """People by a part of the name or the user name; by POST, so that no name stands in an address."""
    keeper, form = _keeper(request), FindForm(request.POST)
    found = lists.found_of(keeper, form.cleaned_data["words"].strip()) if form.is_valid() else []
    rows = [{"person": person, "seat": lists.seat_in(person)} for person in found]
    context = frame_of(keeper, today(), "") | {"rows": rows, "find_form": form, "most": lists.PEOPLE_FOUND}
    return render(request, "staff/found.html", context, status=200 if form.is_valid() else 422)


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def appoint(request: HttpRequest) -> HttpResponse:
    """Appoint somebody to a vacant or a new post; a new person's one-time password is shown on this answer alone."""
    keeper = _keeper(request)
    asked = {name: request.GET.get(name, "") for name in ("organisation", "role", "title")}
    data = request.POST if request.method == "POST" else None
    form = AppointForm(data, organisations=managed_organisations(keeper), initial=first_day(today()) | asked)
    refusal = None
    if form.is_valid():
        try:
            return _appointed(request, appointments.appoint_to(by=keeper, **form.terms), "已任命")
        except Refusal as caught:
            refusal = caught
    context = {"form": form, "refusal": refusal, "rule": USERNAME_RULE}
    return render(request, "staff/appoint.html", context, status=422 if form.is_bound else 200)


def _appointed(request: HttpRequest, made: appointments.Appointed, words: str) -> HttpResponse:
    """The page with the one-time password of a new account, or the post of somebody who has one."""
    held = made.appointment
    said = f"{words}：{held.user.full_name}，{held.post}，自{held.starts_on}起"
    if made.is_new:
        return _issued(request, Issued(held.user, issue_initial(held.user, by=request.user)), said)
    messages.success(request, said)
    return redirect("staff:post", pk=held.post_id)


@login_required
@require_GET
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """A post: who holds it, who held it, and what may be done."""
    row = get_object_or_404(
        managed_posts(_keeper(request)).select_related("organisation__parent__parent__parent"), pk=pk
    )
    return render(request, "staff/post.html", post_page(row, request.user, today()))


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def post_deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Hand a post over, or have somebody stand in."""
    row = get_object_or_404(
        managed_posts(_keeper(request)).select_related("organisation__parent__parent__parent"), pk=pk
    )
    wanted = _deed(POST_DEEDS, deed)
    return _do(request, wanted, row, f"{row}", reverse("staff:post", args=[pk]))


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an appointment or a stand-in."""
    within = Appointment.objects.filter(post__in=managed_posts(_keeper(request)))
    held = get_object_or_404(within.select_related("user", "post__organisation__parent__parent__parent"), pk=pk)

    def act(held: Appointment, by: User, form: forms.Form) -> None:
        appointments.end(appointment=held, by=by, **form.cleaned_data)

    label = "终止代理" if held.stand_in else "卸任"
    deed = Deed(
        label, "次日起不能再以此岗位办理；此前办理的仍然有效，账号保留。", EndForm, act, f"已办理{label}", bad=True
    )
    return _do(request, deed, held, f"{held}", reverse("staff:post", args=[held.post_id]))


@login_required
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person: account, appointments, seals, and what may be done."""
    row = get_object_or_404(managed_people(_keeper(request)), pk=pk)
    return render(request, "staff/person.html", person_page(row, request.user, today()))


@login_required
@require_http_methods(["GET", "POST"])
@drafted
@password_again(when=lambda request, pk, deed: deed == "reset-password")
def person_deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Seal or open an account, reset what is needed to sign in."""
    row = get_object_or_404(managed_people(_keeper(request)), pk=pk)
    return _do(request, _deed(PERSON_DEEDS, deed), row, row.full_name, reverse("staff:person", args=[pk]))


def _deed(deeds: dict[str, Deed], name: str) -> Deed:
    if name not in deeds:
        raise Http404
    return deeds[name]


def _do(request: HttpRequest, deed: Deed, target: Post | Appointment | User, subject: str, back: str) -> HttpResponse:
    """The deed's form on its own page, and the deed."""
    form = deed.form(request.POST if request.method == "POST" else None, initial=first_day(today()))
    refusal = None
    if form.is_valid():
        try:
            made = deed.act(target, request.user, form)
        except Refusal as caught:
            refusal = caught
        else:
            return _answer(request, deed, made, back)
    context = {"deed": deed, "subject": subject, "form": form, "refusal": refusal, "back": back, "rule": USERNAME_RULE}
    return render(request, "staff/deed.html", context, status=422 if form.is_bound else 200)


def _issued(request: HttpRequest, issued: Issued, said: str) -> HttpResponse:
    return render(request, "staff/issued.html", {"person": issued.person, "password": issued.password, "said": said})


def _answer(request: HttpRequest, deed: Deed, made: Any, back: str) -> HttpResponse:
    if isinstance(made, appointments.Appointed):
        return _appointed(request, made, deed.done)
    if isinstance(made, Issued):
        return _issued(request, made, deed.done)
    messages.success(request, deed.done)
    return redirect(back)
