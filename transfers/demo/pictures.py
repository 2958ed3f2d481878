"""Pictures that stand for scanned papers: as large as a scan, and nobody takes them for real ones."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

from registry.proof_measures import measure
from registry.scans import Proof

SIZE = (1000, 1414)
"""A4 at 121 dpi: large enough to be found clear."""
BLUR = 5
"""Pixels: writing is to be seen and not to be read."""


@cache
def picture(title: str, *, blurred: bool = False) -> Proof:
    """A page with the title (Latin letters) and the word SAMPLE across it, measured as every upload is.

    Drawn here and therefore not sent through the sandbox, which is for files that strangers made.
    """
    page = _page(title)
    if blurred:
        page = page.filter(ImageFilter.GaussianBlur(BLUR))
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return Proof(buffer.getvalue(), "image/png", f"{title.lower()}.png", measure(page, SIZE).as_json())


def _page(title: str) -> Image.Image:
    page = Image.new("L", SIZE, 252)
    draw = ImageDraw.Draw(page)
    draw.rectangle((60, 60, SIZE[0] - 60, SIZE[1] - 60), outline=70, width=3)
    draw.text((120, 120), title, fill=30, font_size=44)
    draw.text((170, 640), "SAMPLE", fill=215, font_size=190)
    for row in range(14):
        top = 260 + 72 * row
        draw.line((110, top + 46, 890, top + 46), fill=120, width=2)
        draw.text((130, top + 8), f"{row + 1:02d}  {title.lower()} {row * 7919 % 10007:05d}", fill=40, font_size=30)
    return page
