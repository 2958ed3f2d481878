"""A stored file as an answer: one way for all of them."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from linxia_xueji.files import read
from linxia_xueji.models import FileUse

SHOWN = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "application/pdf": b"%PDF-"}
"""Kinds the browser shows, by how their content begins; every other one is taken away."""
_UNKNOWN = "application/octet-stream"


def stored_file(use: FileUse) -> HttpResponse:
    """The content of a use; whoever calls it has gone through `visible_to`.

    It is what its content says, whatever was claimed when it came, and no browser guesses otherwise or keeps it. Its name
    tells no person's (RFC 5987 for what is not ASCII).
    """
    content = read(use)
    kind = next((kind for kind, begin in SHOWN.items() if content.startswith(begin)), None)
    claimed = _UNKNOWN if use.content_type in SHOWN else use.content_type
    response = HttpResponse(content, content_type=kind or claimed)
    response.headers["Content-Disposition"] = content_disposition_header(kind is None, f"{use.purpose}-{use.pk}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
