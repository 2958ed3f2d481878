"""比对结果反馈函: what a comparison found in a county, on one page; the list of students goes along as Excel (its form is assumed)."""

from dataclasses import dataclass
from datetime import date

from registry.comparing.enums import DifferenceKind
from registry.documents.mark import Mark
from registry.documents.page import page_pdf
from registry.models import Feedback


@dataclass(frozen=True)
class SchoolLine:
    """A school, how many of each kind in the order of the heads, and in all."""

    name: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class FeedbackLetter:
    """The letter in words; date and seal blank for hand and stamp."""

    comparison: str
    office: str
    sender: str
    compared_on: str
    due: str
    heads: tuple[str, ...]
    lines: tuple[SchoolLine, ...]
    total: int
    opened: int
    closed: int


def letter_of(feedback: Feedback) -> FeedbackLetter:
    """What it says: kept with the comparison, so that it is the same whenever it is printed."""
    comparison = feedback.comparison
    used = [n for n, _ in enumerate(DifferenceKind) if any(counts[n] for _, counts in feedback.counts)]
    heads = [kind.label for kind in DifferenceKind]
    lines = tuple(SchoolLine(name, tuple(counts[n] for n in used), sum(counts)) for name, counts in feedback.counts)
    return FeedbackLetter(
        comparison=str(comparison), office=feedback.school.name if feedback.county_id else "州直属各高中",
        sender=comparison.prefecture.name, compared_on=_day(comparison.compared_on),
        due=_day(feedback.due_on) if feedback.due_on else "", heads=tuple(heads[n] for n in used), lines=lines,
        total=feedback.standing, opened=feedback.opened, closed=feedback.closed,
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def letter_pdf(letter: FeedbackLetter, mark: Mark | None = None) -> bytes:
    """The letter as PDF. :param mark: for the upper margin."""
    return page_pdf("registry/documents/feedback", {"letter": letter}, mark, css="registry/documents/letter.css")
