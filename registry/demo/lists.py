"""The admission list of the demonstration as the examination office would send it: an Excel file of invented people."""

import io
from dataclasses import dataclass
from random import Random

import openpyxl

from linxia_xueji.enums import Sex
from linxia_xueji.reference import ethnicity_name
from registry.demo.names import SPECIAL, People, Person, exam_number

COLUMNS = (
    "序号", "准考证号", "姓名", "性别", "民族", "出生日期", "身份证号", "报名县市", "录取学校", "中考成绩"
)  # fmt: skip
NEIGHBOUR_SHARE = 0.04
"""Share of a county school's entrants who sat the examination in another county."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who admits how many: name and division (six digits) of the school, number of students."""

    school: str
    division: str
    students: int
    from_everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Admitted:
    """One row of the list: the person as the examination office knows them, with exam number, school and mark."""

    exam_number: str
    person: Person
    school: str
    score: float


def admitted(*, places: list[Place], year: int, people: People, random: Random) -> list[Admitted]:
    """Invented entrants of `year` for each of the places, marks falling; each school has a name hard to print."""
    rows: list[Admitted] = []
    divisions = sorted({place.division for place in places})
    for position, place in enumerate(places):
        best = 690.0 if place.from_everywhere else 560.0
        scores = sorted((round(best - 260 * random.random() ** 0.7, 1) for _ in range(place.students)), reverse=True)
        for number, score in enumerate(scores):
            elsewhere = place.from_everywhere or random.random() < NEIGHBOUR_SHARE
            county = random.choice(divisions) if elsewhere else place.division
            special = SPECIAL[position % len(SPECIAL)] if number == 7 else None
            person = people.pupil(county=county, entry_year=year, special=special)
            rows.append(Admitted("", person, place.school, score))
    serials = random.sample(range(1, len(rows) * 4), len(rows))
    return [
        Admitted(exam_number(year, serial), row.person, row.school, row.score)
        for serial, row in zip(serials, rows, strict=True)
    ]


def workbook(rows: list[Admitted], division_names: dict[str, str]) -> bytes:
    """The list as an .xlsx file, all numbers but the mark as text. `division_names` gives 报名县市 by code."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("录取名单")
    sheet.append(COLUMNS)
    for serial, row in enumerate(rows, 1):
        person = row.person
        sheet.append(
            (
                serial,
                row.exam_number,
                person.name,
                Sex(person.sex).label,
                ethnicity_name(person.ethnicity),
                f"{person.birth_date:%Y%m%d}",
                person.id_number,
                division_names[person.county],
                row.school,
                row.score,
            )
        )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
