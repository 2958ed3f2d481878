"""What can be wrong with a row of the list: codes (stable, other programs read them), words and how to mend it."""

from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Wording:
    """How one kind of fault is told: `says` what is wrong, `mend` what to do; both may use {column} and {value}."""

    says: str
    mend: str
    severity: str = ERROR


WORDINGS = {
    "required": Wording("没有填写{column}", "请补填{column}"),
    "too_long": Wording("{column}有{length}个字符，超过{most}个", "请与证件核对后改正"),
    "number_lost": Wording(
        "{column}是数字格式，Excel只保留15位有效数字，后面的数字已经丢失",
        "请先把此列设为文本格式，再按证件重新填写全部号码",
    ),
    "id_length": Wording("身份证号有{length}位，应为18位", "请按证件补全或删去多余字符，不要使用科学计数"),
    "id_check": Wording("身份证号与校验码不符，其中有错误的字符", "请与证件逐位核对后改正"),
    "id_date": Wording("身份证号第7至14位不是有效日期", "请与证件核对后改正"),
    "duplicate_in_file": Wording("与第{earlier}行的{column}重复", "请核对两行，删去多余的一行或改正{column}"),
    "name_dot": Wording("姓名中的间隔号不是规范的“·”", "建议改为“{proposal}”", WARNING),
    "name_doubtful": Wording("姓名中有不像姓名用字的字符“{character}”", "请与证件核对，生僻字请录入原字", WARNING),
    "sex_unknown": Wording("性别“{value}”无法识别", "请填男或女"),
    "sex_mismatch": Wording("性别与身份证号不一致，身份证号第17位表示{expected}", "请与证件核对后改正性别或身份证号"),
    "ethnicity_unknown": Wording("没有“{value}”这个民族", "请填56个民族的规范名称，例如东乡族"),
    "birth_invalid": Wording("出生日期“{value}”不是有效日期", "请按2007-09-01或20070901填写"),
    "birth_mismatch": Wording(
        "出生日期与身份证号不一致，身份证号中为{expected}", "请与证件核对后改正出生日期或身份证号"
    ),
    "county_unknown": Wording("“{value}”不是本州的县市", "请填本州八个县市之一，例如积石山县"),
    "school_unknown": Wording("“{value}”不是本州的普通高中", "请填本州普通高中的全称；州外学校的学生不在此名单导入"),
    "school_locked": Wording(
        "该生已在{value}提交的批次中，不能改录取学校", "请先由该校撤回批次或由审核单位核减该生，再导入"
    ),
    "id_in_force": Wording("此身份证号已在本年名单中，其准考证号为{value}", "请核对两人的准考证号和身份证号"),
    "score_invalid": Wording("中考成绩“{value}”不是有效的分数", "请填最多两位小数的数字{maximum}，不要夹带字母"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one cell.

    :param row: as Excel counts it.
    :param column: the column's proper header, whatever the file calls it.
    :param name: the student's name, to find the row by; may be empty.
    :param value: what stands in the cell; numbers that could be an identity number are masked.
    :param message: what is wrong. :param mend: how to mend it.
    """

    row: int
    column: str
    code: str
    severity: str
    message: str
    mend: str
    name: str = ""
    value: str = ""

    @property
    def sentence(self) -> str:
        """Both halves as one sentence without full stop."""
        return f"{self.message}，{self.mend}"

    @property
    def is_error(self) -> bool:
        """Whether the row cannot be imported because of it."""
        return self.severity == ERROR
