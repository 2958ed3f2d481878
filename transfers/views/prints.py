"""The papers that the portal prints, for hand and stamp."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from registry.paper_enums import PaperKind
from registry.views.orders import download
from transfers.finding import opened
from transfers.papers import THERE_IN, print_base_info, print_of_request
from transfers.views.papers import change_for


@login_required
@require_POST
@password_again
def print_paper(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """One paper of a change, whole ID numbers on it; a stranger, and a paper nobody knows, get 404."""
    change = change_for(request, pk)
    if paper not in THERE_IN:
        raise Http404
    kind, site = PaperKind(paper), request.build_absolute_uri("/")
    content = print_of_request(change.request, kind, by=request.user, site=site)
    return download(content, "pdf", f"{kind.label}-{change.request.number}")


@login_required
@require_POST
@password_again
def base_info(request: HttpRequest, pk: int) -> HttpResponse:
    """学生学籍基础信息表 of a student one may see, for their school to stamp."""
    enrolment = opened(str(pk), access_of(request.user))
    if enrolment is None:
        raise Http404
    content = print_base_info(enrolment, by=request.user, site=request.build_absolute_uri("/"))
    return download(content, "pdf", f"{PaperKind.BASE_INFO.label}-{enrolment.pk}")
