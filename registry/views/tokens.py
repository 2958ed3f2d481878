"""Tokens of the HTTP interface: issued, shown once, counted, revoked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.drafts import drafted
from linxia_xueji.refusal import Refusal
from registry.api import tokens as deeds
from registry.api.forms import TokenForm
from registry.api.pages import tokens_page


@login_required
@require_http_methods(["GET", "POST"])
@drafted
@password_again
def api_tokens(request: HttpRequest) -> HttpResponse:
    """The tokens one administers; a new one is shown on this answer alone."""
    if not any(map(access_of(request.user).has, deeds.ISSUES)):
        raise Http404
    form = TokenForm(request.POST or None, organisations=deeds.organisations_for(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            token, text = deeds.issue(**form.cleaned_data, by=request.user)
            return render(request, "registry/counts/token.html", {"token": token, "text": text})
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    status = 422 if form.errors else 200
    return render(request, "registry/counts/tokens.html", tokens_page(request.user, form), status=status)


@login_required
@require_POST
def revoke_api_token(request: HttpRequest, pk: int) -> HttpResponse:
    """It opens nothing any more."""
    token = get_object_or_404(deeds.tokens_for(request.user).select_related("organisation"), pk=pk)
    deeds.revoke(token=token, by=request.user)
    messages.success(request, f"已停用{token}的令牌")
    return redirect("registry:api_tokens")
