"""死亡、出国: reported by the school with proof, on the route of 休学; death ends the enrolment, going abroad suspends it (assumed)."""

from typing import Any

from approvals.kinds import Deed
from registry.deeds import end_enrolment, set_status
from registry.enums import Ending, EnrolmentState
from transfers.books.reports import ABROAD, DEATH, AbroadFacts, DeathFacts
from transfers.business import Applied, Business, Lines, add_business, report
from transfers.forms import DepartureForm
from transfers.models import Change, Departure


def death_facts(applied: Applied) -> DeathFacts:
    """What the book of 死亡 looks at."""
    return DeathFacts(**report(applied))


def abroad_facts(applied: Applied) -> AbroadFacts:
    """What the book of 出国 looks at."""
    return AbroadFacts(**report(applied))


def died(deed: Deed, change: Change, detail: Departure) -> dict[str, Any]:
    """The enrolment ends on the day of death."""
    return {"ended": end_enrolment(change.enrolment, ending=Ending.DIED, on=detail.happened_on).isoformat()}


def went_abroad(deed: Deed, change: Change, detail: Departure) -> dict[str, Any]:
    """Suspended until the student is back."""
    set_status(change.enrolment, EnrolmentState.SUSPENDED, valid_from=deed.on, by=deed.by)
    return {"left_on": detail.happened_on.isoformat()}


def lines(detail: Departure) -> Lines:
    """For the decision page."""
    return [("发生日期", f"{detail.happened_on:%Y-%m-%d}"), ("地点", detail.place or "—")]


add_business(
    Business("death", "死亡报告", "SW", "不予登记", DEATH, Departure, DepartureForm, death_facts, died, lines, "已登记")
)
add_business(
    Business(
        "abroad",
        "出国报告",
        "CG",
        "不予登记",
        ABROAD,
        Departure,
        DepartureForm,
        abroad_facts,
        went_abroad,
        lines,
        "已登记",
    )
)
