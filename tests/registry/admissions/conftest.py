"""A list of one student without fault, and workbooks made of changed rows."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from registry.admissions.check import Report, check_file
from registry.admissions.columns import COLUMNS
from registry.admissions.lookups import Lookups

HEADERS = [column.header for column in COLUMNS]

SOUND: dict[str, Any] = {
    "序号": 1,
    "准考证号": "2213000004",
    "姓名": "韩明",
    "性别": "女",
    "民族": "土族",
    "出生日期": "2006-04-21",
    "身份证号": "622926200604210647",
    "报名县市": "临夏市",
    "录取学校": "临夏中学",
    "中考成绩": 488.2,
}

LOOKUPS = Lookups(
    year=2022,
    county_names={
        "622901": ("临夏市", "临夏市"),
        "622921": ("临夏县", "临夏县"),
        "622922": ("康乐县", "康乐县"),
        "622923": ("永靖县", "永靖县"),
        "622924": ("广河县", "广河县"),
        "622925": ("和政县", "和政县"),
        "622926": ("东乡族自治县", "东乡县"),
        "622927": ("积石山保安族东乡族撒拉族自治县", "积石山县"),
    },
    school_names={
        "3462900001": ("临夏中学",),
        "3462900002": ("临夏回中",),
        "3462990001": ("临夏市示例第一中学",),
        "3462990007": ("东乡县示例第二中学", "东乡县旧示例中学"),
    },
)


def make_workbook(rows: list[list[Any]], *, title: str = "录取名单") -> bytes:
    """An .xlsx of these rows; text stays text whatever it begins with."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place, value)
            if isinstance(value, str) and value:
                cell.data_type = "s"
            if type(value) is date:
                cell.number_format = "yyyy-mm-dd"
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def make_list(*changes: dict[str, Any]) -> bytes:
    """A list with one row for each change made to the sound student."""
    return make_workbook([HEADERS, *([(SOUND | change)[header] for header in HEADERS] for change in changes)])


@pytest.fixture
def lookups() -> Lookups:
    return LOOKUPS


@pytest.fixture
def sound() -> dict[str, Any]:
    """The cells of a student without fault, by header."""
    return dict(SOUND)


@pytest.fixture
def workbook_of() -> Callable[..., bytes]:
    """Rows → .xlsx."""
    return make_workbook


@pytest.fixture
def list_of() -> Callable[..., bytes]:
    """Changes → .xlsx with header."""
    return make_list


@pytest.fixture
def check(lookups: Lookups) -> Callable[..., Report]:
    """Changes → report."""
    return lambda *changes: check_file(make_list(*changes), lookups)
