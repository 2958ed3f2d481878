"""The small books of 除名, 死亡 and 出国: the school reports with proof; the notice names only 除名 (三（二）3), the rest is assumed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from linxia_xueji.enums import Stage
from linxia_xueji.rules import Basis, Rule, RuleBook
from registry.enums import EnrolmentState
from transfers.books import reading
from transfers.books.shared import COMPULSORY, LIVE, STATUSES, forbid_open_business, require_paper, status_fact


@dataclass(frozen=True)
class ReportFacts:
    """Everything the rules of a report look at; each report has a class of its own, which knows its papers."""

    business: ClassVar[str] = ""

    applied_on: date
    stage: str
    status: str
    open_business: bool
    proofs: frozenset[str]
    open_details: str = ""

    @classmethod
    def read(cls, facts: dict[str, Any]):
        """Facts of the class from JSON. :raises KeyError, TypeError, ValueError: where one is missing or of the wrong kind."""
        return cls(
            applied_on=reading.day(facts, "applied_on"),
            stage=reading.one_of(facts, "stage", Stage.values),
            status=reading.one_of(facts, "status", STATUSES),
            open_business=reading.flag(facts, "open_business"),
            proofs=reading.papers(facts, cls.business),
        )


class ExpulsionFacts(ReportFacts):
    """Facts of 除名."""

    business: ClassVar[str] = "expulsion"


class DeathFacts(ReportFacts):
    """Facts of 死亡."""

    business: ClassVar[str] = "death"


class AbroadFacts(ReportFacts):
    """Facts of 出国."""

    business: ClassVar[str] = "abroad"


EXPULSION = RuleBook("expulsion", "除名", "2022-5/1", date(2022, 8, 25), read=ExpulsionFacts.read)
DEATH = RuleBook("death", "死亡", "2022-5/1", date(2022, 8, 25), read=DeathFacts.read)
ABROAD = RuleBook("abroad", "出国", "2022-5/1", date(2022, 8, 25), read=AbroadFacts.read)


@EXPULSION.forbids(
    "expulsion.compulsory", clause="", says="除名只适用于高中阶段学生", label="不在义务教育阶段", basis=Basis.ASSUMED,
    fact=lambda f: Stage(f.stage).label, mend="义务教育阶段不能除名", note="通知未写明除名的适用范围；职业高中比照普通高中",
)  # fmt: skip
def compulsory(f: ReportFacts) -> bool:
    """Primary or junior."""
    return f.stage in COMPULSORY


def _forbid_not_enrolled(book: RuleBook, allowed: frozenset[str], label: str, **words: Any) -> Rule:
    return book.forbids(
        f"{book.code}.not_enrolled", label=label, fact=status_fact, mend=f"学籍不在此状态的，不能登记{book.label}；请核对学生", **words
    )(lambda facts: facts.status not in allowed)  # fmt: skip


_forbid_not_enrolled(
    EXPULSION, LIVE, "在读或休学", clause="三（二）3", says="凡退学、除名的学生，一律不得复学", basis=Basis.INFERRED
)
forbid_open_business(EXPULSION, "登记除名")
require_paper(
    EXPULSION, "document", clause="", basis=Basis.ASSUMED, says="学校除名文件", note="通知未列材料，为假定"
)  # fmt: skip

_forbid_not_enrolled(DEATH, LIVE, "在读或休学", clause="", says="有学籍的学生死亡，学籍终止", basis=Basis.ASSUMED)
forbid_open_business(DEATH, "登记死亡")
require_paper(
    DEATH, "proof", clause="", basis=Basis.ASSUMED, says="死亡证明材料", note="通知未列材料，为假定"
)  # fmt: skip

_forbid_not_enrolled(
    ABROAD, frozenset({EnrolmentState.ENROLLED}), "在读", clause="", says="在读学生出国（境），学籍按休学保留", basis=Basis.ASSUMED,
)  # fmt: skip
forbid_open_business(ABROAD, "登记出国")
require_paper(
    ABROAD, "proof", clause="", basis=Basis.ASSUMED, says="出国（境）证明材料", note="通知未列材料，为假定"
)  # fmt: skip
