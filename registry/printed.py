"""Papers that can be checked: one code for each set of data, and what may be said of a code to whom."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from approvals.enums import State
from linxia_xueji.dates import now
from registry.documents.annex1 import Annex1
from registry.documents.annex2 import Annex2
from registry.documents.gather import annex1_of, annex2_of, batches
from registry.documents.letter import Letter, letter_pdf
from registry.documents.mark import Mark, fingerprints, in_groups
from registry.enums import PaperKind
from registry.letters import paper_of
from registry.models import CorrectionLetter, EnrolmentBatch, Paper

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
"""Nothing that a hand or an eye takes for something else: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V."""
LENGTH = 10
CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
VOID = {State.RETRACTED: "批次已撤回", State.REFUSED: "批次不予办理"}


def mark_for(kind: PaperKind, subject: EnrolmentBatch | CorrectionLetter, content: Any, *, by, site: str = "") -> Mark:
    """The mark for a paper about to be printed: the same data bear the same code, however often they are printed.

    :param by: who takes it out, None on the command line.
    :param site: beginning of the portal's address as the person reached it, for the QR.
    """
    found = fingerprints(content)
    paper = _papers(kind, subject).filter(fingerprint__in=found).order_by("pk").first()
    if paper is None:
        request = _batch(subject).request
        owner = {"letter" if kind == PaperKind.LETTER else "batch": subject}
        paper, _ = Paper.objects.get_or_create(
            kind=kind,
            fingerprint=found[0],
            **owner,
            defaults={"code": new_code(), "request_version": request.version, "made_by": by, "made_at": now()},
        )
    return Mark(paper.code, paper.fingerprint, site)


def letter_file(letter: CorrectionLetter, *, by, site: str = "") -> bytes:
    """The letter as a PDF that can be checked."""
    content = paper_of(letter)
    return letter_pdf(content, mark_for(PaperKind.LETTER, letter, content, by=by, site=site))


def _batch(subject: EnrolmentBatch | CorrectionLetter) -> EnrolmentBatch:
    return subject.candidate.batch if isinstance(subject, CorrectionLetter) else subject


def _papers(kind: PaperKind, subject: EnrolmentBatch | CorrectionLetter):
    return subject.papers.filter(kind=kind)


def new_code() -> str:
    """A code nobody can guess: 23 to the tenth power of them; that each is used once is the database's to hold."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def tidy_code(typed: str) -> str:
    """A code as typed or scanned, without hyphens and blanks, full width or not."""
    return re.sub(r"[\s\-—_]", "", unicodedata.normalize("NFKC", typed)).upper()


@dataclass(frozen=True)
class Standing:
    """What a code stands for today. tone: ok, warn or bad; `why` says in what respect it no longer holds."""

    tone: str
    label: str
    why: str


CURRENT = Standing("ok", "现行", "文件所载数据与系统现有数据一致。")
FOREIGN = Standing("bad", "非本系统文件", "系统没有这个查验码。请逐位核对后再查；仍查不到的，不是本系统出具的文件。")


def standing(paper: Paper, on: date) -> Standing:
    """Whether the paper says what the register says today. :param on: today."""
    if paper.letter and paper.letter.declined_on:
        return _superseded("便函不予出具")
    if paper.batch and paper.batch.request.state in VOID:
        return _superseded(VOID[paper.batch.request.state])
    if paper.fingerprint in fingerprints(content_of(paper, on)):
        return CURRENT
    return _superseded("导出以后数据有变化")


def _superseded(why: str) -> Standing:
    return Standing("warn", "已被更替", f"{why}，此件不再有效，以重新导出的为准。")


def content_of(paper: Paper, on: date) -> Annex1 | Annex2 | Letter:
    """What the paper would say if it were printed today."""
    if paper.letter:
        return paper_of(paper.letter)
    return (annex1_of if paper.kind == PaperKind.ANNEX1 else annex2_of)(paper.batch, on)


def paper_by_code(code: str) -> Paper | None:
    """The paper of a tidy code, with what its check needs."""
    if not CODE.fullmatch(code):
        return None
    paper = Paper.objects.select_related("made_by").filter(code=code).first()
    if paper and paper.batch_id:
        paper.batch = batches().get(pk=paper.batch_id)
    elif paper:
        letters = CorrectionLetter.objects.select_related("candidate__admission", "issuer", "school")
        paper.letter = letters.get(pk=paper.letter_id)
    return paper


def check_page(code: str, user, on: date) -> dict[str, Any]:
    """What is said of a code: to everybody kind, day and office; more only to who may see the file itself."""
    code = tidy_code(code)
    paper = paper_by_code(code)
    if paper is None:
        return {"code": code, "standing": FOREIGN, "rows": []}
    sees = _visible(paper, user)
    rows = [*_public(paper), *(_details(paper) if sees else [])]
    return {"code": in_groups(code, 5, "-"), "standing": standing(paper, on), "rows": rows, "sees": sees}


def _visible(paper: Paper, user) -> bool:
    subject = paper.letter or paper.batch
    return type(subject).objects.visible_to(user).filter(pk=subject.pk).exists()


def _public(paper: Paper) -> list[dict[str, Any]]:
    office = paper.letter.issuer if paper.letter else paper.batch.school
    return [
        {"label": "文件", "value": paper.get_kind_display()},
        {"label": "出具单位", "value": office.name},
        {"label": "首次导出", "value": f"{localtime(paper.made_at):%Y-%m-%d}", "num": True},
    ]


def _details(paper: Paper) -> list[dict[str, Any]]:
    if paper.letter:
        link = {"label": "便函", "value": str(paper.letter), "url": reverse("registry:letter", args=[paper.letter_id])}
    else:
        url = reverse("registry:annex", args=[paper.batch_id, paper.kind])
        link = {"label": "批次", "value": str(paper.batch.request), "url": url, "wide": True}
    return [
        {"label": "数据指纹", "value": Mark(paper.code, paper.fingerprint).fingerprint_text, "num": True},
        {"label": "首次导出人", "value": paper.made_by.full_name if paper.made_by else "命令行"},
        link,
    ]
