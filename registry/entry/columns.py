"""The columns of the list of children, declared once for the template, the check and the marked file; ours (assumed)."""

from linxia_xueji.identity import check_character
from registry.offices.columns import Column, Table

_SAMPLE_ID = "62290020200101001"

CHILDREN = Table(
    "新生名单",
    (
        Column("serial", "序号", "可不填", "示例", required=False, width=7),
        Column("name", "姓名", "与户口簿一致，间隔号用“·”（U+00B7）", "示例·学生", aliases=("学生姓名",), width=16, longest=50, text=True),
        Column("id_type", "证件类型", "居民身份证、其他、无；不填按居民身份证", "居民身份证", required=False,
               aliases=("身份证件类型",), choices="证件类型"),
        Column("id_number", "证件号码", "文本格式；居民身份证必填，没有证件的不填", _SAMPLE_ID + check_character(_SAMPLE_ID),
               required=False, aliases=("身份证号", "身份证件号", "身份证号码"), width=22, text=True),
        Column("sex", "性别", "有身份证号的可不填", "男", required=False, choices="性别", width=8),
        Column("birth_date", "出生日期", "有身份证号的可不填，例如20200101", "20200101", required=False),
        Column("ethnicity", "民族", "例如东乡族；学籍库中已有的学生可不填", "东乡族", required=False, choices="民族"),
        Column("township", "乡镇（街道）", "户口所在地或居住地所属", "示例镇", aliases=("乡镇", "街道", "乡镇街道"), width=18, longest=60),
        Column("guardian_name", "监护人姓名", "父母或其他监护人", "示例", required=False, aliases=("监护人",), longest=50, text=True),
        Column("guardian_phone", "监护人电话", "文本格式", "13800000000", required=False, aliases=("联系电话",), width=16,
               longest=20, text=True),
        Column("school_class", "班级", "已编班的填写", "1班", required=False, longest=20, width=10),
        Column("former_outside", "州外原学籍学校", "同学段学籍在州外的填写", "", required=False, width=22, longest=100),
    ),
)  # fmt: skip
