"""What several businesses ask alike: another open request, a paper, the words of a status and a grade."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from linxia_xueji.enums import Stage
from linxia_xueji.rules import Basis, Rule, RuleBook
from registry.enums import Ending, EnrolmentState
from registry.roster.grades import GRADES_OF, words_of
from transfers.slots import Slot, slot_of, slots_of

COMPULSORY = frozenset({Stage.PRIMARY, Stage.JUNIOR})
"""义务教育阶段."""

STATUSES = {**dict(EnrolmentState.choices), **dict(Ending.choices)}
"""Every standing an enrolment can have, or have ended in, with its label."""

LIVE = frozenset({EnrolmentState.ENROLLED, EnrolmentState.SUSPENDED})
"""在读 or 休学: there is an active enrolment."""

ENDED_FOR_GOOD = frozenset({Ending.WITHDRAWN, Ending.EXPELLED})
"""退学、除名 (三（二）3)."""


def last_grade(stage: str) -> int:
    """6, 9 or 12."""
    return GRADES_OF[Stage(stage)][1]


def grade_words(grade: int) -> str:
    """七年级, 高二; past the last grade 已毕业."""
    return words_of(grade) if 1 <= grade <= 12 else "已毕业"


def status_fact(facts: Any) -> str:
    """学籍状态 in words."""
    return f"学籍状态：{STATUSES[facts.status]}"


def forbid_open_business(book: RuleBook, then: str) -> Rule:
    """One open request per student, as in the national system; `open_details` says which, to whoever may know.

    :param then: what can be done once it is closed, after 办结后可.
    """

    def fact(facts: Any) -> str:
        if not facts.open_business:
            return "没有在办业务"
        details = f"：{facts.open_details}" if facts.open_details else ""
        return f"该生有在办业务{details}，办结后可{then}"

    return book.forbids(
        f"{book.code}.open_business", clause="", says="在办业务", label="没有在办业务", basis=Basis.ASSUMED, fact=fact,
        mend="等在办业务办结，或由提出的学校撤回后再申请", note="全国学籍系统的做法，为假定",
    )(lambda facts: facts.open_business)  # fmt: skip


def require_paper(
    book: RuleBook,
    code: str,
    *,
    clause: str,
    says: str,
    basis: Basis,
    when: Callable[[Any], bool] | None = None,
    note: str = "",
) -> Rule:
    """A paper of the business's slots that must be there; `when` it is asked for at all (None: always)."""
    slot = slot_of(book.code, code)
    asked = when or (lambda facts: True)

    def missing(facts: Any) -> bool:
        return asked(facts) and code not in facts.proofs

    def fact(facts: Any) -> str:
        return "已提供" if code in facts.proofs else "未提供" if asked(facts) else "此情形不需要"

    return book.requires(
        slot.rule, clause=clause, says=says, label=slot.label, basis=basis, fact=fact, mend=f"上传{slot.label}：{slot.hint}", note=note
    )(missing)  # fmt: skip


def papers_asked(book: RuleBook, facts: Any) -> tuple[Slot, ...]:
    """The papers that the rules ask for on these facts, whether they are there or not."""
    bare = replace(facts, proofs=frozenset())
    return tuple(slot for slot in slots_of(book.code) if book.by_id(slot.rule).broken(bare))
