"""The sign-in page, as its own view and as the answer to a POST whose session has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linxia_xueji.doors import entry
from linxia_xueji.doors.forms import SignInForm


def sign_in_page(
    request: HttpRequest, form: SignInForm | None = None, *, next: str = "", held: str = "", status: int = 200
) -> HttpResponse:
    """The form, why one must sign in again, and what comes along.

    :param next: the address to go on to.
    :param held: what was typed when the session ended (`carried.pack`).
    """
    context = {
        "form": form or SignInForm(request),
        "next": next,
        "held": held,
        "why": entry.why_ended(entry.ended(request)),
    }
    return render(request, "registration/login.html", context, status=status)
