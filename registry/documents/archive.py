"""The first sheet of an archive that is sent on: the student, what happened, and the list of what is in it (its form is assumed)."""

from dataclasses import dataclass
from functools import partial

from django.template.loader import render_to_string

from registry.documents.mark import Mark, mark_pages


@dataclass(frozen=True)
class SheetLine:
    """One material: its part, title, day, and SHA-256 of the scan or 纸质."""

    part: str
    title: str
    dated: str
    fingerprint: str


@dataclass(frozen=True)
class ArchiveSheet:
    """The sheet in words."""

    school: str
    facts: tuple[tuple[str, str], ...]
    events: tuple[tuple[str, str, str], ...]
    lines: tuple[SheetLine, ...]


def archive_pdf(sheet: ArchiveSheet, mark: Mark | None = None) -> bytes:
    """The sheet as PDF, on as many pages as it takes. :param mark: for the upper margin."""
    from linxia_xueji.pdf import html_to_pdf

    css, over = render_to_string("registry/documents/archive.css"), partial(mark_pages, mark) if mark else None
    return html_to_pdf(render_to_string("registry/documents/archive.html", {"sheet": sheet}), css, over)
