"""Every door by which a file comes in: the field of a form, who knocks, and where. A new upload field must be entered here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.models import FileUse, OfficeCertificate
from linxia_xueji.policy import decide
from registry.admissions.tasks import check_upload
from registry.enums import UploadState
from registry.models import (
    Admission,
    AdmissionStaged,
    AdmissionUpload,
    ArchiveItem,
    ComparisonFile,
    CorrectionItem,
    Deferral,
    Entrant,
    EntryDeferral,
    EntryUpload,
    InspectionPhoto,
    OfficeUpload,
    ProvinceReply,
    RosterRecord,
    RosterStaged,
    RosterUpload,
)
from registry.papers import ask_for_letter
from registry.roster.tasks import check_roster
from tests.ground.keys import PASSWORD
from tests.hostile.books import BOOKS
from tests.hostile.certificates import CERTIFICATES
from tests.hostile.scans import PROOFS, SCANS
from tests.registry.comparing.small import opened
from tests.registry.entry.children import listed
from tests.registry.inspections import answered, underway
from tests.registry.support import differ, first, workbook
from tests.registry.typed import deferral, scan, url
from tests.transfers.support import pupil, suspension
from tests.world import COUNTY_SCHOOL, PREFECTURE
from transfers.models import Proof

Kinds = dict[str, tuple[Callable[[], bytes], str]]


def file_fields() -> Iterator[str]:
    """`module:Form.field` of every field of every form of the portal that takes a file."""
    ours = {config.name for config in apps.get_app_configs() if not config.path.count("site-packages")}
    waiting: list[type] = [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.split(".")[0] in ours:
            for name, field in getattr(form, "base_fields", {}).items():
                if isinstance(field, forms.FileField):
                    yield f"{form.__module__}:{form.__qualname__}.{name}"


@dataclass(frozen=True)
class Door:
    """One field.

    :param family: doors of one family share out the kinds. :param kinds: the hostile files it is tried with.
    :param ready: makes the door from a world: an address and a client.
    :param fields: what else the form wants. :param name: the file's field. :param traces: what nothing may be written to.
    """

    family: str
    kinds: Kinds
    ready: Callable[["object"], tuple[str, Client]]
    fields: Callable[[], dict]
    name: str
    traces: tuple[type, ...]
    told: Callable[[HttpResponse], str] = lambda answer: _shown(answer)


def _shown(answer: HttpResponse) -> str:
    """What stands at the fields in error."""
    assert answer.status_code == 422
    return "；".join(re.findall(r'<span class="err"[^>]*>([^<]*)</span>', answer.content.decode()))


def _client(user) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def _list(world) -> tuple[str, Client]:
    return reverse("registry:uploads"), _client(world.centre)


def _checked(answer: HttpResponse) -> str:
    """A list is opened by the worker: what it says, where it is not refused at once. Its file is kept to be shown."""
    if answer.status_code == 422:
        return _shown(answer)
    upload = AdmissionUpload.objects.latest("pk")
    check_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED
    return upload.error


def _roster(world) -> tuple[str, Client]:
    return reverse("registry:rosters"), _client(world.centre)


def _roster_checked(answer: HttpResponse) -> str:
    """As a list: refused at once, or by the worker who opens it."""
    if answer.status_code == 422:
        return _shown(answer)
    upload = RosterUpload.objects.latest("pk")
    check_roster(upload_id=upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED
    return upload.error


def _reply(world) -> tuple[str, Client]:
    """A batch that waits for a province outside the portal."""
    decide(
        organisation=world.organisation(PREFECTURE), key="province.in_portal", value=False, effective_from=world.day,
        document_number="1号", by=world.centre,
    )  # fmt: skip
    return url("reply", world.to(world.batch(1), 3).pk), _client(world.centre)


def _reply_fields() -> dict:
    sheet = SimpleUploadedFile("学号.xlsx", workbook(("26132406000001", "261324060001")))
    return {"document_number": "1号", "replied_on": "20260916", "scan": scan(), "sheet": sheet}


def _letter(world) -> tuple[str, Client]:
    asked = ask_for_letter(candidate=differ(world, first(world.batch(1)), name="马海鑫"), note="", by=world.registrar())
    return url("issue_letter", asked.pk), _client(world.county)


def _archive(world) -> tuple[str, Client]:
    return url("archive", pupil(world, COUNTY_SCHOOL, grade=10, stage="senior").pk), _client(world.registrar())


def _deferral(world) -> tuple[str, Client]:
    return url("defer", first(world.batch(1)).pk), _client(world.registrar())


def _children(world) -> tuple[str, Client]:
    """A list of grade 1 with nobody on it yet."""
    return url("upload_entrants", listed(world, 0).pk), _client(world.registrar())


def _entry_deferral(world) -> tuple[str, Client]:
    return url("defer_entrant", listed(world, 1).entrants.get().pk), _client(world.registrar())


def _entry_deferral_fields() -> dict:
    days = {"applied_on": "2026-09-15", "returns_on": "2026-10-20"}
    return days | {"applicant": "马国强", "reason": "住院", "proof": scan()}


def _proof(world) -> tuple[str, Client]:
    """A draft of 休学 at its school."""
    return reverse("transfers:upload_proof", args=[suspension(world).pk, "application"]), _client(world.registrar())


def _certificate(world) -> tuple[str, Client]:
    return reverse("registry:certificates"), _client(world.centre)


def _comparison(world) -> tuple[str, Client]:
    """A comparison that waits for its files."""
    return reverse("registry:comparison_upload", args=[opened(world).pk, "national"]), _client(world.centre)


def _photo(world) -> tuple[str, Client]:
    """A school that is being looked at."""
    return url("visit_photo", underway(world).pk), _client(world.county)


def _report(world) -> tuple[str, Client]:
    """A finding that the school has answered."""
    return url("finding", answered(world).pk), _client(world.head())


def _office(world) -> tuple[str, Client]:
    return reverse("registry:offices"), _client(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))


OF_LISTS = {"35 MB", *list(BOOKS)[list(BOOKS).index("no cells") :]}
NUMBERS = {kind: (make, "" if kind in OF_LISTS else words) for kind, (make, words) in BOOKS.items()}
"""A table of numbers has other columns and another size: there any sentence does."""
ROSTERS = {kind: (make, "") for kind, (make, _) in BOOKS.items()}
"""The national export has other columns: there any sentence does."""
COMPARED = {kind: told for kind, told in ROSTERS.items() if kind not in OF_LISTS and kind != "bomb"}
"""Any table may be compared, as large as the national file of a prefecture: which column is which, a person says."""
DOORS: dict[str, Door] = {
    "registry.offices.forms:OfficeForm.file": Door("books", NUMBERS, _office, dict, "file", (FileUse, OfficeUpload)),
    "registry.forms_lists:UploadForm.file": Door(
        "books", BOOKS, _list, lambda: {"year": 2026}, "file", (AdmissionStaged, Admission), _checked
    ),
    "registry.views.roster:RosterForm.file": Door(
        "books", ROSTERS, _roster, dict, "file", (RosterStaged, RosterRecord), _roster_checked
    ),
    "registry.comparing.forms:ExportForm.file": Door(
        "books", COMPARED, _comparison, dict, "file", (FileUse, ComparisonFile)
    ),
    "registry.forms:ReplyForm.sheet": Door("books", NUMBERS, _reply, _reply_fields, "sheet", (FileUse, ProvinceReply)),
    "registry.forms:ReplyForm.scan": Door("scans", SCANS, _reply, _reply_fields, "scan", (FileUse, ProvinceReply)),
    "registry.forms:IssueLetterForm.proof": Door(
        "scans", SCANS, _letter, lambda: {"number": "1号"}, "proof", (FileUse, CorrectionItem)
    ),
    "registry.entry.forms:EntryUploadForm.file": Door(
        "books", NUMBERS, _children, dict, "file", (FileUse, EntryUpload, Entrant)
    ),
    "registry.entry.forms:EntryDeferralForm.proof": Door(
        "scans", SCANS, _entry_deferral, _entry_deferral_fields, "proof", (FileUse, EntryDeferral)
    ),
    "transfers.forms_proofs:ProofForm.scan": Door("scans", PROOFS, _proof, dict, "scan", (FileUse, Proof)),
    "registry.archive.forms:MaterialForm.scan": Door(
        "scans", SCANS, _archive, lambda: {"part": "proofs", "title": "户口簿", "dated": "20260901"}, "scan", (FileUse, ArchiveItem)
    ),
    "registry.inspecting.forms:PhotoForm.photo": Door(
        "scans", PROOFS, _photo, lambda: {"key": str(uuid4())}, "photo", (FileUse, InspectionPhoto)
    ),
    "registry.inspecting.forms:MoveForm.photo": Door(
        "scans", PROOFS, _report, lambda: {"seen": "answered", "act": "report", "words": "已整改"}, "photo", (FileUse,)
    ),
    "registry.forms:DeferralForm.proof": Door("scans", SCANS, _deferral, deferral, "proof", (FileUse, Deferral)),
    "registry.forms_certificates:CertificateForm.file": Door(
        "certificates",
        CERTIFICATES,
        _certificate,
        lambda: {"office": COUNTY_SCHOOL, "password": PASSWORD},
        "file",
        (OfficeCertificate,),
    ),
}


def knock(door: Door, address: str, client: Client, content: bytes) -> str:
    """What the door says to this content."""
    sent = door.fields() | {door.name: SimpleUploadedFile("文件.dat", content)}
    answer = client.post(address, sent)
    assert answer.status_code in (302, 422)
    return door.told(answer)
