"""信息更正便函 on one A4 page: number, what is corrected, date and seal blank (its form is assumed; notice 二 gives none)."""

from dataclasses import dataclass
from functools import partial

from django.template.loader import render_to_string

from registry.documents.mark import Mark, mark_pages


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
    from linxia_xueji.pdf import html_to_pdf

    return html_to_pdf(
        render_to_string("registry/documents/letter.html", {"letter": letter}),
        render_to_string("registry/documents/letter.css"),
        partial(mark_pages, mark) if mark else None,
    )
