"""The OpenAPI 3.1 description, written from the declarations the interface itself reads."""

from typing import Any

from registry.api.fields import fields_of
from registry.api.parameters import COUNTS, ROSTERS, SCHOOLS, Parameter
from registry.enums import ApiPurpose
from registry.rosters.columns import COLUMNS

_TEXT, _NUMBER = {"type": "string"}, {"type": "integer", "minimum": 0}
_DAY = {"type": "string", "format": "date"}


def _closed(properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    names = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_STUDENT = _closed({code: {"type": "string", "description": c.label} for code, c in COLUMNS.items()}, ())
_GROUP = _closed({"group": _TEXT, "figures": {"type": "object", "additionalProperties": _NUMBER}, "total": _NUMBER})
_SCHOOL = _closed({name: _TEXT for name in ("code", "name", "authority_code", "authority")})
_PROBLEM = _closed({"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT})
ANSWERS: dict[str, tuple[str, str, tuple[Parameter, ...], dict[str, Any]]] = {
    "/api/v1/counts/": (
        "counts", "人数统计：截至某日按一项或两项分组的人数，休学另计", COUNTS,
        _closed({"day": _DAY, "by": _TEXT, "across": _TEXT, "groups": _list(_GROUP), "total": _NUMBER}),
    ),
    "/api/v1/rosters/": (
        "rosters", "花名册：截至某日的学生，只含该令牌用途所需的栏目，分页读取", ROSTERS,
        _closed({
            "day": _DAY, "purpose": _TEXT, "students": _list(_STUDENT), "next": {"type": ["integer", "null"]},
        }),
    ),
    "/api/v1/schools/": ("schools", "令牌可读取的学校", SCHOOLS, _closed({"schools": _list(_SCHOOL)})),
}  # fmt: skip
"""Path → operation, what it tells, its parameters and the schema of the answer."""
PROBLEMS = {
    401: "没有令牌，或令牌无效、已停用、已过期", 404: "没有该日的数据或该地址", 405: "只能读取", 422: "参数有误",
    429: "访问过于频繁", 500: "没有读取成功",
}  # fmt: skip


def description(site: str) -> dict[str, Any]:
    """The document. :param site: address of the portal, ending in a stroke."""
    purposes = "；".join(f"{p.label}：{'、'.join(c.label for c in fields_of(p))}" for p in ApiPurpose)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "临夏州中小学学籍数据接口", "version": "1",
            "description": f"只读。各用途的花名册栏目（假定）为——{purposes}。每次读取记入使用量，读取花名册另行留痕。",
        },
        "servers": [{"url": site.rstrip("/")}],
        "security": [{"token": []}],
        "paths": {path: {"get": _operation(*answer)} for path, answer in ANSWERS.items()},
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }  # fmt: skip


def _operation(name: str, says: str, declared: tuple[Parameter, ...], schema: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": _PROBLEM}}
    return {
        "operationId": name,
        "summary": says,
        "parameters": [
            {"name": p.name, "in": "query", "required": False, "description": p.says, "schema": p.schema}
            for p in declared
        ],
        "responses": {
            "200": {"description": "读取的数据", "content": {"application/json": {"schema": schema}}},
            **{str(status): {"description": words, "content": problem} for status, words in PROBLEMS.items()},
        },
    }
