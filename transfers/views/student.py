"""The page of one student, and the same once with what is masked."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from linxia_xueji.access import access_of
from linxia_xueji.confirm import password_again
from linxia_xueji.trail import record
from registry.models import Enrolment
from transfers.finding import opened
from transfers.student_page import student_page


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    found = opened(str(pk), access_of(request.user))
    if found is None:
        raise Http404
    return found


@login_required
@require_GET
def student(request: HttpRequest, pk: int) -> HttpResponse:
    """One student of one's own; with `day`, how they stood on that day."""
    asked = request.GET if "day" in request.GET else None
    page = student_page(_enrolment(request, pk), request.user, asked)
    return render(request, "transfers/student.html", page, status=422 if page["form"].errors else 200)


@login_required
@require_POST
@password_again
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The page once with whole numbers and what came from the national system; that they were shown stands in the trail."""
    enrolment = _enrolment(request, pk)
    record(action="显示完整学生信息", by=request.user, target=enrolment)
    return render(request, "transfers/student.html", student_page(enrolment, request.user, full=True))
