"""佐证 and 删除 of a 问题学籍: the record is proved right, or of two the one that is a duplicate ends (assumed)."""

from typing import Any

from approvals.kinds import Deed
from linxia_xueji.enums import Level
from registry.deeds import end_enrolment
from registry.enums import Ending
from registry.models import Problem
from registry.problems.deeds import prove
from registry.problems.searching import recheck
from transfers.books.problems import DELETION, EVIDENCE, DeletionFacts, EvidenceFacts
from transfers.business import Applied, Business, Lines, add_business, report
from transfers.forms import DeletionForm, EvidenceForm
from transfers.models import Change, ProblemDeletion, ProblemEvidence


def evidence_facts(applied: Applied) -> EvidenceFacts:
    """What the book of 佐证 looks at."""
    return EvidenceFacts(**report(applied), problem_open=_open(applied))


def deletion_facts(applied: Applied) -> DeletionFacts:
    """What the book of 删除 looks at."""
    return DeletionFacts(
        **report(applied), problem_open=_open(applied), kept_active=applied.detail.kept.ends_on is None
    )


def _open(applied: Applied) -> bool:
    """Whether the problem is still on the list, and this very enrolment in it."""
    problem: Problem = applied.detail.problem
    return problem.settled_on is None and any(
        party.enrolment_id == applied.enrolled.enrolment.pk for party in problem.parties.all()
    )


def proved(deed: Deed, change: Change, detail: ProblemEvidence) -> dict[str, Any]:
    """The problem is settled; the register stays as it is."""
    prove(detail.problem, words=f"{deed.request.number}佐证办结", by=deed.by)
    return {"problem": detail.problem_id}


def deleted(deed: Deed, change: Change, detail: ProblemDeletion) -> dict[str, Any]:
    """The duplicate ends, its history stays; what it was a problem of is settled of itself."""
    ended = end_enrolment(change.enrolment, ending=Ending.DELETED, on=deed.on)
    students = {change.enrolment.student_id, detail.kept.student_id}
    recheck(students, because=f"{deed.request.number}问题学籍删除办结", by=deed.by)
    return {"ended": ended.isoformat(), "problem": detail.problem_id, "kept": detail.kept_id}


def evidence_lines(detail: ProblemEvidence) -> Lines:
    """For the decision page."""
    return [("问题", detail.problem.get_kind_display()), *_found(detail.problem)]


def deletion_lines(detail: ProblemDeletion) -> Lines:
    """For the decision page: what is kept, by school and county alone."""
    return [
        ("问题", detail.problem.get_kind_display()), *_found(detail.problem), ("删除", "本申请所列学籍"), ("保留", kept_words(detail)),
    ]  # fmt: skip


def _found(problem: Problem) -> Lines:
    return [("发现日期", f"{problem.found_on:%Y-%m-%d}"), *([("说明", problem.details)] if problem.details else [])]


def kept_words(detail: ProblemDeletion) -> str:
    """County and school of the record that stays."""
    school = detail.kept.school
    county = school.at(Level.COUNTY)
    return f"{county.short_name if county else '州直属'} {school.short_name}"


add_business(
    Business(
        "problem_evidence", "问题学籍佐证", "ZZ", "不予采信", EVIDENCE, ProblemEvidence, EvidenceForm, evidence_facts, proved,
        evidence_lines, "已佐证",
    )
)  # fmt: skip
add_business(
    Business(
        "problem_deletion", "问题学籍删除", "SC", "不予删除", DELETION, ProblemDeletion, DeletionForm, deletion_facts, deleted,
        deletion_lines, "已删除",
    )
)  # fmt: skip
