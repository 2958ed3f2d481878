"""The rule book of 转学, in the order of the notice (三（二）1). Pure predicates over `TransferFacts`."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from approvals.calendar import Calendar
from linxia_xueji.enums import Stage
from linxia_xueji.rules import Basis, RuleBook
from registry.enums import EnrolmentState
from transfers.books import reading
from transfers.books.shared import (
    COMPULSORY,
    LIVE,
    STATUSES,
    forbid_open_business,
    grade_words,
    require_paper,
    status_fact,
)
from transfers.books.terms import Span, Terms, Windows, national_calendar, read_before_end, read_terms

CLAUSE = "三（二）1"
INITIAL = frozenset({1, 7, 10})
FINAL = frozenset({6, 9, 12})


@dataclass(frozen=True)
class Side:
    """One of the two schools: its code, county-level division and urban area (both codes or names, None where none).

    `grades` are those it teaches; None where that is not known (a school outside the prefecture, or the sending one).
    """

    code: str
    county: str
    urban_area: str | None = None
    grades: frozenset[int] | None = None

    @classmethod
    def read(cls, facts: dict[str, Any], with_grades: bool) -> "Side":
        """From JSON. :raises KeyError, TypeError, ValueError: where a fact is missing or of the wrong kind."""
        area = None if facts["urban_area"] is None else reading.text(facts, "urban_area")
        grades = frozenset(reading.parts(facts, "grades")) if with_grades else None
        if grades and any(type(grade) is not int for grade in grades):
            raise TypeError("grades are whole numbers")
        return cls(reading.text(facts, "code"), reading.text(facts, "county"), area, grades)


@dataclass(frozen=True)
class TransferFacts:
    """Everything the transfer rules look at. `status` is an EnrolmentState or Ending; `terms` and `calendar` are those of
    the receiving school (assumed), `entered_windows` those the prefecture entered with its document.

    `terms_complete`: the terms given are all there are, as in a worked case; otherwise a day before the first or after
    the last is not judged. `open_details` says, to whoever may know, which request is open and where it stands.
    """

    applied_on: date
    stage: str
    grade: int
    status: str
    from_school: Side
    to_school: Side
    to_stage: str
    to_grade: int
    open_business: bool
    proofs: frozenset[str]
    terms: Terms
    calendar: Calendar
    window_days_before_term_end: int | str = 10
    entered_windows: tuple[Span, ...] = ()
    open_details: str = ""
    terms_complete: bool = False

    @cached_property
    def windows(self) -> Windows:
        """The windows that count for this application."""
        return Windows(
            self.terms, self.calendar, self.window_days_before_term_end, self.entered_windows, self.terms_complete
        )

    @property
    def shared_area(self) -> str:
        """What both schools lie in, in words; empty where nothing."""
        a, b = self.from_school, self.to_school
        if a.urban_area and a.urban_area == b.urban_area:
            return f"同在{a.urban_area}"
        return "同在一个县（市）" if a.county and a.county == b.county else ""

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "TransferFacts":
        """Facts from JSON, by the national calendar. :raises KeyError, TypeError, ValueError: where one is missing or wrong."""
        return cls(
            applied_on=reading.day(facts, "applied_on"),
            stage=reading.one_of(facts, "stage", Stage.values),
            grade=reading.whole(facts, "grade"),
            status=reading.one_of(facts, "status", STATUSES),
            from_school=Side.read(reading.part(facts, "from_school"), with_grades=False),
            to_school=Side.read(reading.part(facts, "to_school"), with_grades=True),
            to_stage=reading.one_of(facts, "to_stage", Stage.values),
            to_grade=reading.whole(facts, "to_grade"),
            open_business=reading.flag(facts, "open_business"),
            proofs=reading.papers(facts, "transfer"),
            terms=read_terms(facts),
            terms_complete=True,
            calendar=national_calendar(),
            window_days_before_term_end=read_before_end(facts),
        )


TRANSFER = RuleBook(
    "transfer", "转学", "2022-5/1", date(2022, 8, 25), read=TransferFacts.read, unknown=lambda f: f.windows.unknown(f.applied_on)
)  # fmt: skip


def next_school_year(f: TransferFacts) -> date:
    """The next 1 September, when a pupil of the first grade moves up; the grade is that of the day."""
    return date(f.applied_on.year + (f.applied_on.month >= 9), 9, 1)


@TRANSFER.forbids(
    "transfer.initial_grade", clause=CLAUSE, says="初始年级和毕业年级不予转学", label="不是初始年级", basis=Basis.QUOTED,
    fact=lambda f: f"现读{grade_words(f.grade)}", mend="升入下一年级后再申请", passes_on=next_school_year,
)  # fmt: skip
def initial_grade(f: TransferFacts) -> bool:
    """The first grade of a stage."""
    return f.grade in INITIAL


@TRANSFER.forbids(
    "transfer.final_grade", clause=CLAUSE, says="初始年级和毕业年级不予转学", label="不是毕业年级", basis=Basis.QUOTED,
    fact=lambda f: f"现读{grade_words(f.grade)}", mend="在现读学校读完毕业年级",
)  # fmt: skip
def final_grade(f: TransferFacts) -> bool:
    """The last grade of a stage."""
    return f.grade in FINAL


@TRANSFER.forbids(
    "transfer.suspended", clause=CLAUSE, says="休学期间不予转学", label="不在休学期间", basis=Basis.QUOTED,
    fact=status_fact, mend="先办理复学，再申请转学",
)  # fmt: skip
def suspended(f: TransferFacts) -> bool:
    """During suspension."""
    return f.status == EnrolmentState.SUSPENDED


@TRANSFER.forbids(
    "transfer.cross_grade", clause=CLAUSE, says="跨年级不予转学", label="转入年级与现读年级一致", basis=Basis.QUOTED,
    fact=lambda f: f"现读{grade_words(f.grade)}，转入{grade_words(f.to_grade)}", mend="按现读年级申请转入",
)  # fmt: skip
def cross_grade(f: TransferFacts) -> bool:
    """Into another grade."""
    return f.to_grade != f.grade


@TRANSFER.forbids(
    "transfer.same_area", clause=CLAUSE, says="普通高中学生在同一城市城区内或本县范围内不予转学", label="不在同一城区或本县内", basis=Basis.QUOTED,
    fact=lambda f: ("两校" + (f.shared_area or "不在同一县（市）或城区")) if f.stage == Stage.SENIOR else "不是普通高中学生，不受此限",
    mend="不能在同一城区或本县内转学，可申请转入其他县（市）的学校",
)  # fmt: skip
def same_area(f: TransferFacts) -> bool:
    """Senior, and both schools lie in one county-level division or share an urban area."""
    return f.stage == Stage.SENIOR and bool(f.shared_area)


@TRANSFER.forbids(
    "transfer.vocational_to_general", clause=CLAUSE, says="职业高中学生不得转入普通高中就读", label="不是职业高中转普通高中", basis=Basis.QUOTED,
    fact=lambda f: f"{Stage(f.stage).label}转入{Stage(f.to_stage).label}", mend="可申请转入职业高中",
)  # fmt: skip
def vocational_to_general(f: TransferFacts) -> bool:
    """From a vocational into a general senior high."""
    return f.stage == Stage.VOCATIONAL and f.to_stage == Stage.SENIOR


def _window_fact(f: TransferFacts) -> str:
    if f.windows.contains(f.applied_on):
        return f"{f.applied_on}申请，在办理期内"
    _, why = f.windows.opening_after(f.applied_on)
    return f"{f.applied_on}申请，不在办理期内{why and '；'}{why}"


@TRANSFER.forbids(
    "transfer.window", clause=CLAUSE, says="应在学期结束前或开学后10个工作日内办理", label="在办理期内申请", basis=Basis.QUOTED,
    fact=_window_fact, mend="在下一办理期内申请", passes_on=lambda f: f.windows.opening_after(f.applied_on)[0],
    note="“应”按不予处理、学期结束前的天数、以转入学校的学期为准，均为假定，州可改",
)  # fmt: skip
def window(f: TransferFacts) -> bool:
    """Applied for outside both windows."""
    return not f.windows.contains(f.applied_on)


@TRANSFER.forbids(
    "transfer.not_enrolled", clause=CLAUSE, says="转入学校通过学籍系统调取学生学籍电子档案", label="有可以转出的学籍", basis=Basis.INFERRED,
    fact=status_fact, mend="学籍已终止或尚未转入，不能转学；请核对学生",
)  # fmt: skip
def not_enrolled(f: TransferFacts) -> bool:
    """No active enrolment to transfer; a suspended one is active."""
    return f.status not in LIVE


forbid_open_business(TRANSFER, "转学")


@TRANSFER.forbids(
    "transfer.same_school", clause=CLAUSE, says="转入、转出学校", label="转入、转出学校不是同一所", basis=Basis.INFERRED,
    fact=lambda f: "转入、转出是同一所学校" if f.from_school.code == f.to_school.code else "转入、转出是两所学校",
    mend="选择另一所学校；在本校换班不需转学",
)  # fmt: skip
def same_school(f: TransferFacts) -> bool:
    """Both schools are one."""
    return f.from_school.code == f.to_school.code


@TRANSFER.forbids(
    "transfer.stage_not_offered", clause=CLAUSE, says="跨年级不予转学", label="转入学校开设该年级", basis=Basis.INFERRED,
    fact=lambda f: f"转入学校{'未开设' if stage_not_offered.broken(f) else '开设'}{grade_words(f.to_grade)}"
    if f.to_school.grades is not None else "转入学校在州外，由当地审核", mend="选择开设该年级的学校",
)  # fmt: skip
def stage_not_offered(f: TransferFacts) -> bool:
    """The receiving school does not teach the grade."""
    return f.to_school.grades is not None and f.to_grade not in f.to_school.grades


require_paper(
    TRANSFER, "base_info_sheet", clause=CLAUSE, basis=Basis.QUOTED, says="转出学校从学籍系统打印并盖章的学生学籍基础信息表"
)  # fmt: skip
require_paper(
    TRANSFER, "household_register", clause=CLAUSE, basis=Basis.QUOTED, says="《居民户口簿》等相关证明材料",
    when=lambda f: f.stage in COMPULSORY,
)  # fmt: skip
require_paper(
    TRANSFER, "both_principals", clause=CLAUSE, basis=Basis.QUOTED, says="需转入、转出学校校长签字转学意见并加盖学校公章",
    when=lambda f: f.stage == Stage.SENIOR,
)  # fmt: skip
require_paper(
    TRANSFER, "academic_results", clause=CLAUSE, basis=Basis.QUOTED, says="相关部门出具的学业水平考试成绩等相关证明材料",
    when=lambda f: f.stage == Stage.SENIOR,
)  # fmt: skip
