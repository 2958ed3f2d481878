"""单位证书: which office signs its papers with which certificate; put in, replaced and withdrawn by whoever keeps the accounts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from linxia_xueji.certificates import put_in, withdraw
from linxia_xueji.dates import now
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from registry.certificate_page import certificate_page, certificates_of, offices_of
from registry.forms_certificates import CertificateForm, WithdrawForm


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def certificates(request: HttpRequest) -> HttpResponse:
    """Which office has one, and the form for another."""
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CertificateForm(*bound, offices=offices_of(request.user))
    if bound and form.is_valid() and _put_in(request, form):
        return redirect("registry:certificates")
    page = certificate_page(request.user, now(), request.GET) | {"form": form}
    return render(request, "registry/certificates/list.html", page, status=422 if bound else 200)


def _put_in(request: HttpRequest, form: CertificateForm) -> bool:
    """Put it in and say so, or say on the form what is wrong with it."""
    office, password = form.cleaned_data["office"], form.cleaned_data["password"]
    try:
        put_in(organisation=office, content=form.cleaned_data["file"].read(), password=password, by=request.user)
    except Refusal as refusal:
        form.add_error("file", refusal.message)
        return False
    messages.success(request, f"{office.short_name}的证书已启用，此后导出的PDF用它签名")
    return True


@login_required
@require_http_methods(["GET", "POST"])
@drafted
def withdraw_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an office sign with it no more, with reason."""
    certificate = get_object_or_404(certificates_of(request.user), pk=pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        withdraw(certificate=certificate, why=form.cleaned_data["why"], by=request.user)
        messages.success(request, f"{certificate.organisation.short_name}的证书已停用，此后导出的PDF不签名，由单位盖章")
        return redirect("registry:certificates")
    page = {"certificate": certificate, "form": form}
    return render(request, "registry/certificates/withdraw.html", page, status=422 if form.errors else 200)
