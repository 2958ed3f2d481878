"""Hostile scans, generated: what each is, its bytes, and words of the sentence it must end in."""

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
from PIL import Image

from tests.hostile.books import MB, book
from tests.registry.typed import document, picture

SCRIPT = b"<script>fetch('//example.invalid')</script>"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, data: bytes | None = None) -> bytes:
    """A black PNG of this size, made without laying it out in memory."""
    pixels = zlib.compress(bytes(height * (1 + (width + 7) // 8))) if data is None else data
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg_with(marker: bytes, data: bytes) -> bytes:
    plain = picture("JPEG")
    return plain[:2] + marker + struct.pack(">H", len(data) + 2) + data + plain[2:]


def jpeg_of_size(width: int, height: int) -> bytes:
    plain = bytearray(picture("JPEG"))
    place = plain.index(b"\xff\xc0")
    plain[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(plain)


def pdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    output = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        change(made)
        made.save(output)
    return output.getvalue()


def opens_with(**deed: object) -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Dictionary({f"/{key}": value for key, value in deed.items()})

    return pdf(change)


def attached() -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        made.attachments["x.exe"] = b"MZ"

    return pdf(change)


def other(kind: str) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (40, 40)).save(output, kind)
    return output.getvalue()


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


SCANS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "空"),
    "text": (lambda: b"not a picture", "不是JPEG"),
    "svg renamed": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>", "不是JPEG"),
    "html renamed": (lambda: b"<html>" + SCRIPT, "不是JPEG"),
    "gif": (lambda: other("GIF"), "不是JPEG"),
    "bmp": (lambda: other("BMP"), "不是JPEG"),
    "tiff": (lambda: other("TIFF"), "不是JPEG"),
    "webp": (lambda: other("WEBP"), "不是JPEG"),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run", "不是JPEG"),
    "workbook": (book, "不是JPEG"),
    "program": (lambda: b"MZ" + bytes(1000), "不是JPEG"),
    "35 MB": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(35 * MB), "35.0 MB"),
    "picture of 3 MB": (lambda: png(10, 10, chunk(b"teXt", bytes(3 * MB))), "3.0 MB"),
    "20,000 pixels": (lambda: png(20_000, 20_000), "像素过多"),
    "20,000 pixels in a line": (lambda: png(20_000, 4), "像素过多"),
    "two thousand million pixels": (lambda: png(2**31 - 1, 1, data=zlib.compress(b"\0")), "像素过多"),
    "jpeg of 65,000 pixels": (lambda: jpeg_of_size(65_000, 65_000), "像素过多"),
    "no pixels": (lambda: png(0, 0), ""),
    "signature alone": (lambda: b"\x89PNG\r\n\x1a\n", "损坏"),
    "jpeg signature alone": (lambda: b"\xff\xd8\xff", "损坏"),
    "half a png": (lambda: picture()[: len(picture()) // 2], "损坏"),
    "half a jpeg": (lambda: picture("JPEG")[: len(picture("JPEG")) // 2], "损坏"),
    "png with a wrong checksum": (lambda: flipped(picture(), 30), "损坏"),
    "png whose pixels end early": (lambda: png(500, 500, data=zlib.compress(b"\0")), "损坏"),
    "png whose pixels are noise": (lambda: png(50, 50, data=b"noise" * 9), "损坏"),
    "png with a bomb in its text": (lambda: png(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200 * MB)))), "损坏"),
    "png then a script": (lambda: picture() + SCRIPT, "夹带"),
    "script in a png's text": (lambda: png(9, 9, chunk(b"tEXt", b"Comment\0" + SCRIPT)), "夹带"),
    "script in a jpeg's comment": (lambda: jpeg_with(b"\xff\xfe", SCRIPT), "夹带"),
    "php in a jpeg": (lambda: jpeg_with(b"\xff\xfe", b"<?php system($_GET[0]);"), "夹带"),
    "svg in a jpeg": (lambda: jpeg_with(b"\xff\xe1", b"<svg onload=alert(1)>"), "夹带"),
    "png and workbook": (lambda: picture() + book(), "夹带"),
    "jpeg and workbook": (lambda: picture("JPEG") + book(), "夹带"),
    "half a pdf": (lambda: b"%PDF-1.7\n" + document()[60:120], "损坏"),
    "pdf of noise": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 50, "损坏"),
    "pdf of 11 MB": (lambda: b"%PDF-1.7\n" + bytes(11 * MB), "11.0 MB"),
    "pdf with a password": (lambda: document("secret"), "密码"),
    "pdf with a script": (lambda: opens_with(S=pikepdf.Name.JavaScript, JS="app.alert(1)"), "夹带"),
    "pdf that starts a program": (lambda: opens_with(S=pikepdf.Name.Launch, F="cmd.exe"), "夹带"),
    "pdf with a file in it": (attached, "夹带"),
    "pdf and web page": (lambda: document() + SCRIPT, "夹带"),
    "pdf and workbook": (lambda: document() + book(), "夹带"),
    "pdf without pages": (lambda: pdf(lambda made: made.pages.__delitem__(0)), "0页"),
    "pdf of 400 pages": (lambda: pdf(lambda made: [made.add_blank_page() for _ in range(400)]), "401页"),
}  # fmt: skip
"""Kind → how it is made, and words of its sentence ("" where any sentence does)."""

PROOFS = {
    kind: (make, "是PDF" if "pdf" in kind and "11 MB" not in kind else words) for kind, (make, words) in SCANS.items()
}
"""The same at the door of a proof, which is a picture."""
