"""Pages of the doors: signing in, the code, one's own password, second factor, the password again."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from linxia_xueji import confirm as again
from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.doors import carried, entry, second_factor, sessions
from linxia_xueji.doors.forms import CodeForm, EnrolForm, PasswordForm, SignInForm
from linxia_xueji.doors.page import sign_in_page
from linxia_xueji.passwords import change
from linxia_xueji.policy import in_force
from linxia_xueji.refusal import Refusal


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password; then the code, where there is one to be asked for."""
    onward = {name: (request.POST or request.GET).get(name, "") for name in ("next", "held")}
    if request.user.is_authenticated:
        return redirect(entry.safe(request, onward["next"]))
    if request.method == "GET":
        return sign_in_page(request, next=onward["next"])
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return sign_in_page(request, form, **onward, status=422)
    if second_factor.of(form.user):
        entry.wait_for_code(request, form.user, onward)
        return redirect("sign_in_code")
    return redirect(entry.admit(request, form.user, onward))


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code of the second factor, after the password."""
    found = entry.waiting(request)
    if found is None:
        return redirect("login")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wrong = second_factor.verify(found[0], form.cleaned_data["code"])
        if not wrong:
            return redirect(entry.admit(request, *found))
        form.add_error("code", wrong)
    return render(request, "registration/code.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """An own password; whoever came with a one-time one sees no other page before."""
    form = PasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        change(request.user, form.cleaned_data["new_password"])
        update_session_auth_hash(request, request.user)
        sessions.confirm(request.session)
        messages.success(request, "密码已修改，其他地方的登录已全部退出")
        return redirect("/")
    return render(request, "registration/password.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
@again.password_again
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """The second factor: set up, fresh recovery codes, given up."""
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("deed", ""))
        return deed(request) if deed else _state(request, status=422)
    return _state(request)


def _state(request: HttpRequest, form: EnrolForm | None = None, status: int = 200) -> HttpResponse:
    user, factor = request.user, second_factor.of(request.user)
    context = {"factor": factor, "required": _required(request)}
    if factor:
        context["left"] = second_factor.codes_left(user)
    else:
        form = form or EnrolForm(initial={"key": second_factor.new_key(user)})
        context |= {"form": form, "shown": second_factor.shown(user, form["key"].value())}
    return render(request, "registration/second_factor.html", context, status=status)


def _required(request: HttpRequest) -> bool:
    access = access_of(request.user)
    policy = in_force(access.post.organisation if access.post else None, today())
    return second_factor.required(request.user, access, policy)


def _enrol(request: HttpRequest) -> HttpResponse:
    form = EnrolForm(request.POST)
    if form.is_valid():
        try:
            codes = second_factor.enrol(request.user, form.cleaned_data["key"], form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", refusal.message)
        else:
            sessions.note(request.session, enrol=False)
            return render(request, "registration/recovery_codes.html", {"codes": codes})
    return _state(request, form, status=422)


def _codes(request: HttpRequest) -> HttpResponse:
    if not second_factor.of(request.user):
        raise Refusal("还没有启用动态验证码，请先启用")
    return render(request, "registration/recovery_codes.html", {"codes": second_factor.renew_codes(request.user)})


def _give_up(request: HttpRequest) -> HttpResponse:
    if _required(request):
        raise Refusal("本岗位须使用动态验证码，不能停用；换手机的，请联系账号管理员重置后重新启用")
    if second_factor.reset(request.user, by=request.user):
        messages.success(request, "已停用动态验证码")
    return redirect("second_factor")


DEEDS = {"enrol": _enrol, "codes": _codes, "off": _give_up}


@login_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def confirm(request: HttpRequest) -> HttpResponse:
    """The password again, then on to a download."""
    wrong = again.confirm(request) if request.method == "POST" else ""
    if request.method == "GET" or wrong:
        return again.ask(request, request.get_full_path(), wrong=wrong)
    return redirect(entry.safe(request, request.GET.get("next", "")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last signing in, or not from the portal at all: what was typed here stays as a draft.

    A browser names the origin of every POST; only what came from our own pages is kept.
    """
    ours = request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"
    if ours and request.user.is_authenticated and (fields := carried.typed(request)):
        carried.keep(request, request.user, request.path, fields)
    context = {"back": carried.page_of(request) if ours else "/"}
    return render(request, "403_csrf.html", context, status=403)
