"""What can be wrong with a row: codes, words and how to mend it."""

from dataclasses import asdict, dataclass

from registry.admissions.faults import ERROR, WARNING, Wording

WORDINGS = {
    "required": Wording("没有填写{column}", "请补填{column}"),
    "too_long": Wording("{column}有{length}个字符，超过{most}个", "请改短"),
    "code_shape": Wording("标识码“{value}”不是10位数字", "请按学校标识码填写全部10位，此列设为文本格式"),
    "code_kind": Wording(
        "标识码前两位{kind}不是本门户管理的办学类型", "请核对：21小学、31初中、34普通高中、36中等职业、51特殊教育"
    ),
    "code_province": Wording("标识码第3、4位是{value}，应为62（甘肃）", "请核对标识码"),
    "duplicate_in_file": Wording("与第{earlier}行的{column}重复", "请核对两行，删去多余的一行"),
    "name_duplicate": Wording("与第{earlier}行学校名称相同", "请核对是否同一所学校，确为两校可以导入", WARNING),
    "kind_stages": Wording("标识码表示{kind}，学段中没有{stage}", "请核对标识码和学段，确实如此可以导入", WARNING),
    "division_unknown": Wording("“{value}”不是本州的县市", "请从列表中选择，例如广河县"),
    "parent_unknown": Wording("管理范围内没有主管部门“{value}”", "请从列表中选择，例如广河县教育局"),
    "stage_unknown": Wording("“{value}”不是学段", "请填小学、初中、普通高中、职业高中，用顿号隔开"),
    "day_invalid": Wording("{column}“{value}”不是有效日期", "请按2026-09-01或20260901填写"),
    "day_late": Wording("启用日期{value}在今天之后", "请填今天或以前的日期"),
    "number_code_shape": Wording("学号学校码“{value}”不是4位数字", "请按州给定的4位数字填写"),
    "number_code_stage": Wording("不是普通高中，不应有学号学校码", "请删去，或核对学段"),
    "number_code_taken": Wording("学号学校码{value}已由{owner}使用", "请与州学管中心核对"),
    "school_differs": Wording("已有此标识码，{field}为{known}，与本行不同", "导入不改变已有单位，请改为一致或删去此行"),
    "school_foreign": Wording("此标识码的单位不在管理范围内", "请删去此行，由其主管部门导入"),
    "organisation_unknown": Wording("没有代码为{value}的机构", "请核对机构代码，或先在“单位”表中填写此学校"),
    "organisation_faulty": Wording("“单位”表中此学校所在行有错误", "请先改正“单位”表第{earlier}行"),
    "organisation_foreign": Wording("此机构不在管理范围内", "请删去此行，由其主管部门的账号管理员办理"),
    "organisation_name": Wording("此代码的机构是{known}", "请核对机构代码和名称", WARNING),
    "name_dot": Wording("姓名中的间隔号不是规范的“·”", "建议改为“{proposal}”", WARNING),
    "role_unknown": Wording("“{value}”不是岗位", "请从列表中选择，例如学籍管理员"),
    "role_level": Wording("{level}机构没有{value}岗位", "请核对机构代码和岗位"),
    "role_peer": Wording("本级账号管理员由上一级设立", "请删去此行"),
    "post_taken": Wording("此岗位由{known}担任", "请删去此行，在“人员与岗位”中办理交接"),
    "person_twice": Wording("与第{earlier}行同一机构、同一姓名", "一人只任一岗；确为同名两人可以导入", WARNING),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one cell.

    :param sheet: 单位 or 人员. :param row: as Excel counts it. :param column: the proper header.
    :param key: of the column. :param value: what stands in the cell. :param message: what is wrong. :param mend: what to do.
    """

    sheet: str
    row: int
    column: str
    key: str
    code: str
    severity: str
    message: str
    mend: str
    value: str = ""

    @property
    def sentence(self) -> str:
        """Both halves in one."""
        return f"{self.message}，{self.mend}"

    @property
    def is_error(self) -> bool:
        """Whether nothing can be imported because of it."""
        return self.severity == ERROR

    def as_json(self) -> dict[str, str | int]:
        """As it is kept on the upload."""
        return asdict(self)
