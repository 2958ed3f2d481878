"""Before every page: whether the session still lives, and whether something must be set up first."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from linxia_xueji.doors import entry, sessions
from linxia_xueji.doors.carried import pack, page_of
from linxia_xueji.doors.page import sign_in_page

FREE = {"logout", "large_type"}
"""Open to who must set something up first."""


class Doors:
    """Ends sessions that are over; leads to what must be set up; loses nothing of what was typed.

    In `process_view`, so that a forged POST has been turned away before.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, arguments, named) -> HttpResponse | None:
        """Let the view answer, or answer in its place."""
        if request.user.is_authenticated:
            why = sessions.why_over(request.session, request.user.live_session)
            if not why:
                sessions.touch(request.session)
                return self._first(request)
            entry.end(request, why)
        # The mark of `login_required`, which every view bears that is not open to all.
        return self._sign_in(request) if hasattr(view, "redirect_field_name") else None

    def _first(self, request: HttpRequest) -> HttpResponse | None:
        """What must be done before anything else: an own password, then a second factor where it is required."""
        here = request.resolver_match.view_name
        if here in FREE:
            return None
        if request.user.must_change_password:
            return None if here == "password" else redirect("password")
        if request.session[sessions.DOOR]["enrol"]:
            return None if here == "second_factor" else redirect("second_factor")
        return None

    def _sign_in(self, request: HttpRequest) -> HttpResponse:
        """To the sign-in page and back; where a session ended while somebody typed, the page carries what was typed."""
        if request.htmx:
            return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/").url)
        if request.method != "POST":
            return redirect_to_login(request.get_full_path())
        told = entry.ended(request)
        packed = pack(request, told.get("user")) if told else ""
        return sign_in_page(request, held=packed) if packed else redirect_to_login(page_of(request))


doors = Doors
