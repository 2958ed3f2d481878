"""Opening a picture of a proof: sound, cleaned, measured, in one go. Runs in the sandbox, without Django."""

import io
import warnings
from typing import Any

from PIL import Image, UnidentifiedImageError

from linxia_xueji.refusal import Refusal
from registry.proof_cleaning import cleaned
from registry.proof_measures import measure, working_size
from registry.scan_opening import UNREADABLE, look_at_image


def open_proof(content: bytes, limit: int) -> tuple[bytes, dict[str, Any]]:
    """The cleaned file, and its measures as plain numbers.

    :param limit: bytes of the cleaned file. :raises Refusal: as `look_at_image`.
    """
    look_at_image(content)
    try:
        with warnings.catch_warnings(action="ignore"):
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
                clean = cleaned(content, image, limit)
            with Image.open(io.BytesIO(clean), formats=("JPEG", "PNG")) as image:
                size = image.size
                return clean, measure(_grey(image), size).as_json()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refusal(UNREADABLE) from error


def _grey(image: Image.Image) -> Image.Image:
    """In shades of grey as it looks on white paper; a JPEG is decoded no finer than it is measured."""
    if image.format == "JPEG":
        image.draft("L", working_size(image.size))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image)
        image = white
    elif image.mode.startswith("I"):  # sixteen bits a pixel
        image = image.convert("I").point(lambda level: level * (1 / 256))
    return image.convert("L")
