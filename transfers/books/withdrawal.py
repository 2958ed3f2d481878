"""The rule book of 退学, in the order of the notice (三（二）3). Pure predicates over `WithdrawalFacts`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from linxia_xueji.enums import Stage
from linxia_xueji.rules import Basis, RuleBook
from transfers.books import reading
from transfers.books.shared import COMPULSORY, LIVE, STATUSES, forbid_open_business, require_paper, status_fact

CLAUSE = "三（二）3"


@dataclass(frozen=True)
class WithdrawalFacts:
    """Everything the withdrawal rules look at. `ground` is one of the prefecture's list, or None while none is chosen."""

    applied_on: date
    stage: str
    status: str
    ground: str | None
    open_business: bool
    proofs: frozenset[str]
    open_details: str = ""

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "WithdrawalFacts":
        """Facts from JSON. :raises KeyError, TypeError, ValueError: where one is missing or of the wrong kind."""
        return cls(
            applied_on=reading.day(facts, "applied_on"),
            stage=reading.one_of(facts, "stage", Stage.values),
            status=reading.one_of(facts, "status", STATUSES),
            ground=None if facts["ground"] is None else reading.text(facts, "ground"),
            open_business=reading.flag(facts, "open_business"),
            proofs=reading.papers(facts, "withdrawal"),
        )


WITHDRAWAL = RuleBook("withdrawal", "退学", "2022-5/1", date(2022, 8, 25), read=WithdrawalFacts.read)


@WITHDRAWAL.forbids(
    "withdrawal.compulsory", clause="教基〔2025〕1号", says="义务教育阶段不予办理退学", label="不在义务教育阶段", basis=Basis.NATIONAL,
    fact=lambda f: Stage(f.stage).label, mend="义务教育阶段不能退学；未到校的由学校督促返校", note="通知只写普通高中学生办理退学",
)  # fmt: skip
def compulsory(f: WithdrawalFacts) -> bool:
    """Primary or junior."""
    return f.stage in COMPULSORY


@WITHDRAWAL.forbids(
    "withdrawal.not_enrolled", clause=CLAUSE, says="普通高中学生办理退学", label="在读或休学", basis=Basis.INFERRED,
    fact=status_fact, mend="学籍已终止，不能退学；请核对学生",
)  # fmt: skip
def not_enrolled(f: WithdrawalFacts) -> bool:
    """Neither enrolled nor suspended."""
    return f.status not in LIVE


forbid_open_business(WITHDRAWAL, "退学")

require_paper(
    WITHDRAWAL, "application", clause=CLAUSE, basis=Basis.QUOTED, says="学生退学申请"
)  # fmt: skip
require_paper(
    WITHDRAWAL, "report", clause=CLAUSE, basis=Basis.QUOTED, says="报告等材料"
)  # fmt: skip


@WITHDRAWAL.requires(
    "withdrawal.doc.ground", clause=CLAUSE, says="符合条件的可予以退学", label="退学事由", basis=Basis.QUOTED,
    fact=lambda f: "已选择事由" if f.ground else "未选择事由", mend="从州规定的事由中选择",
    note="通知所引细则第三十三条的条件未附，事由清单为假定，州可改",
)  # fmt: skip
def ground(f: WithdrawalFacts) -> bool:
    """No ground chosen."""
    return not f.ground
