"""Papers of one upright A4 page: set, and set smaller where what is written on them would run over."""

from functools import partial
from typing import Any

from django.template.loader import render_to_string

from registry.documents.mark import Mark, mark_pages

SIZES = ("", "small", "tiny")
"""Classes of the body that a style sheet may know, the largest type first."""


def page_pdf(template: str, context: dict[str, Any], mark: Mark | None = None, *, css: str = "") -> bytes:
    """The paper as PDF, on one page if any size of type allows it.

    :param template: path of its HTML without ending; the template gets `size` for the class of its body.
    :param css: path of the style sheet, where it is not the template's own. :param mark: for the upper margin.
    """
    from linxia_xueji.pdf import html_to_pdf, page_count

    sheet, over = render_to_string(css or f"{template}.css"), partial(mark_pages, mark) if mark else None
    for size in SIZES:
        made = html_to_pdf(render_to_string(f"{template}.html", context | {"size": size}), sheet, over)
        if page_count(made) == 1:
            break
    return made
