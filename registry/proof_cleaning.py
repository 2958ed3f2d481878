"""A picture without what the eye does not see: camera, place, day, comments, previews, colour tables. Runs in the sandbox.

Where the picture stands upright its pixels are taken over bit by bit and only the wrapping is new; where the camera noted
that it must be turned, it is turned and written anew with the same tables, so that its writing stays as sharp as it was.
"""

import io
import struct
from collections.abc import Iterator

from PIL import Image
from PIL.JpegImagePlugin import get_sampling

_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_SOI, _EOI, _SOS, _ADOBE, _COMMENT = 0xD8, 0xD9, 0xDA, 0xEE, 0xFE
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What sets a picture upright, by the camera's note (EXIF 2.32, table 6)."""
_COARSER = ((1, 90), (1, 80), (1, 70), (2, 90), (2, 80), (4, 80))
"""How a photograph that is too large is written: by what it is divided, and the quality; what is kept is then measured."""
_KEPT_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_PNG = b"\x89PNG\r\n\x1a\n"


def cleaned(content: bytes, image: Image.Image, limit: int) -> bytes:
    """The same picture, upright and without metadata, of the same type.

    :param content: the file. :param image: the same, opened by Pillow and sound.
    :param limit: bytes down to which a JPEG is made coarser, be it larger as it came or by being turned; then smaller.
    """
    turn = _turn(image)
    if image.format == "PNG":
        return _png(content) if turn is None else _png(_saved(_turned(image, turn), "PNG"))
    if turn is None and image.mode in ("L", "RGB"):
        try:
            if len(made := _jpeg(content)) <= limit:
                return made
        except ValueError:  # what Pillow forgives between two segments
            pass
    return _jpeg_anew(image, turn, limit)


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How the picture must be turned; not at all where the camera's notes cannot be read."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except (SyntaxError, ValueError, TypeError, KeyError, OSError, struct.error):
        return None


def _turned(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    upright = image.copy() if turn is None else image.transpose(turn)
    upright.info = {key: value for key, value in image.info.items() if key == "transparency"}
    return upright


def _jpeg_anew(image: Image.Image, turn: Image.Transpose | None, limit: int) -> bytes:
    """Turned, or brought from the colours of print to those of screens: with its own tables, coarser only where too large."""
    upright = _turned(image, turn)
    if upright.mode not in ("L", "RGB"):
        upright = upright.convert("RGB")
    sampling = 0 if upright.mode == "L" or get_sampling(image) == 0 else 2
    made = _jpeg(_saved(upright, "JPEG", qtables=image.quantization, subsampling=sampling))
    for half, quality in _COARSER:
        if len(made) <= limit:
            break
        made = _jpeg(_saved(upright.reduce(half), "JPEG", quality=quality))
    return made


def _saved(image: Image.Image, kind: str, **options) -> bytes:
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def _jpeg(content: bytes) -> bytes:
    """Its tables and scans, a plain JFIF head, and of the applications' segments only Adobe's, which names the colours."""
    kept = [b"\xff\xd8"]
    parts = list(_segments(content))
    adobe = any(marker == _ADOBE and part[4:9] == b"Adobe" for marker, part in parts)
    if not adobe:  # the two heads name the colours differently
        kept.append(_JFIF)
    for marker, part in parts:
        application = 0xE0 <= marker <= 0xEF and not (marker == _ADOBE and part[4:9] == b"Adobe")
        if not application and marker != _COMMENT:
            kept.append(part)
    return b"".join(kept) + b"\xff\xd9"


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment up to the end of the picture; a scan goes with the data after its head."""
    place = 2
    while place < len(content):
        while content[place : place + 2] == b"\xff\xff":  # fill bytes
            place += 1
        marker = content[place + 1] if content[place : place + 1] == b"\xff" and place + 1 < len(content) else None
        if marker == _EOI:
            return
        if marker is None or marker in (0x00, _SOI) or marker in _STANDALONE or place + 4 > len(content):
            raise ValueError("not a segment")
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
        if marker == _SOS:
            end = _end_of_data(content, end)
        yield marker, content[place:end]
        place = end


def _end_of_data(content: bytes, place: int) -> int:
    """Where the compressed data ends: at a marker that is neither a stuffed byte nor a restart."""
    while (place := content.find(b"\xff", place)) >= 0:
        following = content[place + 1] if place + 1 < len(content) else _EOI
        if following == 0xFF:
            place += 1
        elif following == 0 or following in _STANDALONE:
            place += 2
        else:
            return place
    return len(content)


def _png(content: bytes) -> bytes:
    """The chunks that make the picture; their checksums Pillow has looked at."""
    kept, place = [_PNG], len(_PNG)
    while place + 12 <= len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4])
        kind = content[place + 4 : place + 8]
        if kind in _KEPT_CHUNKS:
            kept.append(content[place:end])
        if kind == b"IEND":
            break
        place = end
    return b"".join(kept)
