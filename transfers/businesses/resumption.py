"""复学 (三（二）3; 实际就读年级必须与学籍一致, 三（一）3)."""

from typing import Any

from approvals.kinds import Deed
from registry.deeds import set_grade, set_status
from registry.enums import EnrolmentState
from registry.roster.grades import words_of
from transfers.books.resumption import RESUMPTION, ResumptionFacts
from transfers.business import Applied, Business, Lines, add_business
from transfers.forms import ResumptionForm
from transfers.models import Change, Resumption


def facts(applied: Applied) -> ResumptionFacts:
    """What the book looks at."""
    enrolled = applied.enrolled
    return ResumptionFacts(
        applied_on=applied.applied_on,
        stage=enrolled.enrolment.stage,
        status=enrolled.status,
        left_grade=enrolled.grade,
        class_grade_now=enrolled.class_grade_on(applied.applied_on),
        resume_grade=applied.detail.grade,
        suspension_reason=enrolled.suspension_cause,
        open_business=bool(applied.busy),
        open_details=applied.busy,
        proofs=applied.proofs,
    )


def effect(deed: Deed, change: Change, detail: Resumption) -> dict[str, Any]:
    """Enrolled again from the day of the decision, in the grade decided."""
    set_status(change.enrolment, EnrolmentState.ENROLLED, valid_from=deed.on, by=deed.by)
    set_grade(change.enrolment, detail.grade, detail.school_class, valid_from=deed.on, by=deed.by)
    return {"grade": detail.grade}


def lines(detail: Resumption) -> Lines:
    """For the decision page."""
    return [("复学年级", words_of(detail.grade)), ("复学班级", detail.school_class or "—")]


add_business(
    Business(
        "resumption",
        "复学",
        "FX",
        "不予复学",
        RESUMPTION,
        Resumption,
        ResumptionForm,
        facts,
        effect,
        lines,
        "已准予复学",
    )
)
