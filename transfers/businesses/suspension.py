"""休学 and 延长休学期 (三（二）2)."""

from typing import Any

from approvals.kinds import Deed
from registry.deeds import set_status
from registry.enums import EnrolmentState
from transfers.books.suspension import SUSPENSION, SuspensionFacts
from transfers.business import Applied, Business, Lines, add_business
from transfers.enrolled import enrolled_of
from transfers.forms import SuspensionForm
from transfers.models import Change, Suspension
from transfers.terms import terms_about


def facts(applied: Applied) -> SuspensionFacts:
    """What the book looks at."""
    enrolled, period = applied.enrolled, applied.detail
    return SuspensionFacts(
        applied_on=applied.applied_on,
        terms=terms_about(applied.school, enrolled.enrolment.stage, applied.applied_on),
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        stage=enrolled.enrolment.stage,
        grade=enrolled.grade,
        status=enrolled.status,
        extension=period.extension,
        current_ends_on=enrolled.suspended_until if period.extension else None,
        reason=period.cause,
        consecutive_before=period.consecutive_before,
        open_business=bool(applied.busy),
        open_details=applied.busy,
        proofs=applied.proofs,
        cross_term_reading=applied.policy["suspension.cross_term.reading"],
    )


def effect(deed: Deed, change: Change, period: Suspension) -> dict[str, Any]:
    """Suspended from the first day of the period; an extension only lengthens what is."""
    if not period.extension:
        enrolled = enrolled_of(change.enrolment)
        first = max(period.starts_on, enrolled.standing.valid_from) if enrolled.standing else period.starts_on
        set_status(change.enrolment, EnrolmentState.SUSPENDED, valid_from=first, by=deed.by)
    return {"suspended_until": period.ends_on.isoformat()}


def lines(period: Suspension) -> Lines:
    """For the decision page."""
    return [
        ("类别", "延长休学期" if period.extension else "休学"),
        ("休学期间", f"{period.starts_on:%Y-%m-%d}至{period.ends_on:%Y-%m-%d}"),
        ("休学原因", period.get_cause_display()),
        ("此前连续休学", f"{period.consecutive_before}次"),
    ]


add_business(
    Business(
        "suspension",
        "休学",
        "XX",
        "不予休学",
        SUSPENSION,
        Suspension,
        SuspensionForm,
        facts,
        effect,
        lines,
        "已准予休学",
    )
)
