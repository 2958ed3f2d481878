"""HTML to PDF on paper: the one module that knows WeasyPrint. Nothing is fetched from a network.

Long tables come in pieces (a callable that lays out the rows from one index on), so that memory stays bounded; the
last, half-filled page of a piece is thrown away and its rows begin the next piece, so that the seams do not show.
"""

import gc
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pikepdf
from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

ROW_ID = re.compile(r"r(\d+)\Z")
# Noto has no glyph for some of the rarest name characters; the other two fill its gaps, in this order.
FONT_FAMILIES = ("Noto Serif CJK SC", "HanaMinB", "BabelStone Han")


class ForbiddenAddress(FatalURLFetchingError):
    """A page to be printed asked for something outside the project's own files."""


class ProjectFiles(URLFetcher):
    """Opens files below templates/ and the static folders of the project, and nothing else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"file"}, allow_redirects=False)
        base = Path(settings.BASE_DIR)
        self._roots = [(base / "templates").resolve(), (base / "linxia_xueji" / "static").resolve()]

    def fetch(self, url: str, headers: dict | None = None):
        """The opened file. :raises ForbiddenAddress: for any other scheme, host or folder."""
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or parts.netloc or not any(path.is_relative_to(root) for root in self._roots):
            raise ForbiddenAddress(f"not a file of the project: {parts.scheme}:")
        return super().fetch(url, headers)


@dataclass(frozen=True)
class Piece:
    """One stretch of a long table, laid out: HTML whose rows carry the ids r0, r1, …, counted over the whole table.

    `end` is the index after its last row; `last` says that the table ends here.
    """

    html: str
    end: int
    last: bool


def _lay_out(html: str, css: str) -> Document:
    fetcher, fonts = ProjectFiles(), FontConfiguration()
    sheet = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
    return HTML(string=html, url_fetcher=fetcher).render(stylesheets=[sheet], font_config=fonts)


def html_to_pdf(html: str, css: str, over: Callable[[int], tuple[str, str]] | None = None) -> bytes:
    """One document, all at once.

    :param css: the text of its style sheet.
    :param over: from the number of pages, the HTML and CSS of as many pages to lay over these.
    """
    document = _lay_out(html, css)
    stamp = _lay_out(*over(len(document.pages))).write_pdf() if over else None
    return _saved([document.write_pdf()], stamp=stamp)


def table_to_pdf(
    piece_from: Callable[[int], Piece],
    css: str,
    footer: Callable[[int], tuple[str, str]],
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """A long table, piece by piece, with running page numbers.

    :param piece_from: the piece that begins with the row of this index.
    :param footer: from the number of pages, the HTML and CSS of as many pages holding only their footers.
    :param progress: called with the number of rows finished after each piece.
    """
    parts: list[bytes] = []
    pages = start = 0
    while True:
        piece = piece_from(start)
        with _quiet_collector():
            data, count, start = _written(_lay_out(piece.html, css), piece)
        parts.append(data)
        pages += count
        if progress:
            progress(start)
        if piece.last:
            break
    return _saved(parts, stamp=_lay_out(*footer(pages)).write_pdf())


def _written(document: Document, piece: Piece) -> tuple[bytes, int, int]:
    """PDF, number of pages kept, and the row the next piece begins with."""
    kept, end = document.pages, piece.end
    if not piece.last and len(kept) > 1:
        # A row carried over belongs to the page on which it begins; rows do not split.
        on_last_page = [int(match[1]) for name in kept[-1].anchors if (match := ROW_ID.match(name))]
        kept, end = kept[:-1], min(on_last_page, default=piece.end)
    for page in kept:
        page.anchors.clear()  # they served to find the rows; as named destinations they would only add weight
    return document.copy(kept).write_pdf(), len(kept), end


@contextmanager
def _quiet_collector() -> Iterator[None]:
    """Layout makes millions of small objects that live until it is done: collecting in between only costs time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect()


def _saved(parts: list[bytes], stamp: bytes | None = None) -> bytes:
    """The parts as one file, the same bytes for the same content; `stamp` lies over it page by page."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(parts[0])) as whole:
        for part in parts[1:]:
            with pikepdf.open(io.BytesIO(part)) as more:
                whole.pages.extend(more.pages)
        if stamp is not None:
            with pikepdf.open(io.BytesIO(stamp)) as over:
                for page, mark in zip(whole.pages, over.pages, strict=True):
                    page.add_overlay(mark)
        whole.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def page_count(data: bytes) -> int:
    """Number of pages of a PDF. :raises pikepdf.PdfError: when it is none."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return len(document.pages)
