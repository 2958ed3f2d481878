"""The papers of a change that there are at this moment, and taking one out."""

from django.db import transaction
from django.urls import reverse

from approvals.enums import State
from approvals.models import Request
from linxia_xueji.access import Access, access_of
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import Enrolment
from registry.paper_enums import PaperKind
from registry.paper_files import paper_file
from registry.paper_kinds import sort_of

THERE_IN = {
    PaperKind.APPROVAL: (State.DRAFT, State.RETURNED, State.PENDING, State.APPROVED),
    PaperKind.NOTICE: (State.PENDING,),
    PaperKind.REFUSAL: (State.REFUSED,),
}
"""Paper → the states of the request in which it is issued."""


def papers_of(request: Request) -> list[dict[str, str]]:
    """Label and address of each paper that there is at this moment."""
    return [
        {"label": kind.label, "url": reverse("transfers:print", args=[request.change.pk, kind.value])}
        for kind, states in THERE_IN.items()
        if request.state in states
    ]


def print_of_request(request: Request, kind: PaperKind, *, by, site: str) -> bytes:
    """One paper of a request as PDF; taking it out stands in the trail.

    :param site: beginning of the portal's address, for the QR.
    :raises Refusal: where the request is not in a state in which there is such a paper.
    """
    if request.state not in THERE_IN[kind]:
        raise Refusal(f"此件{request.status}，现在没有{kind.label}，请刷新页面后查看可打印的文书")
    return _taken_out(kind, request, by=by, site=site)


def may_print_base_info(enrolment: Enrolment, access: Access) -> bool:
    """Whether this person belongs to the school that prints and stamps it (转出学校从学籍系统打印并盖章, 三（二）1)."""
    deeds = (Permission.PREPARE_BUSINESS, Permission.DECIDE_AS_SCHOOL)
    return any(access.may(deed, enrolment.school) for deed in deeds)


def print_base_info(enrolment: Enrolment, *, by, site: str) -> bytes:
    """学生学籍基础信息表 as PDF; taking it out stands in the trail. :raises Refusal: for anybody but its school."""
    if not may_print_base_info(enrolment, access_of(by)):
        raise Refusal(f"{PaperKind.BASE_INFO.label}由{enrolment.school.short_name}打印并盖章，请向该校索取")
    return _taken_out(PaperKind.BASE_INFO, enrolment, by=by, site=site)


@transaction.atomic
def _taken_out(kind: PaperKind, subject: Request | Enrolment, *, by, site: str) -> bytes:
    made = paper_file(kind, "pdf", subject, sort_of(kind).content(subject, today()), by=by, site=site)
    record(action=f"导出{kind.label}", by=by, target=subject, after={"format": "pdf", "code": made.code})
    return made.content
