"""比对结果反馈函: what it says, from what the comparison told the county."""

from datetime import date

from registry.comparing.enums import DifferenceKind
from registry.documents.feedback import FeedbackLetter, SchoolLine
from registry.models import Feedback


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
