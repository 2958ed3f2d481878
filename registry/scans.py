"""Scans as people upload them: what a file is, is read from its content and not from its name."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linxia_xueji import sandbox
from linxia_xueji.refusal import Refusal

MB = 1024 * 1024
IMAGE_LIMIT, PDF_LIMIT = 2 * MB, 10 * MB
"""Bytes; assumed, as the notice asks only for clear and complete originals."""
PHOTO_LIMIT = 10 * MB
"""Bytes of a proof as it comes: most telephones take larger pictures than are kept, and these are written smaller."""
SIGNATURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
HINT = "JPEG、PNG图片不超过2 MB，PDF不超过10 MB，须为原件的清晰完整扫描件"
PROOF_HINT = (
    "JPEG照片不超过10 MB（超过2 MB的自动缩小保存），PNG图片不超过2 MB，须为原件的照片或扫描件，规整、清晰、完整"
)
PICTURES = {mark: kind for mark, kind in SIGNATURES.items() if kind.startswith("image/")}
_LIMITS = sandbox.Limits(memory=768 * MB, processor=15, seconds=20)


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that can be opened: its bytes, its type by content, and the name under which it came."""

    content: bytes
    content_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A picture of a paper that a rule asks for.

    :param content_cleaned: upright and without metadata; what is kept. :param measures: as `Measures.as_json` gives them.
    """

    content_cleaned: bytes
    content_type: str
    name: str
    measures: dict[str, Any]


def read_scan(name: str, content: bytes) -> Scan:
    """The scan in these bytes. :raises ValidationError: no JPEG, PNG or PDF, too large, or not to be opened."""
    kind = _kind(content, SIGNATURES)
    if kind is None:
        raise ValidationError(f"“{name}”不是JPEG、PNG图片或PDF，请用这三种格式之一重新上传")
    what, limit, look = _KINDS[kind == "application/pdf"]
    _limit(len(content), limit, what)
    _opened(f"scan_opening:{look}", content)
    return Scan(content, kind, name)


def read_proof(name: str, content: bytes) -> Proof:
    """The picture in these bytes, cleaned and measured; whether it is legible is `judge_scan`'s to say.

    :raises ValidationError: no JPEG or PNG, too large, or not to be opened. Notice 三（一）1 asks for pictures.
    """
    kind = _kind(content, PICTURES)
    if kind is None:
        what = (
            "是PDF，证明材料须为图片，请导出或扫描为JPEG、PNG"
            if _kind(content, SIGNATURES)
            else "不是JPEG、PNG图片，请拍照或扫描"
        )
        raise ValidationError(f"“{name}”{what}后重新上传")
    _limit(len(content), PHOTO_LIMIT if kind == "image/jpeg" else IMAGE_LIMIT, "图片")
    cleaned, measures = _opened("proof_opening:open_proof", content, IMAGE_LIMIT)
    return Proof(cleaned, kind, name, measures)


def _kind(content: bytes, signatures: dict[bytes, str]) -> str | None:
    return next((kind for mark, kind in signatures.items() if content.startswith(mark)), None)


def _opened(function: str, *arguments: Any) -> Any:
    try:
        return sandbox.run(f"registry.{function}", *arguments, limits=_LIMITS)
    except Refusal as refusal:
        raise ValidationError(refusal.message) from refusal


_KINDS = (("图片", IMAGE_LIMIT, "look_at_image"), ("PDF", PDF_LIMIT, "look_at_pdf"))


def _limit(size: int, limit: int, what: str) -> None:
    if size > limit:
        raise ValidationError(f"{what}有{size / MB:.1f} MB，超过{limit // MB} MB，请降低分辨率后重新上传")


class ScanField(forms.FileField):
    """A required scan; its cleaned value is a `Scan`."""

    widget = forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf"})
    default_error_messages = {"empty": "文件是空的，请重新扫描后上传"}
    hint, largest, read = HINT, PDF_LIMIT, staticmethod(read_scan)

    def __init__(self, **options):
        super().__init__(**{"help_text": self.hint} | options)

    def clean(self, data, initial=None) -> Scan | Proof | None:
        """What was read, or None where nothing is required and nothing came."""
        upload = super().clean(data, initial)
        if not upload:
            return None
        _limit(upload.size, self.largest, "文件")  # before it is read
        return self.read(upload.name, upload.read())


class ProofField(ScanField):
    """A required picture of a proof; its cleaned value is a `Proof`."""

    widget = forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"})
    hint, largest, read = PROOF_HINT, PHOTO_LIMIT, staticmethod(read_proof)
