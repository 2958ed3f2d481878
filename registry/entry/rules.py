"""The rule book of 小学、初中新生注册: few rules, for compulsory schooling takes in whoever comes (notice 二, 一（二）)."""

from dataclasses import dataclass
from datetime import date

from linxia_xueji.rules import Basis, RuleBook
from registry.enums import EntryArrival

ID_WORDS = {"id_length": "不是18位", "id_check": "校验码不符", "id_date": "第7至14位不是有效日期"}


@dataclass(frozen=True)
class EntrantFacts:
    """What the rules look at, for one child of the list.

    `urged`: times the school urged; `deferral`: whether an application for 延缓入学 with proof is there.
    `id_fault`: code of `identity.id_fault`, empty for a sound number and for another paper; `contradicted`: fields that
    the ID number says otherwise; `known_as`: whether the register has the number under another name.
    `former`: where a record of the same stage is open elsewhere, school and county and nothing else; `here`: whether one is
    open at this very school; `waiting`: where the student already waits to be taken in.
    """

    arrival: str
    urged: int = 0
    deferral: bool = False
    id_fault: str = ""
    contradicted: tuple[str, ...] = ()
    known_as: bool = False
    known: bool = False
    former: str = ""
    here: bool = False
    waiting: str = ""

    @property
    def reported(self) -> bool:
        """Whether the child is to be registered."""
        return self.arrival == EntryArrival.REPORTED


ENTRY = RuleBook("entry", "小学初中新生注册", "2022-5/1", date(2022, 8, 25))


@ENTRY.forbids(
    "enrolment.duplicate", clause="一（二）", says="人籍一致", label="同学段没有重复学籍", basis=Basis.INFERRED,
    fact=lambda f: "本校已有该生同学段学籍" if f.here else f"在{f.waiting}已有待转入学籍" if f.waiting else "没有重复学籍",
    mend="核对后移出名单；在别校待转入的，由该校先了结",
)  # fmt: skip
def duplicate(f: EntrantFacts) -> bool:
    """A record of the same stage at this very school, or one that already waits elsewhere."""
    return f.reported and (f.here or bool(f.waiting))


@ENTRY.forbids(
    "enrolment.id_invalid", clause="三（一）1", says="以实际户籍信息为准", label="身份证号有效", basis=Basis.INFERRED,
    fact=lambda f: f"身份证号{ID_WORDS[f.id_fault]}" if f.id_fault else "身份证号有效，或用其他证件",
    mend="对照户口簿核对；没有身份证号的，证件类型选“无”",
)  # fmt: skip
def id_invalid(f: EntrantFacts) -> bool:
    """Meant to be a resident ID number, and none (GB 11643)."""
    return bool(f.id_fault)


@ENTRY.leaves_discretion(
    "enrolment.id_contradiction", clause="三（一）1", says="以实际户籍信息为准", label="身份证号与性别、出生日期一致",
    basis=Basis.INFERRED, fact=lambda f: f"{'、'.join(f.contradicted)}与身份证号不一致" if f.contradicted else "一致",
    mend="对照户口簿核对，以户籍信息为准",
)  # fmt: skip
def id_contradiction(f: EntrantFacts) -> bool:
    """Sex or birth date as entered is not what the number says."""
    return f.reported and bool(f.contradicted)


@ENTRY.leaves_discretion(
    "enrolment.known_differently", clause="一（二）", says="人籍一致", label="与已有学籍记录是同一人", basis=Basis.INFERRED,
    fact=lambda f: "该身份证号在学籍库中为另一姓名" if f.known_as else "姓名与已有记录一致，或没有记录",
    mend="对照户口簿核对；注册后以学籍库信息为准，须更改的办理关键信息变更",
)  # fmt: skip
def known_differently(f: EntrantFacts) -> bool:
    """The register has the number under another name."""
    return f.reported and f.known_as


@ENTRY.requires(
    "enrolment.deferral", clause="二", says="延缓入学的，应当依法办理相关手续", label="延缓入学有申请和证明", basis=Basis.QUOTED,
    fact=lambda f: ("已登记申请和证明" if f.deferral else "没有申请和证明") if f.arrival == EntryArrival.DEFERRED else "不涉及",
    mend="在学生页面登记延缓入学申请，上传证明",
)  # fmt: skip
def deferral(f: EntrantFacts) -> bool:
    """延缓入学 without its application."""
    return f.arrival == EntryArrival.DEFERRED and not f.deferral


@ENTRY.leaves_discretion(
    "enrolment.compulsory_no_show", clause="二", says="由学校督促其入学，督促无效的由学生户口所在地或居住地的街道办事处或乡、镇人民政府责令其家长送学生入学",
    label="未报到的已督促", basis=Basis.QUOTED, fact=lambda f: (f"已督促{f.urged}次" if f.urged else "未报到，尚未督促")
    if f.arrival == EntryArrival.NO_SHOW else "不涉及", mend="登记督促记录", note="未督促时提交须说明理由为假定",
)  # fmt: skip
def compulsory_no_show(f: EntrantFacts) -> bool:
    """Did not come, and nobody has urged yet: the batch goes on, with a reason."""
    return f.arrival == EntryArrival.NO_SHOW and not f.urged


ENTRY.never_blocks(
    "enrolment.prior_registration", clause="一（二）",
    says="不应将学生之前有无学籍或学籍是否已转至接收地作为确定入学资格的必要条件，不得以学籍问题设置障碍",
    label="原学籍不作为条件", basis=Basis.QUOTED,
    fact=lambda f: f"学籍尚在{f.former}，注册为待转入" if f.former else "已有学生记录，沿用" if f.known else "没有原学籍，不影响注册",
)  # fmt: skip
