"""The papers that rules name, each declared once: the rules that ask for them and the pages that take them share it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """One paper of a business, and the rule that asks for it.

    `code` is how facts and stored proofs call it, unique within the business. `original` (原件): the head attests to have
    seen the original. `attested`: the head attests that signature and seal are there. `shared`: one paper may speak of
    several students, as the household register of siblings; its scan may be used again.
    """

    code: str
    label: str
    business: str
    rule: str
    hint: str
    original: bool = False
    attested: bool = False
    shared: bool = False


def _slot(business: str, code: str, label: str, hint: str, **more: bool) -> Slot:
    return Slot(code, label, business, f"{business}.doc.{code}", hint, **more)


SLOTS: tuple[Slot, ...] = (
    _slot("transfer", "base_info_sheet", "学生学籍基础信息表", "转出学校从学籍系统打印并盖章，整页拍照或扫描", attested=True),
    _slot("transfer", "household_register", "《居民户口簿》等相关证明材料", "户主页和学生本人页", original=True, shared=True),
    _slot(
        "transfer", "both_principals", "转入、转出学校校长签字盖章的转学意见", "两校校长签字、两校公章均须齐全", attested=True
    ),
    _slot("transfer", "academic_results", "学业水平考试成绩等相关证明材料", "由相关部门出具", attested=True),
    _slot("suspension", "application", "学生休学申请", "写明原因和起止日期，监护人签字", attested=True),
    _slot("suspension", "medical", "医院证明", "因病休学的诊断证明或住院材料", original=True),
    _slot("resumption", "application", "学生复学申请", "监护人签字", attested=True),
    _slot("resumption", "recovery", "医院康复证明", "因病休学的，证明可以返校学习", original=True),
    _slot("withdrawal", "application", "学生退学申请", "学生和监护人签字，原件由学校留存", attested=True),
    _slot("withdrawal", "report", "学校报告等材料", "学校报告盖章，原件由学校留存", attested=True),
    _slot("key_info", "household_proof", "户籍主管部门出具的证明（原件）", "原件拍照或扫描，图像规整清晰完整", original=True, shared=True),
    _slot("expulsion", "document", "学校除名文件", "文号、日期、公章齐全", attested=True),
    _slot("death", "proof", "死亡证明材料", "医院、公安或民政部门出具", original=True),
    _slot("abroad", "proof", "出国（境）证明材料", "签证、境外学校录取通知等", original=True),
    _slot("problem_evidence", "proof", "证明登记信息属实的材料", "户口簿、公安机关证明、出生医学证明等", original=True),
    _slot("problem_deletion", "proof", "证明重复登记的材料", "户口簿、两校就读情况等，能证明是同一人", original=True),
    _slot("problem_deletion", "report", "学校情况说明", "写明删除哪一份、保留哪一份和原因，盖章", attested=True),
)  # fmt: skip


def slots_of(business: str) -> tuple[Slot, ...]:
    """The papers of a business, in the order of its rules."""
    return tuple(slot for slot in SLOTS if slot.business == business)


def slot_of(business: str, code: str) -> Slot:
    """One paper. :raises KeyError: where the business has none of that code."""
    found = next((slot for slot in slots_of(business) if slot.code == code), None)
    if found is None:
        raise KeyError(f"{business}.{code}")
    return found
