"""An export of the national system as a workbook, with invented students."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook

from registry.roster.columns import TEMPLATE
from tests.world import COUNTY_SCHOOL, id_number

HEADERS = [column.header for column in TEMPLATE]


def pupil(serial: int, **more: Any) -> dict[str, Any]:
    """A girl in the second year of a senior high, her ID number sound."""
    birth = "20100305"
    return {
        "学校标识码": COUNTY_SCHOOL, "姓名": f"马海{chr(0x4E00 + serial)}", "性别": "女", "出生日期": birth, "民族": "回族",
        "身份证件类型": "居民身份证", "身份证件号": id_number(serial, sex="2", birth=birth), "班号": "2班", "入学年月": "202509",
        "籍贯": "甘肃广河", "成员1姓名": "马有福", "成员1联系电话": "13900000000",
    } | more  # fmt: skip


def export(rows: list[dict[str, Any]], headers: list[str] | None = None, above: list[list[Any]] = ()) -> bytes:
    """The workbook: what stands above, the headers, a row each."""
    headers = headers or [*HEADERS, *sorted({key for row in rows for key in row} - set(HEADERS))]
    book = Workbook()
    sheet = book.active
    for line in [*above, headers, *([row.get(header) for header in headers] for row in rows)]:
        sheet.append(line)
    output = BytesIO()
    book.save(output)
    return output.getvalue()
