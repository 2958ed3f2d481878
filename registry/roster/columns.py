"""The columns of the national exchange file (version 1.x, 71 of them), declared once, and three that exports add.

What the models hold today names its `key`; the others are kept as they came. Version 2.0 of the template is not at hand:
what it renames is added here as an alias.
"""

import difflib
import re
from dataclasses import dataclass
from typing import Any

from linxia_xueji.identity import half_width, without_blanks


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    :param key: what the models call it; the header itself where they do not hold it. :param header: of the template.
    :param plain: header as it stands where two heads are merged above each other; "" if it is the same.
    :param required: the list cannot be judged without it. :param held: whether the models hold it today.
    """

    key: str
    header: str
    plain: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    held: bool = False
    longest: int = 200
    text: bool = True


def _held(key: str, header: str, *aliases: str, required: bool = True, longest: int = 100) -> Column:
    return Column(key, header, aliases=aliases, required=required, held=True, longest=longest)


_FIRST = (
    _held("school", "学校标识码", "学校代码", "学校（机构）标识码"),
    _held("name", "姓名", "学生姓名"),
    _held("sex", "性别", "性别码"),
    _held("birth", "出生日期", "出生年月日"),
    "出生地行政区划代码",
    "籍贯",
    _held("ethnicity", "民族", "民族码"),
    "国籍/地区",
    _held("id_type", "身份证件类型", "证件类型", "身份证件类型码"),
    "港澳台侨外",
    "健康状况",
    "政治面貌",
    _held("id_number", "身份证件号", "身份证号", "身份证件号码", "身份证号码", required=True, longest=30),
    "户口性质",
    "户口所在地行政区划",
    _held("school_class", "班号", "班级", "班级名称", longest=20),
    _held("entry", "入学年月", "入学日期"),
)
_REST = (
    "入学方式 就读方式 现住址 通信地址 家庭地址 联系电话 邮政编码 是否独生子女 是否受过学前教育 是否留守儿童 是否需要申请资助 是否享受一补 "
    "是否孤儿 是否烈士或优抚子女 上下学距离 上下学方式 是否需要乘坐校车 曾用名 身份证件有效期 血型 特长 学籍辅号 班内学号 学生来源 电子信箱 "
    "主页地址 残疾类型 是否由政府购买学位 随班就读"
).split()
_MEMBER = "姓名 关系 关系说明 现住址 户口所在地行政区划 联系电话 是否监护人 身份证件类型 身份证件号 民族 工作单位 职务".split()
TEMPLATE: tuple[Column, ...] = (
    *(c if isinstance(c, Column) else Column(c, c) for c in _FIRST),
    *(Column(header, header) for header in _REST),
    *(
        Column(f"{member}{header}", f"{member}{header}", plain=header, aliases=(f"家庭{member}{header}",))
        for member in ("成员1", "成员2")
        for header in _MEMBER
    ),
    Column("是否进城务工人员随迁子女", "是否进城务工人员随迁子女", aliases=("是否随迁子女",)),
)
"""The 71 columns in the order of the template."""
EXTRAS = (
    _held("national_number", "全国学籍号", "学籍号", required=False, longest=30),
    _held("grade", "年级", "所在年级", required=False, longest=20),
    _held("status", "学籍状态", "学生状态", "学生当前状态", required=False, longest=20),
)
"""Columns that exports add to the template (assumed)."""
COLUMNS = (*TEMPLATE, *EXTRAS)
BY_KEY = {column.key: column for column in COLUMNS}
REQUIRED = tuple(column for column in COLUMNS if column.required)

_DECORATION = re.compile(r"[*※☆★:]|\((必填|选填|必选|可不填)\)|\[.*?\]")


def plain(header: Any) -> str:
    """A header without blanks, widths, asterisks and (必填)."""
    return _DECORATION.sub("", half_width(without_blanks(header))) if isinstance(header, str) else ""


_NAMED = {plain(text): column.key for column in COLUMNS for text in (column.header, *column.aliases)}
_REPEATED: dict[str, list[str]] = {}
for _column in COLUMNS:
    if _column.plain:
        _REPEATED.setdefault(plain(_column.plain), []).append(_column.key)


def places_of(header: list[Any]) -> dict[str, list[int]]:
    """Column → where it stands in a row of headers. Under merged heads a member's columns bear the plain name again."""
    places: dict[str, list[int]] = {}
    texts = [plain(cell) for cell in header]
    merged = "关系" in texts
    for index, text in enumerate(texts):
        key = _NAMED.get(text)
        if merged and text in _REPEATED and (key is None or key in places):
            key = next((k for k in _REPEATED[text] if k not in places), key)
        if key:
            places.setdefault(key, []).append(index)
    return places


def unknown_headers(header: list[Any]) -> list[tuple[str, str]]:
    """Headers that mean no column, each with the missing column it resembles, or ""."""
    places = places_of(header)
    known = {index for at in places.values() for index in at}
    missing = [column.header for column in COLUMNS if column.key not in places]
    found = []
    for index, cell in enumerate(header):
        if index not in known and (text := plain(cell)):
            close = difflib.get_close_matches(text, missing, n=1, cutoff=0.6)
            found.append((text[:40], close[0] if close else ""))
    return found
