"""The whole archive as one ZIP, for a move to another school: a sheet of what the register says, and every scan, with a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from linxia_xueji.access import Access
from linxia_xueji.files import read
from registry.archive.contents import Entry, entries_of
from registry.archive.sheet import archive_sheet_of
from registry.documents.bundle import bundle_zip
from registry.enums import ArchivePart
from registry.models import Enrolment
from registry.package import ENDINGS
from registry.paper_enums import PaperKind
from registry.paper_files import paper_file

SHEET = f"{PaperKind.ARCHIVE.label}.pdf"


@dataclass(frozen=True)
class Parcel:
    """The ZIP, and how many materials are in it."""

    content: bytes
    count: int


def parcel_of(enrolment: Enrolment, access: Access, on: date, *, by, site: str = "") -> Parcel:
    """Everything in the archive that may be followed from this enrolment. :param site: for the QR of the sheet."""
    entries = entries_of(enrolment, access)
    sheet = paper_file(PaperKind.ARCHIVE, "pdf", enrolment, archive_sheet_of(enrolment, on), by=by, site=site)
    return Parcel(bundle_zip([(SHEET, sheet.content), *_scans(entries)]), len(entries))


def _scans(entries: list[Entry]) -> Iterator[tuple[str, bytes]]:
    places = {part: n for n, part in enumerate(ArchivePart, 1)}
    for n, entry in enumerate((e for e in entries if e.use), 1):
        part, ending = ArchivePart(entry.part), ENDINGS.get(entry.use.content_type, "bin")
        yield f"{places[part]:02d}-{part.label}/{n:03d}.{ending}", read(entry.use)
