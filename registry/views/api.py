"""The read-only HTTP interface: bearer tokens, plain data, problems in application/problem+json."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from linxia_xueji.dates import today
from linxia_xueji.middleware import numbered
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


def _served(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The view of one address. It takes no session, so that no forgery of a request can use one."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return _problem(405, "接口只能读取，请用GET", Allow="GET")
        try:
            return answer(request)
        except Exception as error:  # a program reads the answer: of an error too it gets a problem, never a page
            return _problem(500, f"没有读取成功。请重试；仍不行请记下编号{numbered(request, error)}联系州学管中心。")

    return view


def _answered(path: str, answer: Callable[[ApiToken, dict[str, Any]], tuple[dict[str, Any], int]]):
    """The view of what is told to a token only."""
    return _served(lambda request: _let_in(request, path, answer))


def _let_in(request: HttpRequest, path: str, answer) -> HttpResponse:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    token = token_of(text.strip()) if scheme.lower() == "bearer" and text.strip() else None
    if _too_often(token):
        return _problem(429, "超过每分钟可读取的次数，请在一分钟后再试", **{"Retry-After": "60"})
    if token is None:
        return _problem(401, "请在Authorization中填写有效的令牌", **{"WWW-Authenticate": "Bearer"})
    return _told(token, path, answer, request)


def _told(token: ApiToken, path: str, answer, request: HttpRequest) -> HttpResponse:
    try:
        told, students = answer(token, read(ANSWERS[path][2], request.GET))
    except WrongParameter as wrong:
        return _problem(422, str(wrong))
    except answers.NoSuchDay:
        return _problem(404, "截至日期晚于今天，请改为今天或以前的日期")
    note_call(token, students)
    return JsonResponse(told, json_dumps_params=_WORDS)


def _openapi(request: HttpRequest) -> HttpResponse:
    """The description; it tells nothing of any student, so everybody may read it."""
    return JsonResponse(description(request.build_absolute_uri("/")), json_dumps_params=_WORDS)


def _unknown(request: HttpRequest) -> HttpResponse:
    """Any other address below api/: a problem as everywhere in the interface, whatever was meant to be done there."""
    return _problem(404, f"没有此地址，可读取的有：{'、'.join(ANSWERS)}")


counts = _answered("/api/v1/counts/", answers.counts)
rosters = _answered("/api/v1/rosters/", answers.rosters)
schools = _answered("/api/v1/schools/", answers.schools)
openapi = _served(_openapi)
unknown = csrf_exempt(_unknown)
