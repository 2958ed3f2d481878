"""The wording of the notice's two forms, once, for the preview, the PDF and the Excel alike.

Source: 临州教学管发〔2022〕5号, its 附件1 (headed 附表1:) and 附件2, character by character, punctuation included
(the notice mixes half-width and full-width; so do we). Blanks are written {name}. Only white space is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

ANNEX1_MARK = "附表1:"
ANNEX1_HEADING = "{year}届{county}普通高中新生学籍注册审批表"
ANNEX1_CAPTION = "普通高中新生学籍注册审批表"
ANNEX1_SCHOOL = "学校名称: {school}"
# Read by the sheet of a school the prefecture itself runs (临夏中学, 临夏回中): no county takes part.
ANNEX1_DIRECT = "临夏州直属"
SEAL = "单位盖章　　　年　　月　　日"

ANNEX2_MARK = "附件2"
ANNEX2_HEADING = "{year}届{division}普通高中学生学籍注册登记表"
ANNEX2_CAPTION = "普通高中学生学籍注册登记表"
ANNEX2_UNIT = "填表单位（盖章） {unit}"
# In the order of the form; the keys are the fields of Annex2Row.
ANNEX2_COLUMNS = {
    "student_number": "学号",
    "name": "姓名",
    "exam_number": "准考证号",
    "sex": "性别",
    "ethnicity": "民族",
    "birth_date": "出生日期",
    "id_number": "身份证号",
    "school_name": "高中就读学校",
    "score": "中考成绩",
}
ANNEX2_NOTE = "说明：按学号顺序由小到大排列。"
# Outside the frame: the form itself knows no such words.
ANNEX2_PROPOSED = "（拟注册学号）本表学号为拟注册学号，以省教育厅审批后下发的为准"

# On screen a blank says who fills it in; on paper it is an empty line.
OWN_HINT, PREFECTURE_HINT = "待填", "州级填"


@dataclass(frozen=True)
class Box:
    """A box of 附件1: whose opinion (in the lines it breaks into), its sentences, and who signs."""

    name: str
    label: tuple[str, ...]
    sentences: tuple[str, ...]
    signer: str
    hint: str


ANNEX1_BOXES = (
    Box(
        "school",
        ("学校呈报", "意见"),
        (
            "州、县下达普通高中招生计划: {plan}",
            "学校实际招生人数: {actual}",
            "学校申请注册学籍人数: {applied}",
            "申请注册学号: 自{first_number}号起, 至{last_number}号终",
        ),
        "学校负责人(签名)",
        OWN_HINT,
    ),
    Box(
        "county",
        ("县(市)", "教育局", "审批意见"),
        ("初中毕业生总人数: {graduates}", "教育局下达普通高中招生计划: {plan}", "同意申请注册学籍人数: {agreed}"),
        "县(市)教育局负责人(签名)",
        OWN_HINT,
    ),
    Box(
        "prefecture",
        ("州教育局", "审批意见"),
        ("经审核, 同意{agreed}名学生注册甘肃省普通高中学籍, 学号自{first}号起, 至{last}号终。",),
        "负责人(签字)",
        PREFECTURE_HINT,
    ),
)


@dataclass(frozen=True)
class Part:
    """A stretch of a sentence: fixed words, or a blank (`gap`) with what fills it, empty while nobody has."""

    text: str
    gap: bool = False
    hint: str = ""


def filled(sentence: str, values: Mapping[str, object], hint: str = "") -> tuple[Part, ...]:
    """A sentence of the form cut into words and blanks; values that are None or missing leave their blank empty."""
    parts: list[Part] = []
    for words, key, _, _ in Formatter().parse(sentence):
        if words:
            parts.append(Part(words))
        if key is not None:
            value = values.get(key)
            parts.append(Part("" if value is None else str(value), gap=True, hint=hint))
    return tuple(parts)
