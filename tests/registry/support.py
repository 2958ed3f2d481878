"""Short ways for the tests of the register: papers, corrections, deferrals, a second batch."""

from datetime import date
from io import BytesIO

import openpyxl

from linxia_xueji.files import keep
from linxia_xueji.models import FileUse, scope_of
from registry.batches import enter_reported, open_batch
from registry.models import Candidate, CorrectionLetter, Deferral, EnrolmentBatch
from registry.papers import accept_deferral, apply_for_deferral, ask_for_letter, issue_letter


def paper(world, code: str, by=None, content: bytes = b"%PDF-1.7 proof", party=None) -> FileUse:
    """A scan kept for the records of an organisation."""
    return keep(
        content=content,
        name="证明.pdf",
        content_type="application/pdf",
        purpose="证明材料",
        scope=scope_of(world.organisation(code)),
        by=by or world.centre,
        party=party,
    )


def first(batch: EnrolmentBatch) -> Candidate:
    """The candidate with the lowest 准考证号."""
    return batch.candidates.order_by("exam_number").first()


def differ(world, candidate: Candidate, **values) -> Candidate:
    """The school enters what the student reported."""
    entered = enter_reported(candidate=candidate, values=values, by=world.registrar(candidate.school.code))
    return Candidate.objects.get(pk=entered.pk)


def letter(world, candidate: Candidate, by=None) -> CorrectionLetter:
    """Asked for by the school and issued by the county of exam registration."""
    candidate.refresh_from_db()
    asked = ask_for_letter(candidate=candidate, note="户口簿", by=world.registrar(candidate.school.code))
    reviewer = by or world.user("county_reviewer", asked.issuer.code)
    proof = paper(world, asked.issuer.code, by=reviewer)
    return issue_letter(letter=asked, number="广教更〔2026〕1号", proof=proof, by=reviewer, on=world.day)


def defer(world, candidate: Candidate, kind: str = "deferral", accept: bool = True) -> Deferral:
    """延期注册 or 不可抗力, accepted by the head unless told otherwise."""
    code = candidate.school.code
    deferral = apply_for_deferral(
        candidate=candidate, kind=kind, reason="住院", until=date(2026, 10, 20) if kind == "deferral" else None,
        proof=paper(world, code), by=world.registrar(code), on=world.day,
    )  # fmt: skip
    return accept_deferral(deferral=deferral, by=world.head(code), on=world.day) if accept else deferral


def another_batch(world, batch: EnrolmentBatch) -> EnrolmentBatch:
    """The next batch of the same school and year."""
    code = batch.school.code
    return open_batch(school=world.organisation(code), year=batch.year, by=world.registrar(code), on=world.day)


def workbook(*rows: tuple, header: tuple = ("准考证号", "学号")) -> bytes:
    """An Excel file with these rows."""
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
