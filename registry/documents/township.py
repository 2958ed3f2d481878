"""提请责令入学函 on one A4 page: to the township or street office, that it may order the guardian (notice 二); its form is assumed."""

from dataclasses import dataclass

from registry.documents.mark import Mark
from registry.documents.page import page_pdf


@dataclass(frozen=True)
class UrgedLine:
    """One time the school urged."""

    day: str
    how: str
    said: str


@dataclass(frozen=True)
class TownshipPaper:
    """The letter in words, with whole numbers as its reader needs them; date and seal blank for hand and stamp."""

    number: str
    office: str
    school: str
    name: str
    sex: str
    birth: str
    id_words: str
    guardian: str
    phone: str
    township: str
    grade: str
    year: int
    urgings: tuple[UrgedLine, ...]


def township_pdf(letter: TownshipPaper, mark: Mark | None = None) -> bytes:
    """The letter as PDF. :param mark: for the upper margin."""
    return page_pdf("registry/documents/township", {"letter": letter}, mark, css="registry/documents/letter.css")
