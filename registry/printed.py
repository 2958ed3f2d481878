"""Papers that can be checked: one code for each set of data, and what may be said of a code to whom."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.timezone import localtime

from registry.documents.mark import Mark, fingerprints, in_groups
from registry.models import Paper, PaperSignature
from registry.paper_kinds import sort_of, subjects

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
"""Nothing that a hand or an eye takes for something else: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V."""
LENGTH = 10
CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


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
    sort = sort_of(paper.kind)
    if why := sort.void(paper.subject):
        return _superseded(why)
    if paper.fingerprint in fingerprints(sort.content(paper.subject, on)):
        return CURRENT
    return _superseded("导出以后数据有变化")


def _superseded(why: str) -> Standing:
    return Standing("warn", "已被更替", f"{why}，此件不再有效，以重新导出的为准。")


def paper_by_code(code: str, user) -> Paper | None:
    """The paper of a tidy code with what its check needs, in a few queries; `sees`: whether the person may see the file."""
    if not CODE.fullmatch(code):
        return None
    seen, needs, lists = Q(), ["made_by"], []
    for subject in subjects():
        seen |= Q(Exists(subject.model.objects.visible_to(user).filter(pk=OuterRef(f"{subject.column}_id"))))
        needs += [f"{subject.column}__{need}" for need in subject.needs]
        lists += [f"{subject.column}__{found}" for found in subject.lists]
    papers = Paper.objects.select_related(*needs).prefetch_related(*lists).annotate(sees=seen, **_signature())
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
    office = sort_of(paper.kind).office(paper.subject)
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
    return [
        {"label": "数据指纹", "value": Mark(paper.code, paper.fingerprint).fingerprint_text, "num": True},
        {"label": "首次导出人", "value": paper.made_by.full_name if paper.made_by else "命令行"},
        sort_of(paper.kind).subject.row(paper),
    ]
