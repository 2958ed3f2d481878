"""What may be asked, each parameter declared once: what the description says of it is how it is read."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from linxia_xueji.enums import Stage
from registry.enums import Boarding, EnrolmentState, LeftBehind
from registry.rosters.dimensions import ACROSS, BY

_DAY, _NUMBER = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII), re.compile(r"0|-?[1-9]\d*", re.ASCII)
LARGEST_PAGE = 200


class WrongParameter(ValueError):
    """A parameter nobody can answer; the sentence says which and what to do."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, what it means and its JSON schema."""

    name: str
    says: str
    schema: dict[str, Any]

    def read(self, text: str) -> Any:
        """Its value. :raises WrongParameter: where the schema does not allow it."""
        schema = self.schema
        if schema.get("format") == "date":
            return self._day(text)
        if schema["type"] == "integer":
            return self._number(text)
        if "enum" in schema and text not in schema["enum"]:
            raise WrongParameter(f"参数{self.name}只能是：{'、'.join(schema['enum'])}")
        if "pattern" in schema and not re.search(schema["pattern"], text, re.ASCII):
            raise WrongParameter(f"参数{self.name}须符合{schema['pattern']}")
        return text

    def _day(self, text: str) -> date:
        try:
            if not _DAY.fullmatch(text):
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError as error:
            raise WrongParameter(f"参数{self.name}须是日期，如2026-09-16") from error

    def _number(self, text: str) -> int:
        low, high = self.schema["minimum"], self.schema["maximum"]
        if len(text) > 20 or not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
            raise WrongParameter(f"参数{self.name}须是{low}到{high}的整数")
        return int(text)


def _one_of(name: str, says: str, values: Any, default: str | None = None) -> Parameter:
    schema = {"type": "string", "enum": list(values)} | ({"default": default} if default else {})
    return Parameter(name, says, schema)


def _number(name: str, says: str, low: int, high: int, **more: Any) -> Parameter:
    return Parameter(name, says, {"type": "integer", "minimum": low, "maximum": high, **more})


def _code(name: str, says: str, length: int) -> Parameter:
    return Parameter(name, says, {"type": "string", "pattern": f"^[0-9]{{{length}}}$", "maxLength": length})


def _words(choices: Any) -> str:
    return "、".join(f"{code}{word}" for code, word in choices)


DAY = Parameter("day", "截至日期，默认为今天；不能晚于今天", {"type": "string", "format": "date"})
COUNTY, SCHOOL = _code("county", "县级主管部门的区划代码", 6), _code("school", "学校标识码", 10)
STAGE = _one_of("stage", f"学段：{_words(Stage.choices)}", Stage.values)
GRADE = _number("grade", "年级，1至12", 1, 12)
WHERE = (DAY, COUNTY, SCHOOL, STAGE, GRADE)
COUNTS = (
    *WHERE,
    _one_of("by", "按什么分组", [code for code in BY if code != "class"], "school"),
    _one_of("across", "组内再按什么分", ACROSS, "state"),
)
ROSTERS = (
    *WHERE,
    _one_of("boarding", f"就读方式：{_words(Boarding.choices)}", Boarding.values),
    _one_of("left_behind", f"是否留守儿童：{_words(LeftBehind.choices)}", LeftBehind.values),
    _one_of("state", f"学籍状态：{_words(EnrolmentState.choices)}", EnrolmentState.values),
    _number("after", "上一页返回的next；第一页不填", 0, 2**63 - 1),
    _number("limit", "每页人数", 1, LARGEST_PAGE, default=100),
)
SCHOOLS = (COUNTY,)


def read(declared: tuple[Parameter, ...], query: QueryDict) -> dict[str, Any]:
    """The parameters that were given. :raises WrongParameter: for one unknown, given twice or out of its schema."""
    known = {parameter.name: parameter for parameter in declared}
    for name, values in query.lists():
        if name not in known:
            raise WrongParameter(f"没有参数{name[:40]}，可用的有：{'、'.join(known)}")
        if len(values) > 1:
            raise WrongParameter(f"参数{name}只能填一次")
    return {name: known[name].read(query[name]) for name in query}
