"""The rule books of 佐证 and 删除 of a 问题学籍. The notice says nothing of them: force, papers and levels are assumed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from linxia_xueji.rules import Basis, Rule, RuleBook
from transfers.books import reading
from transfers.books.reports import ReportFacts
from transfers.books.shared import LIVE, forbid_open_business, require_paper, status_fact

ASSUMED = "全国学籍系统的做法，为假定"


@dataclass(frozen=True)
class ProblemFacts(ReportFacts):
    """Beside what a report looks at, whether the problem is still on the list."""

    problem_open: bool = True

    @classmethod
    def read(cls, facts: dict[str, Any]):
        """Facts from JSON. :raises KeyError, TypeError, ValueError: where one is missing or of the wrong kind."""
        return cls(
            **vars(super().read(facts))
            | {"problem_open": reading.flag({"problem_open": True, **facts}, "problem_open")}
        )


class EvidenceFacts(ProblemFacts):
    """Facts of 佐证."""

    business: ClassVar[str] = "problem_evidence"


@dataclass(frozen=True)
class DeletionFacts(ProblemFacts):
    """Facts of 删除: whether the record that is kept is active."""

    business: ClassVar[str] = "problem_deletion"

    kept_active: bool = True

    @classmethod
    def read(cls, facts: dict[str, Any]):
        """Facts from JSON. :raises KeyError, TypeError, ValueError: where one is missing or of the wrong kind."""
        return cls(
            **vars(super().read(facts)) | {"kept_active": reading.flag({"kept_active": True, **facts}, "kept_active")}
        )


EVIDENCE = RuleBook("problem_evidence", "问题学籍佐证", "2022-5/1", date(2022, 8, 25), read=EvidenceFacts.read)
DELETION = RuleBook("problem_deletion", "问题学籍删除", "2022-5/1", date(2022, 8, 25), read=DeletionFacts.read)


def _forbid_settled(book: RuleBook) -> Rule:
    return book.forbids(
        f"{book.code}.settled", clause="一（二）", says="人籍一致", label="问题学籍未了结", basis=Basis.ASSUMED, note=ASSUMED,
        fact=lambda f: "问题待处理" if f.problem_open else "问题已了结，或所涉学生有变", mend="在“问题学籍”中核对该问题的现状",
    )(lambda facts: not facts.problem_open)  # fmt: skip


def _forbid_not_enrolled(book: RuleBook) -> Rule:
    return book.forbids(
        f"{book.code}.not_enrolled", clause="一（二）", says="人籍一致", label="在读或休学", basis=Basis.ASSUMED, note=ASSUMED,
        fact=status_fact, mend="学籍已终止的不再办理；请核对学生",
    )(lambda facts: facts.status not in LIVE)  # fmt: skip


for _book in (EVIDENCE, DELETION):
    _forbid_settled(_book)
    _forbid_not_enrolled(_book)
    forbid_open_business(_book, f"申请{_book.label}")


@DELETION.forbids(
    "problem_deletion.kept_not_active", clause="一（二）", says="人籍一致", label="保留的学籍有效", basis=Basis.ASSUMED, note=ASSUMED,
    fact=lambda f: "保留的学籍在册" if f.kept_active else "拟保留的学籍已终止", mend="两份学籍只能删除一份；另一份已终止的，不再删除这一份",
)  # fmt: skip
def kept_not_active(f: DeletionFacts) -> bool:
    """The record to be kept has ended: a student is never left without any."""
    return not f.kept_active


require_paper(EVIDENCE, "proof", clause="一（二）", basis=Basis.ASSUMED, says="人籍一致", note="通知未列材料，为假定")
require_paper(DELETION, "proof", clause="一（二）", basis=Basis.ASSUMED, says="人籍一致", note="通知未列材料，为假定")
require_paper(DELETION, "report", clause="一（二）", basis=Basis.ASSUMED, says="人籍一致", note="通知未列材料，为假定")
