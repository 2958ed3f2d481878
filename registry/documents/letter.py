"""信息更正便函 on one A4 page: number, what is corrected, date and seal blank (its form is assumed; notice 二 gives none)."""

from dataclasses import dataclass

from registry.documents.mark import Mark
from registry.documents.page import page_pdf


@dataclass(frozen=True)
class LetterLine:
    """One field: what it is called, as listed, corrected to."""

    label: str
    listed: str
    corrected: str


@dataclass(frozen=True)
class Letter:
    """The letter in words; `number` is empty while it has not been issued."""

    number: str
    issuer: str
    school: str
    year: int
    name: str
    exam_number: str
    lines: tuple[LetterLine, ...]


def letter_pdf(letter: Letter, mark: Mark | None = None) -> bytes:
    """The letter as PDF. :param mark: for the upper margin."""
    return page_pdf("registry/documents/letter", {"letter": letter}, mark)
