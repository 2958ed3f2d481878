"""The rule book of 新生学籍注册 (senior high), in the order of the notice. Pure predicates over `EnrolmentFacts`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from linxia_xueji.enums import Level, Stage
from linxia_xueji.rules import Basis, RuleBook
from registry.enums import LISTED_FIELDS


@dataclass(frozen=True)
class EnrolmentFacts:
    """Everything the enrolment rules look at, for one candidate. `deferred` and `force_majeure` mean accepted ones.

    `already_enrolled`: seats taken before this candidate; `active_elsewhere`: stage of another active enrolment, or None;
    `elsewhere`: where it is, school and county and nothing else.
    """

    year: int
    submitted_on: date
    on_admission_list: bool
    differing_fields: frozenset[str]
    corrected_fields: frozenset[str]
    reported: bool
    deferred: bool
    force_majeure: bool
    plan: int
    already_enrolled: int
    active_elsewhere: str | None
    reopened: bool = False
    last_day: date | None = None
    elsewhere: str = ""

    @property
    def deadline(self) -> date:
        """30 September of the year, unless the prefecture has set another day."""
        return self.last_day or date(self.year, 9, 30)

    @property
    def excused(self) -> bool:
        """延期注册手续 accepted, or 不可抗力等正当事由."""
        return self.deferred or self.force_majeure

    @property
    def uncorrected(self) -> list[str]:
        """Fields that differ from the list and are covered by no letter, in the order of 附件2."""
        open_ = self.differing_fields - self.corrected_fields
        return [f for f in LISTED_FIELDS if f in open_]

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "EnrolmentFacts":
        """Facts from JSON. :raises KeyError, TypeError, ValueError: where one is missing or of the wrong kind."""
        fields = set(facts["differing_fields"]) | set(facts["corrected_fields"])
        if not fields <= set(LISTED_FIELDS):
            raise ValueError(f"unknown fields: {sorted(fields - set(LISTED_FIELDS))}")
        if facts["active_elsewhere"] not in (None, *Stage.values):
            raise ValueError("active_elsewhere is no stage")
        flags = {k: facts[k] for k in ("reopened", "on_admission_list", "reported", "deferred", "force_majeure")}
        numbers = {k: facts[k] for k in ("year", "plan", "already_enrolled")}
        if any(type(v) is not bool for v in flags.values()) or any(type(v) is not int for v in numbers.values()):
            raise TypeError("flags are booleans, year, plan and already_enrolled whole numbers")
        return cls(
            submitted_on=date.fromisoformat(facts["submitted_on"]),
            differing_fields=frozenset(facts["differing_fields"]),
            corrected_fields=frozenset(facts["corrected_fields"]),
            active_elsewhere=facts["active_elsewhere"],
            **flags,
            **numbers,
        )


ENROLMENT = RuleBook("enrolment", "新生学籍注册", "2022-5/1", date(2022, 8, 25), read=EnrolmentFacts.read)


def _arrival(f: EnrolmentFacts) -> str:
    if f.reported:
        return "已报到"
    return (
        "未报到，已办理延期注册"
        if f.deferred
        else "未报到，有不可抗力等正当事由"
        if f.force_majeure
        else "未报到，未办理延期注册"
    )


@ENROLMENT.forbids(
    "enrolment.over_plan", clause="二", says="计划外不招一名学生、计划外不建一个学籍", label="不超招生计划", basis=Basis.QUOTED,
    fact=lambda f: f"计划{f.plan}人，此前已占{f.already_enrolled}人", mend="核减超出的学生，或由州、县追加招生计划",
)  # fmt: skip
def over_plan(f: EnrolmentFacts) -> bool:
    """One more than the plan."""
    return f.already_enrolled + 1 > f.plan


@ENROLMENT.forbids(
    "enrolment.not_admitted", clause="二", says="确保报到学生与录取学生信息一致", label="在录取名单内", basis=Basis.QUOTED,
    fact=lambda f: "在本校录取名单内" if f.on_admission_list else "不在本校录取名单内", mend="核对录取名单；不在名单内的学生不能注册",
)  # fmt: skip
def not_admitted(f: EnrolmentFacts) -> bool:
    """Not on the admission list of this school."""
    return not f.on_admission_list


@ENROLMENT.forbids(
    "enrolment.mismatch", clause="二", says="由学生中考报名所在县市教育局出具信息更正的便函进行更正", label="与录取信息一致", basis=Basis.QUOTED,
    fact=lambda f: f"{'、'.join(LISTED_FIELDS[x] for x in f.uncorrected)}与录取名单不一致，无更正便函" if f.uncorrected
    else "有更正便函" if f.differing_fields else "与录取名单一致",
    mend="向中考报名所在县市教育局申请更正便函", note="“确保”按不予处理为假定，州可改为须书面说明理由",
)  # fmt: skip
def mismatch(f: EnrolmentFacts) -> bool:
    """On the list, but a field differs and no letter covers it."""
    return f.on_admission_list and bool(f.uncorrected)


@ENROLMENT.leaves_discretion(
    "enrolment.identity_swap", clause="二", says="如个别信息出现错误", label="不是换了一个人", basis=Basis.INFERRED, level=Level.PREFECTURE,
    fact=lambda f: "姓名和身份证号都与录取名单不同" if {"name", "id_number"} <= f.differing_fields else "姓名、身份证号不同时更改",
    mend="说明理由并附证明，由州级决定",
)  # fmt: skip
def identity_swap(f: EnrolmentFacts) -> bool:
    """On the list, but both name and ID number differ: a letter would turn one person into another."""
    return f.on_admission_list and {"name", "id_number"} <= f.differing_fields


@ENROLMENT.forbids(
    "enrolment.no_show", clause="二", says="除不可抗力等正当事由外，视为自动放弃入学资格，不予注册学籍", label="按期报到或有正当事由", basis=Basis.QUOTED,
    fact=_arrival, mend="未报到又未办理延期注册的，登记为未报到",
)  # fmt: skip
def no_show(f: EnrolmentFacts) -> bool:
    """Neither reported, nor deferred, nor prevented by force majeure."""
    return not f.reported and not f.excused


@ENROLMENT.forbids(
    "enrolment.not_reported", clause="二", says="确保报到学生与录取学生信息一致", label="本人已报到", basis=Basis.INFERRED,
    fact=_arrival, mend="学位保留，报到后在补录批次注册",
)  # fmt: skip
def not_reported(f: EnrolmentFacts) -> bool:
    """Excused, but not here yet: the seat is kept, the registration waits."""
    return not f.reported and f.excused


@ENROLMENT.forbids(
    "enrolment.deadline", clause="二", says="务必于9月30日前完成高一新生的学籍注册工作", label="在截止日前提交", basis=Basis.QUOTED,
    fact=lambda f: f"{f.submitted_on:%Y-%m-%d}首次提交，截止{f.deadline:%Y-%m-%d}{'，州已重开' if f.reopened else ''}",
    mend="由州学管中心说明理由后重开", note="截止日含当日、逾期关闭与重开均为假定",
)  # fmt: skip
def deadline(f: EnrolmentFacts) -> bool:
    """First submitted after the last day, not reopened, and the student not excused."""
    return f.submitted_on > f.deadline and not f.reopened and not f.excused


@ENROLMENT.forbids(
    "enrolment.duplicate", clause="一（二）", says="人籍一致", label="无其他高中阶段学籍", basis=Basis.INFERRED,
    fact=lambda f: (f"在{f.elsewhere or '别处'}有高中阶段学籍" if f.active_elsewhere in (Stage.SENIOR, Stage.VOCATIONAL) else "无其他高中阶段在籍记录"),
    mend="先在原校办理转学或退学；学位保留，学号暂不下发",
)  # fmt: skip
def duplicate(f: EnrolmentFacts) -> bool:
    """Another senior or vocational enrolment is active; a primary or junior one never counts."""
    return f.active_elsewhere in (Stage.SENIOR, Stage.VOCATIONAL)


ENROLMENT.never_blocks(
    "enrolment.prior_registration", clause="一（二）",
    says="不应将学生之前有无学籍或学籍是否已转至接收地作为确定入学资格的必要条件，不得以学籍问题设置障碍",
    label="原学籍不作为条件", basis=Basis.QUOTED,
    fact=lambda f: "初中学籍未转出，不影响注册" if f.active_elsewhere == Stage.JUNIOR else "有无原学籍不影响注册",
)  # fmt: skip


@dataclass(frozen=True)
class VoidingFacts:
    """What the voiding of an issued number looks at."""

    number: str
    voided: bool


VOIDING = RuleBook("voiding", "学号作废", "2022-5/1", date(2022, 8, 25))


@VOIDING.forbids(
    "voiding.already_void", clause="", says="学号作废后不再使用，也不能再次作废", label="学号尚未作废", basis=Basis.ASSUMED,
    fact=lambda f: f"{f.number}{'已作废' if f.voided else '有效'}",
)  # fmt: skip
def already_void(f: VoidingFacts) -> bool:
    """A void number cannot be voided again."""
    return f.voided
