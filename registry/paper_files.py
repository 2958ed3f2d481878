"""Papers as files: the one way by which a PDF leaves the portal. It bears its mark; where the office has a certificate, it is signed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from linxia_xueji.certificates import certificate_of
from linxia_xueji.dates import now
from linxia_xueji.files import keep, read
from linxia_xueji.models import OfficeCertificate, Organisation
from linxia_xueji.signing import signed
from linxia_xueji.trail import record
from registry.documents.mark import Mark, fingerprints
from registry.letters import paper_of
from registry.models import CorrectionLetter, Paper, PaperSignature
from registry.paper_enums import PaperKind
from registry.paper_kinds import PaperSort, sort_of
from registry.printed import new_code

PURPOSE = "已签名文件"


@dataclass(frozen=True)
class PaperFile:
    """A paper as a file: its bytes, the code by which it can be checked, whose certificate it is signed with."""

    content: bytes
    code: str
    signed_by: Organisation | None = None


def paper_file(
    kind: PaperKind,
    format: str,
    subject: Any,
    content: Any,
    *,
    by,
    site: str = "",
    progress: Callable[[int], None] | None = None,
) -> PaperFile:
    """The paper that can be checked; a PDF signed where the office that issues it has a certificate in force.

    The same data signed once are handed out again as they were signed.

    :param subject: what it is about, of the model declared for its kind.
    :param content: what it says (a frozen dataclass).
    :param by: who takes it out, None on the command line, where nothing is signed: nobody answers for it.
    :param site: beginning of the portal's address as the person reached it, for the QR.
    :param progress: called with the number of rows set; only a list tells.
    """
    sort = sort_of(kind)
    paper = _paper(sort, subject, content, by)
    certificate = _in_force(sort.office(subject)) if by and format == "pdf" else None
    if certificate and (earlier := _signature(paper, certificate)):
        return PaperFile(read(earlier.file), paper.code, certificate.organisation)
    told = {"progress": progress} if format in sort.tells else {}
    made = sort.writers[format](content, mark=Mark(paper.code, paper.fingerprint, site), **told)
    if certificate is None:
        return PaperFile(made, paper.code)
    return PaperFile(_sign(paper, certificate, made, by), paper.code, certificate.organisation)


def letter_file(letter: CorrectionLetter, *, by, site: str = "") -> bytes:
    """The letter as a PDF that can be checked."""
    return paper_file(PaperKind.LETTER, "pdf", letter, paper_of(letter), by=by, site=site).content


def seal_note(office: Organisation) -> str:
    """Whether a PDF that the office issues will be signed, or why not: for the page from which it is taken out."""
    return seal_words(office, certificate_of(office))


def seal_words(office: Organisation, certificate: OfficeCertificate | None) -> str:
    """The same where the office's certificate has been read already."""
    if certificate is None:
        return f"{office.short_name}未设单位证书，导出的PDF不签名，由单位盖章。"
    if why := certificate.why_not_sign(now()):
        return f"{office.short_name}的{why}，导出的PDF不签名，由单位盖章。"
    return f"导出的PDF用{office.short_name}的证书签名，可在阅读器中查看；纸质件仍由单位盖章。"


def _paper(sort: PaperSort, subject: Any, content: Any, by) -> Paper:
    """The same data bear the same code, however often they are printed."""
    found = fingerprints(content)
    paper = subject.papers.filter(kind=sort.kind, fingerprint__in=found).order_by("pk").first()
    if paper is None:
        version = sort.subject.version(subject)
        paper, _ = Paper.objects.get_or_create(
            kind=sort.kind,
            fingerprint=found[0],
            **{sort.subject.column: subject},
            defaults={"code": new_code(), "request_version": version, "made_by": by, "made_at": now()},
        )
    return paper


def _in_force(office: Organisation) -> OfficeCertificate | None:
    certificate = certificate_of(office)
    return certificate if certificate and not certificate.why_not_sign(now()) else None


def _signature(paper: Paper, certificate: OfficeCertificate) -> PaperSignature | None:
    return paper.signatures.filter(certificate=certificate).select_related("file").first()


def _sign(paper: Paper, certificate: OfficeCertificate, made: bytes, by) -> bytes:
    """Sign, keep the very file, and say so in the trail; where another signed it meanwhile, theirs counts."""
    content, kept = signed(made, certificate), sort_of(paper.kind).subject.kept(paper.subject)
    try:
        with transaction.atomic():
            file = keep(
                content=content, name=f"{paper.get_kind_display()}.pdf", content_type="application/pdf", purpose=PURPOSE,
                by=by, **kept,
            )  # fmt: skip
            PaperSignature.objects.create(
                paper=paper, certificate=certificate, file=file, signed_by=by, signed_at=now()
            )
            after = {"code": paper.code, "serial": certificate.serial, "sha256": file.stored_id}
            record(action="签名文件", by=by, target=paper, after=after)
    except IntegrityError:
        return read(_signature(paper, certificate).file)
    return content
