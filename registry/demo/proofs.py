"""Pictures that stand for scanned proofs, drawn so that nobody takes them for real ones."""

import io

from PIL import Image, ImageDraw

SIZE = (620, 877)
"""A4 at 75 dpi."""


def proof(lines: tuple[str, ...]) -> bytes:
    """A PNG of a framed page with these lines (Latin letters and digits) and the word SAMPLE across it."""
    page = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((24, 24, SIZE[0] - 24, SIZE[1] - 24), outline=90, width=2)
    draw.text((70, 380), "SAMPLE", fill=215, font_size=120)
    for position, line in enumerate(lines):
        draw.text((60, 70 + 34 * position), line, fill=40, font_size=22)
    for row in range(10):
        draw.line((60, 240 + 56 * row, SIZE[0] - 60, 240 + 56 * row), fill=190)
    buffer = io.BytesIO()
    page.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
