"""The papers of the register: both forms of a batch, the correction letter, the letter to a township, what a comparison told a county,
the report of a verification and the 通报 of an inspection.
"""

from typing import Any

from django.urls import reverse

from approvals.enums import State
from linxia_xueji.models import same_scope
from registry.comparing.letter import letter_of as feedback_of
from registry.documents.annex1 import annex1_pdf, annex1_xlsx
from registry.documents.annex2 import annex2_pdf, annex2_xlsx
from registry.documents.feedback import feedback_pdf
from registry.documents.gather import HEADS, annex1_of, annex2_of
from registry.documents.inspection import inspection_pdf
from registry.documents.letter import letter_pdf
from registry.documents.township import township_pdf
from registry.documents.verification import verification_pdf
from registry.entry.letter import paper_of as township_of
from registry.inspecting.notice import paper_of as inspection_of
from registry.letters import paper_of
from registry.models import (
    CorrectionLetter,
    EnrolmentBatch,
    Feedback,
    InspectionNotice,
    Paper,
    TownshipLetter,
    VerificationReport,
)
from registry.paper_enums import PaperKind
from registry.paper_kinds import PaperSort, Subject
from registry.verifying.report import report_of

VOID = {State.RETRACTED: "批次已撤回", State.REFUSED: "批次不予办理"}


def _batch_row(paper: Paper) -> dict[str, Any]:
    url = reverse("registry:annex", args=[paper.batch_id, paper.kind])
    return {"label": "批次", "value": str(paper.batch.request), "url": url, "wide": True}


def _letter_row(paper: Paper) -> dict[str, Any]:
    return {"label": "便函", "value": str(paper.letter), "url": reverse("registry:letter", args=[paper.letter_id])}


def _township_row(paper: Paper) -> dict[str, Any]:
    url = reverse("registry:entrant", args=[paper.township.entrant_id])
    return {"label": "提请责令入学函", "value": str(paper.township), "url": url, "wide": True}


def _feedback_row(paper: Paper) -> dict[str, Any]:
    url = reverse("registry:comparison", args=[paper.feedback.comparison_id])
    return {"label": "比对反馈", "value": str(paper.feedback), "url": url, "wide": True}


def _report_row(paper: Paper) -> dict[str, Any]:
    url = reverse("registry:verification", args=[paper.report.verification_id])
    return {"label": "信息核查", "value": str(paper.report), "url": url, "wide": True}


def _inspection_row(paper: Paper) -> dict[str, Any]:
    url = reverse("registry:visit", args=[paper.inspection.visit_id])
    return {"label": "督查通报", "value": str(paper.inspection), "url": url, "wide": True}


def _void(batch: EnrolmentBatch) -> str:
    return VOID.get(batch.request.state, "")


BATCH = Subject(
    "batch", EnrolmentBatch, row=_batch_row, kept=lambda batch: {"scope": same_scope(batch.request)},
    version=lambda batch: batch.request.version, needs=HEADS, lists=("school__names",),
)  # fmt: skip
LETTER = Subject(
    "letter", CorrectionLetter, row=_letter_row, kept=lambda letter: {"scope": same_scope(letter), "party": letter.issuer},
    version=lambda letter: letter.candidate.batch.request.version, needs=("candidate__admission", "issuer", "school"),
)  # fmt: skip
TOWNSHIP = Subject(
    "township", TownshipLetter, row=_township_row, version=lambda letter: letter.entrant.batch.request.version,
    kept=lambda letter: {"scope": same_scope(letter.entrant.batch.request)},
    needs=("entrant__batch__request", "entrant__school__parent__parent__parent"),
)  # fmt: skip
FEEDBACK = Subject(
    "feedback", Feedback, row=_feedback_row, kept=lambda feedback: {"scope": same_scope(feedback)}, version=lambda feedback: None,
    needs=("comparison__prefecture", "school__parent__parent", "county", "prefecture"),
)  # fmt: skip
REPORT = Subject(
    "report", VerificationReport, row=_report_row, kept=lambda report: {"scope": same_scope(report)}, version=lambda report: None,
    needs=("verification", "school__parent__parent"),
)  # fmt: skip

INSPECTION = Subject(
    "inspection", InspectionNotice, row=_inspection_row, kept=lambda notice: {"scope": same_scope(notice)}, version=lambda notice: None,
    needs=("visit__round__organisation", "school"), lists=("school__names", "visit__round__organisation__names"),
)  # fmt: skip

PAPERS = (
    PaperSort(
        PaperKind.ANNEX1, BATCH, annex1_of, lambda batch: batch.school, {"pdf": annex1_pdf, "xlsx": annex1_xlsx}, void=_void
    ),
    PaperSort(
        PaperKind.ANNEX2, BATCH, annex2_of, lambda batch: batch.school, {"pdf": annex2_pdf, "xlsx": annex2_xlsx}, void=_void,
        tells=("pdf",),
    ),
    PaperSort(
        PaperKind.LETTER, LETTER, lambda letter, on: paper_of(letter), lambda letter: letter.issuer, {"pdf": letter_pdf},
        void=lambda letter: "便函不予出具" if letter.declined_on else "",
    ),
    PaperSort(
        PaperKind.TOWNSHIP, TOWNSHIP, lambda letter, on: township_of(letter), lambda letter: letter.entrant.school,
        {"pdf": township_pdf},
    ),
    PaperSort(
        PaperKind.COMPARISON, FEEDBACK, lambda feedback, on: feedback_of(feedback), lambda feedback: feedback.comparison.prefecture,
        {"pdf": feedback_pdf},
    ),
    PaperSort(
        PaperKind.VERIFICATION, REPORT, lambda report, on: report_of(report), lambda report: report.school, {"pdf": verification_pdf}
    ),
    PaperSort(
        PaperKind.INSPECTION, INSPECTION, lambda notice, on: inspection_of(notice), lambda notice: notice.visit.round.organisation,
        {"pdf": inspection_pdf},
    ),
)  # fmt: skip
