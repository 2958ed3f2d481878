"""文件查验: whether a paper is current, superseded or not ours. Open to everybody; data only to who may see the file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linxia_xueji.dates import today
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
    """What a code stands for today; the QR leads here."""
    page = check_page(code, request.user, today())
    status = 404 if page["standing"] is FOREIGN else 200
    return render(request, "registry/check/check.html", page | {"form": CodeForm()}, status=status)
