"""What holds for every request: where it comes from, refusals as sentences, nothing kept in caches."""

import logging
from secrets import token_hex

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from linxia_xueji.reading import page
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import origin

log = logging.getLogger(__name__)


class Portal:
    """Sets the origin for the trail, turns a refusal into a note on the page it came from, forbids caching."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request."""
        token = origin.set(_address(request))
        try:
            with page(only_read=request.method in ("GET", "HEAD")):
                response = self.get_response(request)
        finally:
            origin.reset(token)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal goes back where it came from as a sentence; an error gets a number to quote (guide §6)."""
        if isinstance(exception, Refusal):
            text = exception.message + (f"（{'；'.join(exception.items[:20])}）" if exception.items else "")
            messages.error(request, text)
            back = request.POST.get("next") or request.headers.get("Referer", "")
            safe = url_has_allowed_host_and_scheme(
                back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
            )
            return redirect(back if safe else request.path if request.method == "GET" else "/")
        if isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation | BadRequest):
            return None  # answers of their own, not errors: a stranger gets 404
        return HttpResponse(render_to_string("500.html", {"number": numbered(request, exception)}), status=500)


def numbered(request: HttpRequest, error: Exception) -> str:
    """The number to quote of an error nobody foresaw; the log has it under that number."""
    number = f"E-{token_hex(2).upper()}"
    view = request.resolver_match.view_name if request.resolver_match else ""
    log.error("%s %s %s", number, request.method, view, exc_info=error)
    return number


def _address(request: HttpRequest) -> str:
    """Where a request comes from: what the proxy in front says, where there is one to be believed."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY else ""
    return forwarded.rpartition(",")[2].strip()[:64] or request.META.get("REMOTE_ADDR", "")


portal = Portal
