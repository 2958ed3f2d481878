"""What makes a paper checkable: code, QR and fingerprint, in the margin and never inside the form."""

import hmac
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import segno
from django.template.loader import render_to_string

from linxia_xueji.secrets import keys

SHOWN_DIGITS = 16
_QUIET = 4
"""Light modules around a QR code (ISO/IEC 18004)."""


@dataclass(frozen=True)
class Mark:
    """`code` without hyphen; `fingerprint` in hex; `site` begins the address of the page that checks, "" where it has none."""

    code: str
    fingerprint: str
    site: str = ""

    @property
    def code_text(self) -> str:
        """The code as people read it: ABCDE-FGHJK."""
        return in_groups(self.code, 5, "-")

    @property
    def fingerprint_text(self) -> str:
        """The first digits of the fingerprint, enough to compare by eye."""
        return in_groups(self.fingerprint[:SHOWN_DIGITS], 4, " ")

    @property
    def page(self) -> str:
        """The address to type, without its scheme."""
        return f"{self.site.partition('://')[2]}check/" if self.site else ""

    @property
    def line(self) -> str:
        """All of it in one line, for the footers of workbooks."""
        return f"查验码 {self.code_text}　数据指纹 {self.fingerprint_text}"

    @cached_property
    def qr(self) -> str:
        """The QR as SVG: the address that checks this code, or where there is no address the code alone."""
        content = f"{self.site}check/{self.code}/" if self.site else self.code
        return segno.make(content, error="m", micro=False).svg_inline(border=_QUIET, omitsize=True)


def in_groups(text: str, size: int, by: str) -> str:
    """Letters in groups, so that they can be read out and compared."""
    return by.join(text[at : at + size] for at in range(0, len(text), size))


def mark_pages(mark: Mark, pages: int) -> tuple[str, str]:
    """HTML and CSS of as many upright A4 pages bearing only the mark, to be laid over a form."""
    context = {"mark": mark, "numbers": range(pages)}
    return (
        render_to_string("registry/documents/mark_pages.html", context),
        render_to_string("registry/documents/mark_pages.css"),
    )


def fingerprints(content: Any) -> list[str]:
    """The fingerprint of a form's or letter's data under every key in use, the writing key first.

    SHA-256 under a key (HMAC): a bare hash of a letter about one ID number could be guessed back to the number.

    :param content: a frozen dataclass; `rows` are compared in the order of the form, whatever order they come in.
    """
    text = json.dumps([type(content).__name__, _plain(content)], ensure_ascii=False, sort_keys=True).encode()
    return [hmac.digest(index_key, b"paper:" + text, "sha256").hex() for _, index_key in keys().values()]


def _plain(value: Any) -> Any:
    """Only what JSON knows; equal data give equal text."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        return {key: _sorted(_plain(item)) if key == "rows" else _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def _sorted(rows: Iterable[dict]) -> list[dict]:
    return sorted(rows, key=lambda row: (row["student_number"], row["exam_number"]))
