"""The papers of 学籍变动 as the one way out and the page that checks know them."""

from typing import Any

from django.urls import reverse

from approvals.enums import State
from approvals.models import Request
from linxia_xueji.models import same_scope, scope_of
from registry.archive.sheet import archive_sheet_of
from registry.documents.archive import archive_pdf
from registry.models import Enrolment, Paper
from registry.paper_enums import PaperKind
from registry.paper_kinds import PaperSort, Subject
from transfers.documents.gather import approval_of, base_info_of, notice_of, refusal_of, refusing
from transfers.documents.sheets import approval_pdf, base_info_pdf, notice_pdf, refusal_pdf

VOID = {State.RETRACTED: "申请已撤回", State.REFUSED: "申请不予办理"}
OVER = VOID | {State.RETURNED: "申请已退回修改", State.APPROVED: "申请已办结"}
"""When an acknowledgement no longer tells where the application stands."""


def _request_row(paper: Paper) -> dict[str, Any]:
    url = reverse("approvals:request", args=[paper.request_id])
    return {"label": "申请", "value": str(paper.request), "url": url, "wide": True}


def _enrolment_row(paper: Paper) -> dict[str, Any]:
    url = reverse("transfers:student", args=[paper.enrolment_id])
    return {"label": "学籍", "value": str(paper.enrolment), "url": url}


REQUEST = Subject(
    "request", Request, row=_request_row, version=lambda request: request.version,
    kept=lambda request: {"scope": same_scope(request), "party": request.counterpart},
    needs=("school__parent__parent__parent", "counterpart"),
)  # fmt: skip
ENROLMENT = Subject(
    "enrolment", Enrolment, row=_enrolment_row, version=lambda enrolment: None,
    kept=lambda enrolment: {"scope": scope_of(enrolment.school)}, needs=("student", "school__parent__parent__parent"),
)  # fmt: skip

PAPERS = (
    PaperSort(
        PaperKind.APPROVAL, REQUEST, approval_of, lambda request: request.school, {"pdf": approval_pdf},
        void=lambda request: VOID.get(request.state, ""),
    ),
    PaperSort(
        PaperKind.NOTICE, REQUEST, notice_of, lambda request: request.school, {"pdf": notice_pdf},
        void=lambda request: OVER.get(request.state, ""),
    ),
    PaperSort(
        PaperKind.REFUSAL, REQUEST, refusal_of, lambda request: refusing(request).organisation or request.school,
        {"pdf": refusal_pdf},
    ),
    PaperSort(
        PaperKind.BASE_INFO, ENROLMENT, base_info_of, lambda enrolment: enrolment.school, {"pdf": base_info_pdf}
    ),
    PaperSort(
        PaperKind.ARCHIVE, ENROLMENT, archive_sheet_of, lambda enrolment: enrolment.school, {"pdf": archive_pdf}
    ),
)  # fmt: skip
