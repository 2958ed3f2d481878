"""文件查验: whether a paper is current, superseded or not ours. Open to everybody; data only to who may see the file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linxia_xueji.dates import today
from linxia_xueji.policy import everywhere
from linxia_xueji.rates import STRETCH, ask_count
from linxia_xueji.trail import origin
from registry.forms_check import CodeForm
from registry.printed import FOREIGN, check_page


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Where the code of a paper is typed."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("registry:check_code", form.cleaned_data["paper"])
    return render(request, "registry/check/check.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """What a code stands for today; the QR leads here. Whoever tries codes one after the other is made to wait."""
    if ask_count("check", origin.get()) > everywhere("check.per_minute", today()):
        return _wait(request)
    page = check_page(code, request.user, today())
    status = 404 if page["standing"] is FOREIGN else 200
    return render(request, "registry/check/check.html", page | {"form": CodeForm()}, status=status)


def _wait(request: HttpRequest) -> HttpResponse:
    page = {"form": CodeForm(), "too_often": f"查验过于频繁，没有查验。请{STRETCH}秒后再试"}
    response = render(request, "registry/check/check.html", page, status=429)
    response.headers["Retry-After"] = str(STRETCH)
    return response
