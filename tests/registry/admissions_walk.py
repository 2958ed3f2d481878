"""A list with a fault and a clean row: taken in, checked, staged, its clean rows imported."""

from io import BytesIO

from openpyxl import Workbook

from linxia_xueji.identity import check_character
from registry.admissions import importing, staging
from registry.admissions.columns import COLUMNS
from registry.models import AdmissionUpload
from tests.world import COUNTY_SCHOOL, PREFECTURE


def sound_number(like: str) -> str:
    """The number with its right last character."""
    return like[:17] + check_character(like[:17])


def list_of(world, number: str, score: float = 488.2) -> bytes:
    """Two students: one without fault, one with a number that is itself wrong."""
    school, book = world.organisation(COUNTY_SCHOOL), Workbook()
    clean = {
        "序号": 1, "准考证号": "2613999001", "姓名": "韩明", "性别": "男", "民族": "回族", "出生日期": "2010-03-05",
        "身份证号": number, "报名县市": school.division.name, "录取学校": school.name, "中考成绩": score,
    }  # fmt: skip
    faulty = clean | {
        "序号": 2,
        "准考证号": "2613999002",
        "出生日期": "2010-03-06",
        "身份证号": number[:14] + "021" + "0",
    }
    headers = [column.header for column in COLUMNS]
    for row in (headers, [clean[h] for h in headers], [faulty[h] for h in headers]):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def import_list(world, number: str, score: float = 488.2) -> AdmissionUpload:
    """Taken in by the prefecture, checked and imported but for its fault."""
    upload = take_in(world, list_of(world, number, score))
    staging.stage(upload, on=world.day)
    upload.refresh_from_db()
    assert upload.faults and upload.valid == 1
    return importing.apply(upload, by=world.centre, only_clean=True)


def take_in(world, content: bytes) -> AdmissionUpload:
    """The upload as the page takes it."""
    return staging.receive(
        organisation=world.organisation(PREFECTURE), year=2026, content=content, name="录取名单.xlsx", by=world.centre
    )
