"""Scans as people upload them: what a file is, is read from its content and not from its name."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from pikepdf import PasswordError, PdfError
from PIL import Image, ImageFile, UnidentifiedImageError

from linxia_xueji.pdf import page_count

MB = 1024 * 1024
IMAGE_LIMIT, PDF_LIMIT = 2 * MB, 10 * MB
"""Bytes; assumed, as the notice asks only for clear and complete originals."""
MAX_PIXELS = 60_000_000
SIGNATURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
HINT = "JPEG、PNG图片不超过2 MB，PDF不超过10 MB，须为原件的清晰完整扫描件"
UNREADABLE = "文件已损坏，无法打开，请重新扫描后上传"


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that can be opened: its bytes, its type by content, and the name under which it came."""

    content: bytes
    content_type: str
    name: str


def read_scan(name: str, content: bytes) -> Scan:
    """The scan in these bytes. :raises ValidationError: no JPEG, PNG or PDF, too large, or not to be opened."""
    kind = next((kind for mark, kind in SIGNATURES.items() if content.startswith(mark)), None)
    if kind is None:
        raise ValidationError(f"“{name}”不是JPEG、PNG图片或PDF，请用这三种格式之一重新上传")
    if kind == "application/pdf":
        _limit(content, PDF_LIMIT, "PDF")
        _open_pdf(content)
    else:
        _limit(content, IMAGE_LIMIT, "图片")
        _open_image(content)
    return Scan(content, kind, name)


def _limit(content: bytes, limit: int, what: str) -> None:
    if len(content) > limit:
        raise ValidationError(f"{what}有{len(content) / MB:.1f} MB，超过{limit // MB} MB，请降低分辨率后重新上传")


@contextmanager
def _whole_images() -> Iterator[None]:
    """Elsewhere (WeasyPrint) broken pictures are drawn as far as they go; a proof has to be whole."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _open_image(content: bytes) -> None:
    try:
        with warnings.catch_warnings(), _whole_images():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise ValidationError("图片像素过多，请降低分辨率后重新上传")
                image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(UNREADABLE) from error


def _open_pdf(content: bytes) -> None:
    try:
        page_count(content)
    except PasswordError as error:
        raise ValidationError("PDF设有密码，请去掉密码后重新上传") from error
    except PdfError as error:
        raise ValidationError(UNREADABLE) from error


class ScanField(forms.FileField):
    """A required scan; its cleaned value is a `Scan`."""

    widget = forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf"})
    default_error_messages = {"empty": "文件是空的，请重新扫描后上传"}

    def __init__(self, *, help_text: str = HINT, **options):
        super().__init__(help_text=help_text, **options)

    def clean(self, data, initial=None) -> Scan | None:
        """The scan, or None where none is required and none came."""
        upload = super().clean(data, initial)
        return read_scan(upload.name, upload.read(PDF_LIMIT + 1)) if upload else None
