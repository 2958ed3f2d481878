"""HTML to PDF on paper: the one module that knows WeasyPrint. Nothing is fetched from a network.

Import it where a paper is made, not at the head of a module: WeasyPrint takes as long to load as all the rest of the
portal, and a command or a worker that prints nothing need not wait for it.

Long tables come in pieces (a callable that lays out the rows from one index on), so that memory stays bounded; the
last, half-filled page of a piece is thrown away and its rows begin the next piece, so that the seams do not show.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pikepdf
from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from linxia_xueji.collector import quiet_collector

STAMPED = 40
"""Pages whose footers are laid out at a time."""
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
    stamps = [_lay_out(*over(len(document.pages))).write_pdf()] if over else []
    return _saved([document.write_pdf()], stamps)


def table_to_pdf(
    piece_from: Callable[[int], Piece],
    css: str,
    footer: Callable[[int, int, int], tuple[str, str]],
    progress: Callable[[int], None] | None = None,
    processes: int = 1,
) -> bytes:
    """A long table, piece by piece, with running page numbers.

    :param piece_from: the piece that begins with the row of this index.
    :param footer: from the first and the last page of a stretch and the number of all pages, the HTML and CSS of that
        stretch with only the footers.
    :param progress: called with the number of rows finished after each piece.
    :param processes: how many to set pieces in besides this one; with 1 it is done here.
    """
    with _workers(processes) as workers:
        parts = list(_pieces(piece_from, css, workers, processes, progress))
        pages = sum(part.pages for part in parts)
        stretches = [(first, min(first + STAMPED - 1, pages)) for first in range(1, pages + 1, STAMPED)]
        stamps = [workers.submit(_overlay, *footer(first, last, pages)) for first, last in stretches]
        return _saved([part.data for part in parts], [stamp.result() for stamp in stamps])


@dataclass(frozen=True)
class _Part:
    """A piece as PDF: its pages, the row the next piece begins with, and how many rows a piece of full pages takes."""

    data: bytes
    pages: int
    end: int
    stride: int


def _pieces(
    piece_from: Callable[[int], Piece],
    css: str,
    workers: Executor,
    processes: int,
    progress: Callable[[int], None] | None,
) -> Iterator[_Part]:
    """The parts in order.

    Where a piece begins is only known once the one before is set. Rows are mostly of one height, so the next pieces
    are begun where they would then begin, and begun again where that was wrong.
    """
    start = stride = 0
    waiting: dict[int, tuple[Piece, Future]] = {}
    while True:
        at, more = start, True
        while more and len(waiting) <= processes:
            if at not in waiting:
                piece = piece_from(at)
                waiting[at] = piece, workers.submit(_set, piece, at, css)
            more, at = bool(stride) and not waiting[at][0].last, at + stride
        piece, future = waiting.pop(start)
        part: _Part = future.result()
        yield part
        if progress:
            progress(part.end)
        if piece.last:
            return
        # The heading on the first page leaves it fewer rows; with one process there is nothing to do ahead.
        stride = part.stride if processes > 1 else 0
        start = part.end
        waiting = (
            {at: held for at, held in waiting.items() if (at - start) % stride == 0}
            if stride and start in waiting
            else {}
        )


def _workers(processes: int) -> Executor:
    """Fresh interpreters: a fork would share the connection to the database, and locks of threads that are not there."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn")) if processes > 1 else _Here()


class _Here(Executor):
    """Does at once, in this process, what it is given."""

    def submit(self, deed, /, *args, **kwargs) -> Future:
        """The finished result."""
        future: Future = Future()
        future.set_result(deed(*args, **kwargs))
        return future


def _set(piece: Piece, start: int, css: str) -> _Part:
    """Lay out a piece that begins with the row `start`, and write the pages that belong to it."""
    with quiet_collector():
        document = _lay_out(piece.html, css)
        kept, end = document.pages, piece.end
        firsts = [min((int(m[1]) for name in page.anchors if (m := ROW_ID.match(name))), default=end) for page in kept]
        if not piece.last and len(kept) > 1:
            # A row carried over belongs to the page on which it begins; rows do not split.
            kept, end = kept[:-1], firsts[-1]
        a_page = firsts[2] - firsts[1] if len(firsts) > 2 else piece.end - start
        for page in kept:
            page.anchors.clear()  # they served to find the rows; as named destinations they would only add weight
        data = document.copy(kept).write_pdf()
        return _Part(data, len(kept), end, a_page * ((piece.end - start - 1) // a_page) if a_page else 0)


def _overlay(html: str, css: str) -> bytes:
    with quiet_collector():
        return _lay_out(html, css).write_pdf()


def _saved(parts: list[bytes], stamps: Sequence[bytes] = ()) -> bytes:
    """The parts as one file, the same bytes for the same content; the stamps lie over it page by page."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(parts[0])) as whole:
        for part in parts[1:]:
            with pikepdf.open(io.BytesIO(part)) as more:
                whole.pages.extend(more.pages)
        pages = iter(whole.pages)
        for stamp in stamps:
            with pikepdf.open(io.BytesIO(stamp)) as over:
                for mark, page in zip(over.pages, pages, strict=False):
                    page.add_overlay(mark)
        whole.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def page_count(data: bytes) -> int:
    """Number of pages of a PDF. :raises pikepdf.PdfError: when it is none."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return len(document.pages)
