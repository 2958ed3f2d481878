"""Opening a scan from outside: whether it is whole, and nothing but a picture or pages. Runs in the sandbox, without Django.

Raises `Refusal` with the sentence; anything else that goes wrong in here the sandbox turns into one.
"""

import io
import re
import warnings
import zipfile

from linxia_xueji.refusal import Refusal

MAX_PIXELS = 60_000_000
MAX_SIDE = 15_000
"""Pixels: A4 at 600 dpi is 4,960 × 7,016."""
MAX_PAGES = 300
UNREADABLE = "文件已损坏，无法打开，请重新扫描后上传"
ACTIVE = "文件中夹带了脚本或其他文件，不能接收，请重新扫描后上传"
# Of a picture's compressed bytes, none of these comes about by chance.
_SCRIPT = re.compile(rb"<script|<\?php|javascript:|<html|<iframe|<!doctype|<svg[\s>]", re.IGNORECASE)
_SCRIPT_IN_PDF = re.compile(rb"<script|<\?php", re.IGNORECASE)
_DEEDS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}


def look_at_image(content: bytes) -> None:
    """Decode a JPEG or PNG whole. :raises Refusal: broken, too many pixels, or carrying something else."""
    from PIL import Image, UnidentifiedImageError

    _refuse_carrier(content, _SCRIPT)
    Image.MAX_IMAGE_PIXELS = None  # the size is judged here, with a sentence of our own, before a pixel is decoded
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image,
        ):
            width, height = image.size
            if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
                raise Refusal(f"图片为{width}×{height}像素，像素过多，请降低分辨率后重新上传")
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refusal(UNREADABLE) from error


def look_at_pdf(content: bytes) -> None:
    """Open a PDF and look through its objects. :raises Refusal: broken, with a password, or with deeds of its own."""
    import pikepdf

    _refuse_carrier(content, _SCRIPT_IN_PDF)
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            pages = len(document.pages)
            active = any(_acts(item) for item in document.objects)
    except pikepdf.PasswordError as error:
        raise Refusal("PDF设有密码，请去掉密码后重新上传") from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise Refusal(UNREADABLE) from error
    if active:
        raise Refusal(ACTIVE)
    if not 0 < pages <= MAX_PAGES:
        raise Refusal(f"PDF有{pages}页，应为1至{MAX_PAGES}页，请重新扫描后上传")


def _acts(item) -> bool:
    """Whether an object is a script, a start of a program, a form that sends, or a file attached."""
    import pikepdf

    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if str(item.get("/S", "")) in _DEEDS or "/JS" in item or "/EmbeddedFiles" in item:
        return True
    return any(
        isinstance(inner, pikepdf.Dictionary) and not inner.is_indirect and _acts(inner)
        for key, inner in item.items()
        if key in ("/OpenAction", "/AA", "/A", "/Names")
    )


def _refuse_carrier(content: bytes, script: re.Pattern[bytes]) -> None:
    """A file that is also a web page, a program or an archive: harmless as we serve it, but no scan."""
    if script.search(content) or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refusal(ACTIVE)
