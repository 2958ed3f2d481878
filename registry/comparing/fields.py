"""What is compared: the fields, and which header of an export is proposed for each."""

from dataclasses import dataclass
from typing import Any

from registry.roster.columns import places_of, plain


@dataclass(frozen=True, slots=True)
class Field:
    """:param own: further headers that mean it, beyond those of the national export. :param number: shown masked."""

    key: str
    label: str
    own: tuple[str, ...] = ()
    number: bool = False


FIELDS = (
    Field("national_number", "全国学籍号", ("国网学籍号", "全国学籍编号"), number=True),
    Field("id_number", "身份证件号", ("证件号码", "证件号"), number=True),
    Field("name", "姓名"),
    Field("sex", "性别"),
    Field("birth", "出生日期", ("生日",)),
    Field("ethnicity", "民族"),
    Field("school", "学校", ("学校名称", "就读学校", "所在学校", "学校代码")),
    Field("county", "县市", ("县区", "区县", "所属县区", "所属县市")),
    Field("grade", "年级", ("就读年级",)),
    Field("status", "学籍状态", ("状态", "在籍状态")),
)
BY_KEY = {field.key: field for field in FIELDS}
COMPARED = ("national_number", "id_number", "name", "sex", "birth", "ethnicity", "school", "grade", "status")
"""Those whose values are held against each other; 县市 only says whose a student of an unknown school is."""
KNOWN_BY = ("national_number", "id_number")


def proposed(header: list[Any]) -> dict[str, int]:
    """Field → place, as far as the headers are known; the first of several."""
    national = places_of(header)
    texts = [plain(cell) for cell in header]
    found: dict[str, int] = {}
    for field in FIELDS:
        own = [texts.index(plain(word)) for word in field.own if plain(word) in texts]
        if at := [*national.get(field.key, []), *own]:
            found[field.key] = at[0]
    return found


def lacking(columns: dict[str, Any]) -> str:
    """Why these columns are not enough to compare by, or ""."""
    if "name" not in columns:
        return "请指明“姓名”是哪一列"
    if not any(key in columns for key in KNOWN_BY):
        return "请至少指明“全国学籍号”“身份证件号”中的一列，否则不能核对是谁"
    return ""
