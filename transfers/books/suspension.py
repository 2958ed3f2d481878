"""The rule book of 休学, the first and its extension, in the order of the notice (三（二）2). Pure predicates."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from approvals.models.terms import Season
from linxia_xueji.enums import Stage
from linxia_xueji.rules import Basis, RuleBook
from registry.enums import EnrolmentState
from transfers.books import reading
from transfers.books.shared import STATUSES, forbid_open_business, grade_words, require_paper, status_fact
from transfers.books.terms import Terms, not_entered, read_terms, school_year, term_after, term_of
from transfers.enums import SuspensionReason

CLAUSE = "三（二）2"
FINAL = frozenset({9, 12})
"""初三 and 高三."""

TERM, HOLIDAYS, SCHOOL_YEAR = "term", "holidays", "school_year"
"""Values of the setting suspension.cross_term.reading."""


@dataclass(frozen=True)
class SuspensionFacts:
    """Everything the suspension rules look at. `current_ends_on` is the end of the present period of an extension;
    `consecutive_before` how many suspensions come before this one in a row; `terms` are those of the school,
    `terms_complete` as for a transfer, `cross_term_reading` the setting of that name.
    """

    applied_on: date
    starts_on: date
    ends_on: date
    stage: str
    grade: int
    status: str
    extension: bool
    current_ends_on: date | None
    reason: str
    consecutive_before: int
    open_business: bool
    proofs: frozenset[str]
    terms: Terms
    cross_term_reading: str = TERM
    open_details: str = ""
    terms_complete: bool = False

    @property
    def longest(self) -> date:
        """The same date a year after the beginning; 28 February after the 29th."""
        year = self.starts_on.year + 1
        last = monthrange(year, self.starts_on.month)[1]
        return date(year, self.starts_on.month, min(self.starts_on.day, last))

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "SuspensionFacts":
        """Facts from JSON. :raises KeyError, TypeError, ValueError: where one is missing or of the wrong kind."""
        return cls(
            **{key: reading.day(facts, key) for key in ("applied_on", "starts_on", "ends_on")},
            stage=reading.one_of(facts, "stage", Stage.values),
            grade=reading.whole(facts, "grade"),
            status=reading.one_of(facts, "status", STATUSES),
            extension=reading.flag(facts, "extension"),
            current_ends_on=None if facts["current_ends_on"] is None else reading.day(facts, "current_ends_on"),
            reason=reading.one_of(facts, "reason", SuspensionReason.values),
            consecutive_before=reading.whole(facts, "consecutive_before"),
            open_business=reading.flag(facts, "open_business"),
            proofs=reading.papers(facts, "suspension"),
            terms=read_terms(facts),
            terms_complete=True,
        )


def terms_unknown(f: SuspensionFacts) -> str | None:
    """A first suspension, and one in 初三 or 高三, is judged by its term."""
    return None if f.terms_complete or (f.extension and f.grade not in FINAL) else not_entered(f.terms, f.applied_on)


SUSPENSION = RuleBook(
    "suspension", "休学", "2022-5/1", date(2022, 8, 25), read=SuspensionFacts.read, unknown=terms_unknown
)


def _crosses(f: SuspensionFacts) -> bool:
    if f.cross_term_reading == SCHOOL_YEAR:
        return school_year(f.terms, f.applied_on) != school_year(f.terms, f.starts_on)
    term = term_of(f.terms, f.applied_on)
    if term is None and f.cross_term_reading == HOLIDAYS:
        term = term_after(f.terms, f.applied_on)
    return term is None or f.starts_on not in term


def _in_the_same_term(f: SuspensionFacts) -> date | None:
    """The first day of a later term on which it would pass; a beginning that is over by then moves to that day.

    None where it would pass today with a later beginning: then the beginning is what is wrong, not the time.
    """
    if not _crosses(_applied(f, f.applied_on)):
        return None
    days = sorted(t.starts_on for t in f.terms if t.starts_on > f.applied_on)
    return next((day for day in days if not _crosses(_applied(f, day))), None)


def _applied(f: SuspensionFacts, day: date) -> SuspensionFacts:
    return replace(f, applied_on=day, starts_on=max(f.starts_on, day))


def _where(f: SuspensionFacts, day: date) -> str:
    term = term_of(f.terms, day)
    return f"{day}（{Season(term.half).label if term else '不在已知学期内'}）"


@SUSPENSION.forbids(
    "suspension.cross_term", clause=CLAUSE, says="坚决杜绝跨学期休学", label="在同一学期内申请和开始", basis=Basis.QUOTED,
    fact=lambda f: "延长休学期，不按此项核对" if f.extension else f"{_where(f, f.applied_on)}申请，自{_where(f, f.starts_on)}起休学",
    mend="在学期内申请，休学自本学期内开始", passes_on=_in_the_same_term,
    note="指申请和开始不在同一学期或在假期申请，为假定，州可放宽",
)  # fmt: skip
def cross_term(f: SuspensionFacts) -> bool:
    """A first suspension begins outside the term in which it is applied for, or is applied for in the holidays."""
    return not f.extension and _crosses(f)


def _next_autumn(f: SuspensionFacts) -> date | None:
    """The first day of the next autumn term, where it is entered; whoever has left school by then needs none."""
    term = term_after(f.terms, f.applied_on, Season.AUTUMN)
    return term and term.starts_on


def _half(f: SuspensionFacts) -> str:
    term = term_of(f.terms, f.applied_on)
    return Season(term.half).label if term else "假期"


@SUSPENSION.leaves_discretion(
    "suspension.final_year_second_term", clause=CLAUSE, says="初三和高三年级学生第二学期原则上不予休学", label="不在初三、高三第二学期",
    basis=Basis.QUOTED, passes_on=_next_autumn,
    fact=lambda f: f"{grade_words(f.grade)}，{f.applied_on}申请" + (f"（{_half(f)}）" if f.grade in FINAL else ""),
    mend="确需休学的，书面说明理由", note="由流程最后一级决定，为假定",
)  # fmt: skip
def final_year_second_term(f: SuspensionFacts) -> bool:
    """初三 or 高三, applied for in a spring term."""
    term = term_of(f.terms, f.applied_on) if f.grade in FINAL else None
    return term is not None and term.half == Season.SPRING


@SUSPENSION.leaves_discretion(
    "suspension.too_long", clause=CLAUSE, says="单次休学期限一般为一年", label="单次不超过一年", basis=Basis.QUOTED,
    fact=lambda f: f"{f.starts_on}至{f.ends_on}，一年到{f.longest}", mend="缩短到一年以内，或书面说明理由",
    note="由流程最后一级决定，为假定",
)  # fmt: skip
def too_long(f: SuspensionFacts) -> bool:
    """It would end later than the same date a year after its beginning."""
    return f.ends_on > f.longest


@SUSPENSION.leaves_discretion(
    "suspension.consecutive", clause=CLAUSE, says="连续休学一般不得超过两次", label="连续休学不超过两次", basis=Basis.QUOTED,
    fact=lambda f: f"此前已连续休学{f.consecutive_before}次", mend="确需继续休学的，书面说明理由", note="由流程最后一级决定，为假定",
)  # fmt: skip
def consecutive(f: SuspensionFacts) -> bool:
    """Two or more come before it in a row."""
    return f.consecutive_before >= 2


@SUSPENSION.leaves_discretion(
    "suspension.extension_not_ill", clause=CLAUSE, says="因病需申请延长休学期，经学校和学籍主管部门同意，可继续休学", label="延长休学期是因病",
    basis=Basis.INFERRED, mend="确需延长的，书面说明理由", note="由流程最后一级决定，为假定",
    fact=lambda f: f"原因：{SuspensionReason(f.reason).label}" if f.extension else "不是延长休学期",
)  # fmt: skip
def extension_not_ill(f: SuspensionFacts) -> bool:
    """An extension for another reason than illness."""
    return f.extension and f.reason != SuspensionReason.ILLNESS


@SUSPENSION.forbids(
    "suspension.extension_gap", clause=CLAUSE, says="延长休学期…连续休学", label="与现休学期相连", basis=Basis.INFERRED,
    fact=lambda f: "不是延长休学期" if not f.extension else f"现休学期到{f.current_ends_on or '—'}，申请自{f.starts_on}起",
    mend="从现休学期结束的次日起延长",
)  # fmt: skip
def extension_gap(f: SuspensionFacts) -> bool:
    """An extension that does not begin on the day after the present period ends."""
    return f.extension and f.current_ends_on is not None and f.starts_on != f.current_ends_on + timedelta(days=1)


@SUSPENSION.forbids(
    "suspension.extension_not_suspended", clause=CLAUSE, says="可继续休学", label="延长时正在休学", basis=Basis.INFERRED,
    fact=lambda f: status_fact(f) if f.extension else "不是延长休学期", mend="不在休学期间的，按首次休学申请",
)  # fmt: skip
def extension_not_suspended(f: SuspensionFacts) -> bool:
    """An extension for a student who is not suspended."""
    return f.extension and f.status != EnrolmentState.SUSPENDED


@SUSPENSION.forbids(
    "suspension.not_enrolled", clause=CLAUSE, says="休学期间保留学籍", label="首次休学时在读", basis=Basis.INFERRED,
    fact=lambda f: "延长休学期，不按此项核对" if f.extension else status_fact(f),
    mend="只有在读学生可以申请休学；正在休学的可申请延长休学期",
)  # fmt: skip
def not_enrolled(f: SuspensionFacts) -> bool:
    """Not an extension, and not enrolled."""
    return not f.extension and f.status != EnrolmentState.ENROLLED


forbid_open_business(SUSPENSION, "休学")

require_paper(
    SUSPENSION, "application", clause=CLAUSE, basis=Basis.QUOTED, says="学生申请休、复学…提交休学材料"
)  # fmt: skip
require_paper(
    SUSPENSION, "medical", clause=CLAUSE, basis=Basis.ASSUMED, says="因病", when=lambda f: f.reason == SuspensionReason.ILLNESS,
    note="通知未写明须医院证明，为假定",
)  # fmt: skip
