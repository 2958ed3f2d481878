"""The columns of the two sheets, declared once for the check, the template and the marked file."""

from dataclasses import dataclass
from typing import Any

from registry.admissions.columns import plain

SAMPLE_CODE = "2162999999"
"""No school has it; the sample rows bear it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    :param key: field of the row. :param header: as the template writes it. :param note: how to fill it in.
    :param sample: of the sample row. :param width: in characters. :param longest: most characters, 0 for no limit.
    :param text: kept as text in Excel. :param choices: name of the drop-down list, "" for none.
    """

    key: str
    header: str
    note: str
    sample: str
    required: bool = True
    aliases: tuple[str, ...] = ()
    width: int = 14
    longest: int = 0
    text: bool = False
    choices: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: what it is called and its columns."""

    name: str
    columns: tuple[Column, ...]

    @property
    def by_key(self) -> dict[str, Column]:
        """Columns by key."""
        return {column.key: column for column in self.columns}

    def column_of(self, header: Any) -> Column | None:
        """The column a header cell means, whatever its blanks, widths and asterisks; None for one of the user's own."""
        if not isinstance(header, str):
            return None
        wanted = plain(header)
        for column in self.columns:
            if wanted in map(plain, (column.header, *column.aliases)):
                return column
        return None


_SERIAL = Column("serial", "序号", "可不填", "示例", required=False, width=7)

SCHOOLS = Table(
    "单位",
    (
        _SERIAL,
        Column("code", "标识码", "文本格式，10位：2位办学类型、62、6位序号；教学点同样填写", SAMPLE_CODE,
               aliases=("学校标识码", "学校（机构）标识码", "单位标识码"), text=True),
        Column("name", "学校名称", "公章上的全称", "示例县示例小学", aliases=("单位名称", "学校全称"), width=30, longest=80),
        Column("short_name", "简称", "列表中显示；不填同全称", "示例小学", required=False, width=18, longest=40),
        Column("division", "所在县市", "学校所在地，从列表中选择", "广河县", aliases=("所在区划", "县市"), choices="所在县市"),
        Column("parent", "主管部门", "由谁管理，与所在地可以不同，从列表中选择", "广河县教育局", width=26, choices="主管部门",
               aliases=("主管机构", "举办者")),
        Column("stages", "办学学段", "小学、初中、普通高中、职业高中，几个学段用顿号隔开；九年一贯制填小学、初中", "小学",
               aliases=("学段",), width=22, choices="办学学段"),
        Column("valid_from", "启用日期", "在本门户开始使用的日期；不填按本年1月1日", "2026-01-01", required=False,
               aliases=("设立日期",)),
        Column("number_code", "学号学校码", "仅普通高中，4位，由州给定", "", required=False, text=True, width=12),
        Column("urban_area", "所在城区", "学校在城区的填城区名称，例如临夏城区", "", required=False, longest=40),
    ),
)  # fmt: skip

PEOPLE = Table(
    "人员",
    (
        _SERIAL,
        Column("code", "机构代码", "文本格式，学校填10位标识码，主管部门填6位区划代码", SAMPLE_CODE,
               aliases=("单位代码",), text=True),
        Column("organisation", "机构名称", "只供核对，可不填", "示例县示例小学", required=False, width=30),
        Column("full_name", "姓名", "与证件一致，间隔号用“·”（U+00B7）", "示例·人员", aliases=("人员姓名",), width=16,
               longest=50, text=True),
        Column("role", "岗位", "从列表中选择", "学籍管理员", choices="岗位"),
        Column("title", "岗位说明", "同一机构有几个相同岗位时用来区别，例如初中部", "", required=False, longest=40),
        Column("starts_on", "任职起", "例如2026-09-01或20260901", "2026-09-01", aliases=("任职日期", "任职时间")),
        Column("document_number", "任命文号", "任命文件的文号", "示教人〔2026〕1号", aliases=("文号",), width=24, longest=60),
    ),
)  # fmt: skip

TABLES = (SCHOOLS, PEOPLE)
