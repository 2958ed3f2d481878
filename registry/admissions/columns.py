"""The columns of the admission list, declared once for the check, the template, the marked file and exports."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linxia_xueji.identity import half_width, id_fault, without_blanks
from registry.admissions import cells
from registry.admissions.cells import Cell
from registry.admissions.lookups import Lookups


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    :param key: attribute of `AdmissionRow` and field of exports. :param header: as the examination office writes it.
    :param read: cell → value, None where it cannot be read; a column without it is nobody's business. :param fault: code reported for that None.
    :param note: how to fill it in, shown in the template. :param sample: of the sample row.
    :param width: in characters. :param longest: most characters it may have, 0 for no limit.
    :param regular: of a column whose cells all differ: whether a text is itself the value, without fault, as most are.
    :param text: kept as text in Excel, because it would lose digits as a number.
    :param choices: name of the drop-down list in the template, "" for none.
    """

    key: str
    header: str
    read: Callable[[Cell, Lookups], Any] | None
    note: str
    sample: str
    fault: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = True
    width: int = 12
    longest: int = 0
    regular: Callable[[str], Any] | None = None
    text: bool = False
    choices: str = ""


COLUMNS = (
    Column("serial", "序号", None, "可不填", "示例", required=False, width=7),
    Column(
        "exam_number", "准考证号", cells.exam_number, "文本格式，按准考证填写，全表不得重复", "2213999999",
        fault="number_lost", aliases=("准考证号码", "考号", "中考准考证号"), width=16, longest=20, text=True,
        regular=re.compile("[0-9A-Za-z]{1,20}").fullmatch,
    ),
    Column(
        "name", "姓名", cells.name, "与户口簿一致；少数民族姓名的间隔号用“·”（U+00B7），可达50个字以上", "示例·学生",
        aliases=("学生姓名", "考生姓名"), width=18, longest=100, text=True,
        regular=re.compile("[\u4e00-\u9fff]{1,100}").fullmatch,
    ),
    Column("sex", "性别", cells.sex, "男或女", "女", fault="sex_unknown", width=7, choices="性别"),
    Column("ethnicity", "民族", cells.ethnicity, "从列表中选择，例如东乡族", "东乡族",
           fault="ethnicity_unknown", width=11, choices="民族"),
    Column("birth", "出生日期", cells.birth, "例如2007-09-01或20070901", "1949-12-31",
           fault="birth_invalid", aliases=("出生年月日",), width=13),
    Column(
        "id_number", "身份证号", cells.id_number, "文本格式，18位，末位X大写", "11010519491231002X",
        aliases=("身份证号码", "居民身份证号", "居民身份证号码", "公民身份号码", "身份证件号"), width=22, text=True,
        regular=lambda text: id_fault(text) is None,
    ),
    Column(
        "county", "报名县市", cells.county, "中考报名所在县市，从列表中选择", "积石山县",
        fault="county_unknown", aliases=("报名县", "报名县区", "报名县(市)"), width=14, choices="报名县市",
    ),
    Column(
        "school", "录取学校", cells.school, "本州普通高中的全称，从列表中选择", "临夏中学",
        fault="school_unknown", aliases=("录取高中", "录取学校名称"), width=26, choices="录取学校",
    ),
    Column("score", "中考成绩", cells.score, "数字，最多两位小数", "600.5",
           fault="score_invalid", aliases=("中考总分", "中考总成绩"), width=11),
)  # fmt: skip

BY_KEY = {column.key: column for column in COLUMNS}
REASONS = "问题"
"""Header of the column of reasons in files handed back."""

SAMPLE_MARK = "示例"
"""Stands in 序号 of the template's sample row; a row so marked is not read."""

_DECORATION = re.compile(r"[*※☆★:]|\((必填|选填|必选|可不填)\)|\[.*?\]")


def plain(header: str) -> str:
    """A header without what people put around it: blanks, widths, asterisks, 必填."""
    return _DECORATION.sub("", half_width(without_blanks(header)))


_BY_HEADER = {plain(spelling): column for column in COLUMNS for spelling in (column.header, *column.aliases)}


def column_of(header: Any) -> Column | None:
    """The column a header cell means, whatever its blanks, widths and asterisks; None for one of the user's own."""
    return _BY_HEADER.get(plain(header)) if isinstance(header, str) else None
