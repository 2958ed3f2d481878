"""督查通报 on A4: what a school has not put right, and the persons named (notice 一（二）); its form is assumed."""

from dataclasses import dataclass

from registry.documents.mark import Mark
from registry.documents.page import page_pdf


@dataclass(frozen=True)
class FindingLine:
    """A finding: its clause, what was found, by when it was to be put right, what the re-check found."""

    clause: str
    words: str
    due: str
    reason: str


@dataclass(frozen=True)
class PersonLine:
    """A person who is named."""

    name: str
    post: str
    office: str


@dataclass(frozen=True)
class NoticePaper:
    """The 通报 in words; date and seal blank for hand and stamp."""

    number: str
    title: str
    office: str
    school: str
    visited_on: str
    findings: tuple[FindingLine, ...]
    people: tuple[PersonLine, ...]
    words: str


def inspection_pdf(notice: NoticePaper, mark: Mark | None = None) -> bytes:
    """The 通报 as PDF. :param mark: for the upper margin."""
    return page_pdf("registry/documents/inspection", {"notice": notice}, mark, css="registry/documents/letter.css")
