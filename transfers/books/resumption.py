"""The rule book of 复学, in the order of the notice (三（二）3). Pure predicates over `ResumptionFacts`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from linxia_xueji.enums import Stage
from linxia_xueji.rules import Basis, RuleBook
from registry.enums import EnrolmentState
from transfers.books import reading
from transfers.books.shared import (
    ENDED_FOR_GOOD,
    STATUSES,
    forbid_open_business,
    grade_words,
    last_grade,
    require_paper,
    status_fact,
)
from transfers.enums import SuspensionReason


@dataclass(frozen=True)
class ResumptionFacts:
    """Everything the resumption rules look at. `class_grade_now` is the grade the former class is in on that day, 7, 10
    or 13 where it has gone past the last of the stage.
    """

    applied_on: date
    stage: str
    status: str
    left_grade: int
    class_grade_now: int
    resume_grade: int
    suspension_reason: str
    open_business: bool
    proofs: frozenset[str]
    open_details: str = ""

    @property
    def grades(self) -> tuple[int, ...]:
        """The grades that may be resumed: the one left, and the one the former class is in now, within the stage."""
        reached = (self.class_grade_now,) if self.class_grade_now <= last_grade(self.stage) else ()
        return tuple(sorted({self.left_grade, *reached}))

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "ResumptionFacts":
        """Facts from JSON. :raises KeyError, TypeError, ValueError: where one is missing or of the wrong kind."""
        return cls(
            applied_on=reading.day(facts, "applied_on"),
            stage=reading.one_of(facts, "stage", Stage.values),
            status=reading.one_of(facts, "status", STATUSES),
            **{key: reading.whole(facts, key) for key in ("left_grade", "class_grade_now", "resume_grade")},
            suspension_reason=reading.one_of(facts, "suspension_reason", SuspensionReason.values),
            open_business=reading.flag(facts, "open_business"),
            proofs=reading.papers(facts, "resumption"),
        )


RESUMPTION = RuleBook("resumption", "复学", "2022-5/1", date(2022, 8, 25), read=ResumptionFacts.read)


@RESUMPTION.forbids(
    "resumption.withdrawn", clause="三（二）3", says="凡退学、除名的学生，一律不得复学", label="未退学、未除名", basis=Basis.QUOTED,
    fact=status_fact, mend="退学、除名的学生不得复学",
)  # fmt: skip
def withdrawn(f: ResumptionFacts) -> bool:
    """The enrolment ended by withdrawal or expulsion."""
    return f.status in ENDED_FOR_GOOD


@RESUMPTION.forbids(
    "resumption.not_suspended", clause="三（二）2", says="休学期间保留学籍", label="正在休学", basis=Basis.INFERRED,
    fact=status_fact, mend="只有休学中的学生可以复学；请核对学生",
)  # fmt: skip
def not_suspended(f: ResumptionFacts) -> bool:
    """Not suspended, for whatever reason."""
    return f.status != EnrolmentState.SUSPENDED


@RESUMPTION.forbids(
    "resumption.wrong_grade", clause="三（一）3", says="实际就读年级必须与学籍一致", label="复学年级相符", basis=Basis.INFERRED,
    fact=lambda f: f"申请复学到{grade_words(f.resume_grade)}，可以复学到{'或'.join(grade_words(g) for g in f.grades)}",
    mend="选择休学时的年级，或原班级现在的年级", note="两个年级任选其一、“必须”按不予处理，均为假定，州可改为须书面说明理由",
)  # fmt: skip
def wrong_grade(f: ResumptionFacts) -> bool:
    """Neither the grade left nor the one the former class is in now."""
    return f.resume_grade not in f.grades


forbid_open_business(RESUMPTION, "复学")

require_paper(
    RESUMPTION, "application", clause="三（二）2", basis=Basis.QUOTED, says="提交休学材料"
)  # fmt: skip
require_paper(
    RESUMPTION, "recovery", clause="三（二）2", basis=Basis.ASSUMED, says="因病",
    when=lambda f: f.suspension_reason == SuspensionReason.ILLNESS, note="通知未写明须康复证明，为假定",
)  # fmt: skip
