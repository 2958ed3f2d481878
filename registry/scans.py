"""Scans as people upload them: what a file is, is read from its content and not from its name."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from linxia_xueji import sandbox
from linxia_xueji.refusal import Refusal

MB = 1024 * 1024
IMAGE_LIMIT, PDF_LIMIT = 2 * MB, 10 * MB
"""Bytes; assumed, as the notice asks only for clear and complete originals."""
SIGNATURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
HINT = "JPEG、PNG图片不超过2 MB，PDF不超过10 MB，须为原件的清晰完整扫描件"
_LIMITS = sandbox.Limits(memory=768 * MB, processor=15, seconds=20)


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
    what, limit, look = _KINDS[kind == "application/pdf"]
    _limit(len(content), limit, what)
    try:
        sandbox.run(f"registry.scan_opening:{look}", content, limits=_LIMITS)
    except Refusal as refusal:
        raise ValidationError(refusal.message) from refusal
    return Scan(content, kind, name)


_KINDS = (("图片", IMAGE_LIMIT, "look_at_image"), ("PDF", PDF_LIMIT, "look_at_pdf"))


def _limit(size: int, limit: int, what: str) -> None:
    if size > limit:
        raise ValidationError(f"{what}有{size / MB:.1f} MB，超过{limit // MB} MB，请降低分辨率后重新上传")


class ScanField(forms.FileField):
    """A required scan; its cleaned value is a `Scan`."""

    widget = forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf"})
    default_error_messages = {"empty": "文件是空的，请重新扫描后上传"}

    def __init__(self, *, help_text: str = HINT, **options):
        super().__init__(help_text=help_text, **options)

    def clean(self, data, initial=None) -> Scan | None:
        """The scan, or None where none is required and none came."""
        upload = super().clean(data, initial)
        if not upload:
            return None
        _limit(upload.size, PDF_LIMIT, "文件")  # before it is read
        return read_scan(upload.name, upload.read())
