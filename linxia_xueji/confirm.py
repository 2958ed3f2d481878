"""The password again before a final decision, an export or a whole ID number, unless it was typed a short while ago.

Where it is due, dialogs ask for it in a field of their own (`_components/password_again.html`), so that nothing is lost.
A POST without it is answered by a page that carries what was typed and asks; a download by a page that leads on to it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linxia_xueji.doors import sessions
from linxia_xueji.doors.carried import page_of
from linxia_xueji.doors.lock import WrongPassword, check

FIELD = "login_password"
View = Callable[..., HttpResponse]


def due(request: HttpRequest) -> bool:
    """Whether this person must type the password before such a deed."""
    return not sessions.confirmed_lately(request.session)


def confirm(request: HttpRequest) -> str:
    """Look at the password in a POST; a wrong one counts for the lock-out.

    :returns: nothing where it is right, else the sentence.
    """
    password = request.POST.get(FIELD, "")
    if not password:
        return "请填写登录密码"
    try:
        check(request, request.user.username, password)
    except WrongPassword as wrong:
        return wrong.message.replace("用户名或密码不对", "密码不对")
    sessions.confirm(request.session)
    return ""


def password_again(view: View | None = None, *, when: Callable[..., bool] | None = None) -> View:
    """Ask for the password before a POST is acted upon. Stands next to the view, under every other decorator.

    :param when: which of the view's POSTs need it, told from what the view is given; all of them by default.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def serve(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            if request.method != "POST" or not due(request) or (when and not when(request, *arguments, **named)):
                return view(request, *arguments, **named)
            wrong = confirm(request) if FIELD in request.POST else None
            if wrong == "":
                return view(request, *arguments, **named)
            return ask(request, request.get_full_path(), wrong=wrong or "")

        return serve

    return guard(view) if view else guard  # type: ignore[return-value]


def password_first(*, when: Callable[..., bool]) -> Callable[[View], View]:
    """Ask for the password before something is downloaded by GET. Stands next to the view, under every other decorator.

    :param when: which of the view's answers need it, told from what the view is given.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def serve(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            if due(request) and when(request, *arguments, **named):
                return redirect(f"{reverse('confirm')}?next={quote(request.get_full_path())}")
            return view(request, *arguments, **named)

        return serve

    return guard


def ask(request: HttpRequest, action: str, *, wrong: str = "") -> HttpResponse:
    """The page that asks, with what was typed in hidden fields; files cannot travel along, which it says.

    :param action: the address the answer is sent to.
    """
    typed = [(name, v) for name, values in request.POST.lists() for v in values]
    context = {
        "action": action,
        "carried": [(name, value) for name, value in typed if name not in (FIELD, "csrfmiddlewaretoken")],
        "field": FIELD,
        "wrong": wrong,
        "files": bool(request.FILES),
        "back": page_of(request),
    }
    return render(request, "registration/confirm.html", context, status=422 if wrong else 200)
