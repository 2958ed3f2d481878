"""How large a request may be: refused by its stated length, before anything of it is kept or taken apart."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

MB = 1024 * 1024
LARGEST = 40 * MB
"""Bytes of a whole request: the largest file that any form takes has 30 MB."""
SENTENCE = f"上传的内容有{{size}}MB，超过{LARGEST // MB}MB，没有接收。请减小文件后重新上传"
_PIECE = 256 * 1024
_DRAINED = 256 * MB
_SECONDS = 10


class Bounded:
    """Answers 413 with a sentence where a request says that it is larger than any form asks for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request."""
        length = _length(request)
        if length <= LARGEST:
            return self.get_response(request)
        _drain(request.META["wsgi.input"], length)
        sentence = SENTENCE.format(size=-(-length // MB))
        return HttpResponse(render_to_string("413.html", {"sentence": sentence}), status=413)


def _length(request: HttpRequest) -> int:
    """The length a request states; without one the server reads no body at all."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def _drain(body: Any, length: int) -> None:
    """Read what is on its way and keep nothing: closed upon unread bytes, the browser shows a broken line, not our sentence."""
    left, deadline = min(length, _DRAINED), time.monotonic() + _SECONDS
    while left > 0 and time.monotonic() < deadline and (piece := body.read(min(_PIECE, left))):
        left -= len(piece)


bounded = Bounded
