"""退学 and 除名 of senior students: the enrolment ends for good (三（二）3)."""

from typing import Any

from approvals.kinds import Deed
from registry.deeds import end_enrolment
from registry.enums import Ending
from transfers.books.reports import EXPULSION, ExpulsionFacts
from transfers.books.withdrawal import WITHDRAWAL, WithdrawalFacts
from transfers.business import Applied, Business, Lines, add_business, report
from transfers.forms import ExpulsionForm, WithdrawalForm
from transfers.grounds import ASSUMED, GROUNDS
from transfers.models import Change, Expulsion, Withdrawal


def facts(applied: Applied) -> WithdrawalFacts:
    """What the book looks at."""
    return WithdrawalFacts(
        applied_on=applied.applied_on,
        stage=applied.enrolled.enrolment.stage,
        status=applied.enrolled.status,
        open_business=bool(applied.busy),
        open_details=applied.busy,
        ground=applied.detail.ground or None,
        proofs=applied.proofs,
    )


def effect(deed: Deed, change: Change, detail: Withdrawal) -> dict[str, Any]:
    """The enrolment ends as withdrawn."""
    return {"ended": end_enrolment(change.enrolment, ending=Ending.WITHDRAWN, on=deed.on).isoformat()}


def lines(detail: Withdrawal) -> Lines:
    """For the decision page."""
    words = detail.ground_words or GROUNDS.get(detail.ground, "未选择")
    return [("退学条件", f"{words}（{detail.ground_source or ASSUMED}）")]


def expulsion_facts(applied: Applied) -> ExpulsionFacts:
    """What the book looks at."""
    return ExpulsionFacts(**report(applied))


def expel(deed: Deed, change: Change, detail: Expulsion) -> dict[str, Any]:
    """The enrolment ends as expelled."""
    return {"ended": end_enrolment(change.enrolment, ending=Ending.EXPELLED, on=deed.on).isoformat()}


def expulsion_lines(detail: Expulsion) -> Lines:
    """For the decision page."""
    return [("文号", detail.document_number), ("文件日期", f"{detail.issued_on:%Y-%m-%d}")]


add_business(
    Business(
        "withdrawal",
        "退学",
        "TX",
        "不予退学",
        WITHDRAWAL,
        Withdrawal,
        WithdrawalForm,
        facts,
        effect,
        lines,
        "已准予退学",
    )
)
add_business(
    Business(
        "expulsion", "除名", "CM", "不予除名", EXPULSION, Expulsion, ExpulsionForm, expulsion_facts, expel, expulsion_lines,
    )
)  # fmt: skip
