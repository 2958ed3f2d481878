"""The read-only HTTP interface: bearer tokens, plain data, problems in application/problem+json."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from linxia_xueji.dates import today
from linxia_xueji.policy import everywhere
from linxia_xueji.rates import ask_count
from linxia_xueji.trail import origin
from registry.api import answers
from registry.api.description import ANSWERS, PROBLEMS, description
from registry.api.parameters import WrongParameter, read
from registry.api.tokens import note_call, token_of
from registry.models import ApiToken

_WORDS = {"ensure_ascii": False}


def _problem(status: int, detail: str, **headers: str) -> HttpResponse:
    body = {"type": "about:blank", "title": PROBLEMS[status], "status": status, "detail": detail}
    return JsonResponse(
        body, status=status, content_type="application/problem+json", headers=headers, json_dumps_params=_WORDS
    )


def _too_often(token: ApiToken | None) -> bool:
    """Counted by token; without one by address, so that nobody tries tokens out."""
    who = f"token-{token.pk}" if token else origin.get()
    return ask_count("api" if token else "api-closed", who) > everywhere("api.per_minute", today())


def _answered(path: str, answer: Callable[[ApiToken, dict[str, Any]], tuple[dict[str, Any], int]]):
    """The view of one path. It takes no session, so that no forgery of a request can use one."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return _problem(405, "接口只能读取，请用GET", Allow="GET")
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        token = token_of(text.strip()) if scheme.lower() == "bearer" and text.strip() else None
        if _too_often(token):
            return _problem(429, "超过每分钟可读取的次数，请在一分钟后再试", **{"Retry-After": "60"})
        if token is None:
            return _problem(401, "请在Authorization中填写有效的令牌", **{"WWW-Authenticate": "Bearer"})
        return _told(token, path, answer, request)

    return view


def _told(token: ApiToken, path: str, answer, request: HttpRequest) -> HttpResponse:
    try:
        told, students = answer(token, read(ANSWERS[path][2], request.GET))
    except WrongParameter as wrong:
        return _problem(422, str(wrong))
    except answers.NoSuchDay:
        return _problem(404, "截至日期晚于今天，请改为今天或以前的日期")
    note_call(token, students)
    return JsonResponse(told, json_dumps_params=_WORDS)


counts = _answered("/api/v1/counts/", answers.counts)
rosters = _answered("/api/v1/rosters/", answers.rosters)
schools = _answered("/api/v1/schools/", answers.schools)


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The description; it tells nothing of any student, so everybody may read it."""
    return JsonResponse(description(request.build_absolute_uri("/")), json_dumps_params=_WORDS)
