"""比对结果反馈函 on one A4 page: what a comparison found in a county; the students go along as Excel (its form is assumed)."""

from dataclasses import dataclass

from registry.documents.mark import Mark
from registry.documents.page import page_pdf


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


def feedback_pdf(letter: FeedbackLetter, mark: Mark | None = None) -> bytes:
    """The letter as PDF. :param mark: for the upper margin."""
    return page_pdf("registry/documents/feedback", {"letter": letter}, mark, css="registry/documents/letter.css")
