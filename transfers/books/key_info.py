"""The rule book of 关键信息变更, in the order of the notice (三（一）1). Pure predicates over `KeyInfoFacts`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from linxia_xueji.enums import Sex
from linxia_xueji.identity import id_birth, id_fault, id_sex
from linxia_xueji.rules import Basis, RuleBook
from registry.enums import IdType
from transfers.books import reading
from transfers.books.shared import forbid_open_business, require_paper

CLAUSE = "三（一）1"
SEXES = {"male": Sex.MALE, "female": Sex.FEMALE}
FAULTS = {"id_length": "不是18位", "id_check": "校验码不符或有不能出现的字符", "id_date": "出生日期不存在"}


@dataclass(frozen=True)
class KeyInfo:
    """关键信息 of one side of a change: 姓名、身份证号、出生年月等 (the notice), 性别 too (national). The number in normal form."""

    name: str
    id_number: str
    sex: Sex
    birth_date: date
    id_type: str = IdType.RESIDENT

    @property
    def fault(self) -> str | None:
        """What is wrong with the number where it is meant to be a resident one (GB 11643), in words."""
        fault = id_fault(self.id_number) if self.id_type == IdType.RESIDENT else None
        return FAULTS[fault] if fault else None

    @property
    def contradictions(self) -> tuple[str, ...]:
        """What a valid resident number says otherwise than the fields beside it, in words."""
        if self.id_type != IdType.RESIDENT or self.fault:
            return ()
        sex, birth = id_sex(self.id_number), id_birth(self.id_number)
        found = [f"号码中性别为{Sex(sex).label}，填写{Sex(self.sex).label}"] if sex != self.sex else []
        return (*found, *([f"号码中出生日期为{birth}，填写{self.birth_date}"] if birth != self.birth_date else []))

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "KeyInfo":
        """From JSON. :raises KeyError, TypeError, ValueError: where a fact is missing or of the wrong kind."""
        return cls(
            name=reading.text(facts, "name"),
            id_number=reading.text(facts, "id_number"),
            sex=SEXES[reading.one_of(facts, "sex", SEXES)],
            birth_date=reading.day(facts, "birth_date"),
            id_type=reading.one_of({"id_type": IdType.RESIDENT.value, **facts}, "id_type", IdType.values),
        )


@dataclass(frozen=True)
class KeyInfoFacts:
    """Everything the rules of a change look at. `id_taken`: the new number belongs to another student with an active enrolment.

    `doubtful`: labels, each with its measure in words, of scans measured doubtful and not confirmed legible by the head;
    `with_head`: the head has not decided yet, so they are still to be looked at.
    """

    applied_on: date
    old: KeyInfo
    new: KeyInfo
    id_taken: bool
    open_business: bool
    proofs: frozenset[str]
    doubtful: tuple[str, ...] = ()
    with_head: bool = True
    open_details: str = ""

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "KeyInfoFacts":
        """Facts from JSON. :raises KeyError, TypeError, ValueError: where one is missing or of the wrong kind."""
        return cls(
            applied_on=reading.day(facts, "applied_on"),
            old=KeyInfo.read(reading.part(facts, "old")),
            new=KeyInfo.read(reading.part(facts, "new")),
            id_taken=reading.flag(facts, "id_taken"),
            open_business=reading.flag(facts, "open_business"),
            proofs=reading.papers(facts, "key_info"),
        )


KEY_INFO = RuleBook("key_info", "关键信息变更", "2022-5/1", date(2022, 8, 25), read=KeyInfoFacts.read)

require_paper(
    KEY_INFO, "household_proof", clause=CLAUSE, basis=Basis.QUOTED, says="需上传户籍主管部门出具的证明（原件）"
)  # fmt: skip


def _images(f: KeyInfoFacts) -> str:
    if not f.doubtful:
        return "图像测量未见疑问，或校长已确认能够辨认"
    return f"{'、'.join(f.doubtful)}{'，待校长确认能否辨认' if f.with_head else '，校长未确认能够辨认'}"


@KEY_INFO.forbids(
    "key_info.image_quality", clause=CLAUSE, says="要求上传照片为图像规整清晰完整，其他不符合条件的一律不予审核并退回处理",
    label="图像规整清晰完整", basis=Basis.QUOTED, fact=_images, mend="重新拍摄或扫描后上传，或由校长看过图像、写明理由确认能够辨认",
    note="模糊、空白、过小、裁切的判断标准为假定，州可改",
)  # fmt: skip
def image_quality(f: KeyInfoFacts) -> bool:
    """Doubtful images that the head, having decided, did not confirm legible; an unreadable file is not taken in at all."""
    return bool(f.doubtful) and not f.with_head


@KEY_INFO.forbids(
    "key_info.id_invalid", clause=CLAUSE, says="以实际户籍信息为准", label="新身份证号有效", basis=Basis.INFERRED,
    fact=lambda f: f"新身份证号{f.new.fault}" if f.new.fault else "新身份证号符合国家标准"
    if f.new.id_type == IdType.RESIDENT else "不是居民身份证，不核对号码", mend="对照户籍证明逐位核对身份证号",
)  # fmt: skip
def id_invalid(f: KeyInfoFacts) -> bool:
    """The new number is meant to be a resident ID number and fails GB 11643."""
    return f.new.fault is not None


@KEY_INFO.leaves_discretion(
    "key_info.id_contradiction", clause=CLAUSE, says="以实际户籍信息为准", label="身份证号与性别、出生日期相符", basis=Basis.INFERRED,
    fact=lambda f: "；".join(f.new.contradictions) or ("身份证号无效，未比对" if f.new.fault else "相符，或不是居民身份证"),
    mend="以户籍信息为准改正；户籍证明确实如此的，书面说明理由", note="由流程最后一级决定，为假定",
)  # fmt: skip
def id_contradiction(f: KeyInfoFacts) -> bool:
    """The number is valid, but says another sex or birth date than given."""
    return bool(f.new.contradictions)


@KEY_INFO.forbids(
    "key_info.id_taken", clause="一（二）", says="人籍一致", label="新身份证号未被他人使用", basis=Basis.INFERRED,
    fact=lambda f: "新身份证号属于另一名有学籍的学生" if f.id_taken else "新身份证号未被其他学生使用",
    mend="核对号码；确有两人同号的，先由主管部门按问题学籍处理",
)  # fmt: skip
def id_taken(f: KeyInfoFacts) -> bool:
    """The new number belongs to another student with an active enrolment."""
    return f.id_taken


@KEY_INFO.forbids(
    "key_info.nothing_changed", clause="", says="新旧信息相同，没有需要变更的内容", label="信息有变化", basis=Basis.ASSUMED,
    fact=lambda f: "新旧信息完全相同" if f.old == f.new else "新旧信息不同", mend="填写变更后的信息",
)  # fmt: skip
def nothing_changed(f: KeyInfoFacts) -> bool:
    """Old and new are equal."""
    return f.old == f.new


forbid_open_business(KEY_INFO, "申请关键信息变更")
