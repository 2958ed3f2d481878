"""Papers that can be checked: one code for each set of data, and what may be said of a code to whom."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.timezone import localtime

from approvals.enums import State
from registry.documents.annex1 import Annex1
from registry.documents.annex2 import Annex2
from registry.documents.gather import HEADS, annex1_of, annex2_of
from registry.documents.letter import Letter
from registry.documents.mark import Mark, fingerprints, in_groups
from registry.enums import PaperKind
from registry.letters import paper_of
from registry.models import CorrectionLetter, EnrolmentBatch, Paper, PaperSignature

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
"""Nothing that a hand or an eye takes for something else: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V."""
LENGTH = 10
CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
VOID = {State.RETRACTED: "批次已撤回", State.REFUSED: "批次不予办理"}


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


def paper_by_code(code: str, user) -> Paper | None:
    """The paper of a tidy code with what its check needs, in two queries; `sees`: whether the person may see the file."""
    if not CODE.fullmatch(code):
        return None
    seen = [
        Q(Exists(kind.objects.visible_to(user).filter(pk=OuterRef(f"{name}_id"))))
        for name, kind in (("batch", EnrolmentBatch), ("letter", CorrectionLetter))
    ]
    letter = ("letter__candidate__admission", "letter__issuer", "letter__school")
    papers = Paper.objects.select_related("made_by", *(f"batch__{head}" for head in HEADS), *letter)
    papers = papers.prefetch_related("batch__school__names").annotate(sees=seen[0] | seen[1], **_signature())
    return papers.filter(code=code).first()


def _signature() -> dict[str, Subquery]:
    """Whose certificate the paper was last signed with, and when that was withdrawn."""
    last = PaperSignature.objects.filter(paper=OuterRef("pk")).order_by("-pk")
    found = {"signed_by": "certificate__organisation__name", "withdrawn_at": "certificate__withdrawn_at"}
    return {name: Subquery(last.values(field)[:1]) for name, field in found.items()}


def check_page(code: str, user, on: date) -> dict[str, Any]:
    """What is said of a code: to everybody kind, day and office; more only to who may see the file itself."""
    code = tidy_code(code)
    paper = paper_by_code(code, user)
    if paper is None:
        return {"code": code, "standing": FOREIGN, "rows": []}
    rows = [*_public(paper), *(_details(paper) if paper.sees else [])]
    return {"code": in_groups(code, 5, "-"), "standing": standing(paper, on), "rows": rows, "sees": paper.sees}


def _public(paper: Paper) -> list[dict[str, Any]]:
    office = paper.letter.issuer if paper.letter else paper.batch.school
    return [
        {"label": "文件", "value": paper.get_kind_display()},
        {"label": "出具单位", "value": office.name},
        {"label": "首次导出", "value": f"{localtime(paper.made_at):%Y-%m-%d}", "num": True},
        {"label": "电子签名", "value": _signed(paper), "wide": True},
    ]


def _signed(paper: Paper) -> str:
    if not paper.signed_by:
        return "没有用证书签名，以单位盖章为准"
    withdrawn = f"（该证书已于{localtime(paper.withdrawn_at):%Y-%m-%d}停用）" if paper.withdrawn_at else ""
    return f"已用{paper.signed_by}的证书签名{withdrawn}"


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
