"""What goes into the 上报材料包 of a batch: both forms, the letters and the proofs (一并上报信息更正函件及证明材料复印件, 通知二)."""

from collections.abc import Iterator
from datetime import date

from linxia_xueji.files import read
from linxia_xueji.models import FileUse
from registry.annexes import FORMATS, FORMS, file_of
from registry.documents.bundle import bundle_zip
from registry.models import CorrectionLetter, Deferral, EnrolmentBatch
from registry.paper_files import letter_file

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def package_of(batch: EnrolmentBatch, on: date, *, by, site: str = "") -> tuple[bytes, int]:
    """The ZIP, and how many files it holds besides its list; every form and letter in it can be checked.

    :param site: beginning of the portal's address, for the QR of each paper.
    """
    items = [*_forms(batch, on, by, site), *_letters(batch, by, site), *_excuses(batch)]
    return bundle_zip(items), len(items)


def _forms(batch: EnrolmentBatch, on: date, by, site: str) -> Iterator[tuple[str, bytes]]:
    for form, words in FORMS.items():
        for format in FORMATS:
            made, _ = file_of(batch, form, format, on, by=by, site=site)
            yield f"{words}.{format}", made.content


def _letters(batch: EnrolmentBatch, by, site: str) -> Iterator[tuple[str, bytes]]:
    issued = CorrectionLetter.objects.filter(candidate__batch=batch, candidate__struck_on=None, issued_on__isnull=False)
    rows = issued.select_related(
        "candidate__admission", "candidate__batch__request", "issuer", "school", "proof"
    ).order_by("candidate__exam_number", "pk")
    for place, letter in enumerate(rows, 1):
        yield f"更正便函/{place:03d}-便函.pdf", letter_file(letter, by=by, site=site)
        yield f"更正便函/{place:03d}-证明材料.{_ending(letter.proof)}", read(letter.proof)


def _excuses(batch: EnrolmentBatch) -> Iterator[tuple[str, bytes]]:
    rows = Deferral.objects.filter(
        candidate__batch=batch, candidate__struck_on=None, accepted_on__isnull=False
    ).select_related("proof")
    for place, deferral in enumerate(rows.order_by("candidate__exam_number", "pk"), 1):
        yield f"{deferral.get_kind_display()}/{place:03d}-证明材料.{_ending(deferral.proof)}", read(deferral.proof)


def _ending(use: FileUse) -> str:
    return ENDINGS.get(use.content_type, "bin")
