"""A national file of any length, every one of its 71 columns written as schools write it, with invented pupils."""

from io import BytesIO
from random import Random

from xlsxwriter import Workbook

from linxia_xueji.reference import ethnicity_name
from registry.demo.names import People
from registry.roster.columns import TEMPLATE

HEADERS = [column.header for column in TEMPLATE]
_TOWNS = "城关镇 三甲集镇 祁家集镇 庄窠集镇 买家巷镇 齐家镇 水泉乡 官坊乡 阿力麻土东乡族乡".split()
_USUAL = {
    "国籍/地区": "中国", "港澳台侨外": "否", "健康状况": "健康或良好", "政治面貌": "共青团员", "户口性质": "农业家庭户口",
    "是否独生子女": "否", "是否受过学前教育": "是", "是否需要申请资助": "否", "是否享受一补": "否", "是否孤儿": "否",
    "是否烈士或优抚子女": "否", "上下学方式": "步行", "是否需要乘坐校车": "否", "血型": "未知血型", "学生来源": "正常入学",
    "残疾类型": "无残疾", "是否由政府购买学位": "否", "随班就读": "非随班就读", "是否进城务工人员随迁子女": "否",
}  # fmt: skip


def pupils(schools: list[tuple[str, str]], rows: int, seed: int = 7) -> list[list[str]]:
    """So many rows of 71 texts, spread over the schools: (学校标识码, county)."""
    random = Random(seed)  # noqa: S311 - invented people
    people = People(random)
    return [_row(*schools[n % len(schools)], n, people, random) for n in range(rows)]


def _row(school: str, county: str, serial: int, people: People, random: Random) -> list[str]:
    year = random.choice((2024, 2025))
    person = people.pupil(county=county, entry_year=year - serial % 7)
    town = f"甘肃省临夏回族自治州{random.choice(_TOWNS)}{random.randrange(1, 90)}号（{random.choice('上中下')}社）"
    ethnic = ethnicity_name(person.ethnicity)
    row = _USUAL | {
        "学校标识码": school, "姓名": person.name, "性别": random.choice(("男", "1-男")) if person.sex == "1" else "女",
        "出生日期": f"{person.birth_date:%Y%m%d}", "出生地行政区划代码": f"{county}000000", "籍贯": f"{county}000000",
        "民族": random.choice((ethnic, person.ethnicity)), "身份证件类型": "居民身份证", "身份证件号": person.id_number,
        "户口所在地行政区划": f"{county}{random.randrange(100, 120)}000", "班号": f"{random.randrange(1, 12):02d}",
        "入学年月": f"{year}09", "入学方式": random.choice(("统一招生考试/普通入学", "就近入学")),
        "就读方式": random.choice(("走读", "住校", "2-住校")), "现住址": town, "通信地址": town, "家庭地址": town,
        "联系电话": f"1390000{serial % 10_000:04d}", "邮政编码": "731300", "上下学距离": str(random.randrange(1, 30)),
        "是否留守儿童": random.choice(("非留守儿童", "单亲留守儿童", "0")), "班内学号": f"{serial % 60:02d}", "特长": "=无",
    }  # fmt: skip
    for member, kin in (("成员1", "父亲"), ("成员2", "母亲")):
        row |= {
            f"{member}姓名": people.name("1" if kin == "父亲" else "2", person.ethnicity), f"{member}关系": kin,
            f"{member}现住址": town, f"{member}联系电话": f"1380000{serial % 10_000:04d}", f"{member}是否监护人": "是",
            f"{member}户口所在地行政区划": f"{county}000000", f"{member}身份证件类型": "居民身份证", f"{member}民族": ethnic,
            f"{member}身份证件号": f"{county}19850101{serial % 1000:03d}X",
        }  # fmt: skip
    return [row.get(header, "") for header in HEADERS]


def workbook(rows: list[list[str]]) -> bytes:
    """The file: headers and rows, every cell text."""
    output = BytesIO()
    with Workbook(output, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        sheet, text = book.add_worksheet("学生基础信息"), book.add_format({"num_format": "@"})
        for number, row in enumerate([HEADERS, *rows]):
            for place, value in enumerate(row):
                if value:
                    sheet.write_string(number, place, value, text)
    return output.getvalue()
