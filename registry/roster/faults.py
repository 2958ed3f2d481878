"""What can be wrong with a row of the national export: codes, words and how to mend it."""

from registry.admissions.faults import WARNING, Fault, Wording
from registry.admissions.faults import WORDINGS as SHARED

# Two things an existing register may hold although they contradict each other: the household record decides
# (key_info.id_contradiction), so they are told and do not stop the row.
_TOLD = {
    code: Wording(
        SHARED[code].says.replace("身份证号", "身份证件号"), "请与户口簿核对，确有错误的按关键信息变更办理", WARNING
    )
    for code in ("sex_mismatch", "birth_mismatch")
}
WORDINGS: dict[str, Wording] = {
    **{
        code: SHARED[code]
        for code in (
            "required", "too_long", "number_lost", "id_length", "id_check", "id_date", "duplicate_in_file", "name_dot",
            "name_doubtful", "sex_unknown", "ethnicity_unknown", "birth_invalid",
        )
    },
    **_TOLD,
    "school_unknown": Wording("没有学校标识码为“{value}”的学校", "请按10位学校标识码填写"),
    "school_not_yours": Wording("{school}不由本单位管理", "请删去此行，由其主管单位导入"),
    "entry_invalid": Wording("入学年月“{value}”不是有效年月", "请按202409填写"),
    "entry_future": Wording("入学年月“{value}”晚于今日", "请核对入学年月"),
    "new_entrant": Wording("本学年高一新生不在此导入", "请按新生学籍注册办理：计划外不建一个学籍"),
    "grade_unknown": Wording("年级“{value}”无法识别", "请填一年级至九年级、高一至高三"),
    "stage_unknown": Wording("{school}办有{stages}，不能判断学段", "请增加“年级”一列后填写年级"),
    "stage_not_taught": Wording("{school}没有开设{value}所在的学段", "请核对学校标识码和年级"),
    "grade_passed": Wording("按入学年月推算已过{stage}最高年级", "已毕业的不导入；仍在校的请增加“年级”一列填写现读年级"),
    "grade_differs": Wording("按入学年月推算应为{expected}，表中为{value}", "请核对；确属留级、休学后复学的可以导入", WARNING),
    "status_unknown": Wording("学籍状态“{value}”不导入", "只导入在读和休学的学生"),
    "code_unknown": Wording("“{value}”不在{standard}所列之中", "请核对；照原样保存和导出，可以导入", WARNING),
    "national_invalid": Wording(
        "全国学籍号应为19位，以G、L或J开头", "请从全国学籍系统导出的文件中复制，保持文本格式"
    ),
    "registered_elsewhere": Wording(
        "该生已在{where}有{bucket}学籍", "请与该校核实：已转走的由转出学校办理，重复的按问题学籍处理"
    ),
    "facts_differ": Wording("与门户中该生的{fields}不一致", "请核对；需更改的按关键信息变更办理"),
    "grade_in_register": Wording("门户中该生为{present}", "升级、留级不在此导入，请核对年级"),
    "taken_number": Wording("此全国学籍号已属于另一名学生", "请核对全国学籍号和身份证件号"),
    "perhaps_here": Wording(
        "本校已有同名、同性别、同出生日期的学生，两人都没有可核对的号码", "请核对是否同一人，同一人的不再导入"
    ),
}  # fmt: skip
BLOCKS = ("registered_elsewhere", "facts_differ", "grade_in_register", "taken_number", "perhaps_here")
"""Codes that come from comparing with the register, not from the file."""


def fault(*, row: int, column: str, code: str, name: str = "", value: str = "", **words: str) -> Fault:
    """A fault in the words of its code."""
    wording = WORDINGS[code]
    known = {"column": column, "value": value, **words}
    return Fault(
        row=row, column=column, code=code, severity=wording.severity, message=wording.says.format(**known),
        mend=wording.mend.format(**known), name=name, value=value,
    )  # fmt: skip
