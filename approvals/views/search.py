"""The search of the top bar: by POST, so that no name and no number of a person stands in an address."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from approvals.search import TERM_LENGTH, find
from linxia_xueji.identity import id_fault, id_normal, masked
from linxia_xueji.reading import reading


@login_required
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """What the term finds among what the person may see; an empty page before anything is asked."""
    term = request.POST.get("q", "").strip()[:TERM_LENGTH]
    told = term if id_fault(number := id_normal(term)) else masked(number)
    with reading():
        context = {"term": told, "searched": request.method == "POST", "results": find(request.user, term)}
        return render(request, "approvals/search.html", context)
