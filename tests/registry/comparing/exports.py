"""Two exports and a register of the same invented students, with differences of every kind planted in them."""

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from random import Random

from xlsxwriter import Workbook

from linxia_xueji.dates import now
from linxia_xueji.enums import Stage
from linxia_xueji.models import Organisation
from linxia_xueji.reference import ethnicity_name
from registry.comparing.enums import DifferenceKind as Kind
from registry.demo.names import People
from registry.enums import BUCKET_OF
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts, Student
from registry.roster.columns import TEMPLATE
from registry.roster.grades import words_of
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL

NATIONAL_HEADERS = [*(column.header for column in TEMPLATE), "全国学籍号", "年级", "学籍状态"]
PROVINCIAL_HEADERS = [
    "学籍号",
    "姓名",
    "性别",
    "身份证号",
    "出生年月日",
    "民族",
    "学校名称",
    "所在年级",
    "学生状态",
    "备注",
]
_NATIONAL = {
    "number": "全国学籍号", "name": "姓名", "sex": "性别", "id": "身份证件号", "birth": "出生日期", "ethnicity": "民族",
    "school": "学校标识码", "grade": "年级", "status": "学籍状态",
}  # fmt: skip
_PROVINCIAL = {
    "number": "学籍号", "name": "姓名", "sex": "性别", "id": "身份证号", "birth": "出生年月日", "ethnicity": "民族", "school": "学校名称",
    "grade": "所在年级", "status": "学生状态",
}  # fmt: skip

Planted = tuple[str, str, str]
"""全国学籍号 in the register or the file, kind, field."""


@dataclass
class Copy:
    """One student as the books have him: plain values by book; `n`, `p`, `r` say which books have him, how often."""

    base: dict[str, str]
    n: dict[str, str] = field(default_factory=dict)
    p: dict[str, str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=lambda: {"n": 1, "p": 1, "r": 1})


VARIANTS: list[tuple[Kind, str]] = [
    (Kind.ONLY_NATIONAL, ""), (Kind.ONLY_PROVINCIAL, ""), (Kind.ONLY_REGISTER, ""), (Kind.NOT_HERE, ""),
    *((Kind.FIELD, key) for key in ("national_number", "id_number", "name", "sex", "birth", "ethnicity", "school")),
    (Kind.STATUS, "status"), (Kind.GRADE, "grade"), (Kind.TWICE, "national"), (Kind.TWICE, "provincial"),
]  # fmt: skip
"""Every kind there is, 信息不一致 in every field."""


class Books:
    """So many students with so many differences, each of one student; the same seed makes the same books."""

    def __init__(self, rows: int, planted: int, seed: int = 5):
        self.random = Random(seed)  # noqa: S311 - invented people
        people = People(self.random)
        schools = list(
            Organisation.objects.filter(code__in=(COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL)).order_by("code")
        )
        self.schools = {school.code: school for school in schools}
        self.copies = [self._copy(people, n, schools[n % len(schools)]) for n in range(rows)]
        self.planted: list[tuple[Copy, Kind, str]] = []
        for n, copy in enumerate(self.random.sample(self.copies, planted)):
            self._plant(copy, *VARIANTS[n % len(VARIANTS)])

    def _copy(self, people: People, n: int, school: Organisation) -> Copy:
        grade = 10 + n % 3
        person = people.pupil(county="622924", entry_year=2000 - n % 40)  # older than any the demonstration invents
        return Copy({
            "number": f"G{person.id_number}", "name": person.name, "sex": person.sex, "id": person.id_number,
            "birth": person.birth_date.isoformat(), "ethnicity": person.ethnicity, "school": school.code, "grade": str(grade),
            "status": "enrolled",
        })  # fmt: skip

    def _plant(self, copy: Copy, kind: Kind, what: str) -> None:
        self.planted.append((copy, kind, what))
        gone = {Kind.ONLY_NATIONAL: "p", Kind.ONLY_PROVINCIAL: "n", Kind.NOT_HERE: "r"}
        base = copy.base
        wrong = {
            "national_number": {"number": f"L{base['id']}"}, "id_number": {"id": f"{base['id'][:6]}1901{base['id'][10:]}"},
            "name": {"name": f"{base['name']}明"}, "sex": {"sex": "2" if base["sex"] == "1" else "1"},
            "birth": {"birth": f"1999{base['birth'][4:]}" if base["birth"][5:] != "02-29" else "1999-03-01"},
            "ethnicity": {"ethnicity": "04" if base["ethnicity"] != "04" else "30"},
            "school": {"school": next(c for c in self.schools if c != base["school"])}, "status": {"status": "suspended"},
            "grade": {"grade": str(10 + (int(base["grade"]) - 9) % 3)},
        }  # fmt: skip
        if kind in gone:
            copy.times[gone[kind]] = 0
        elif kind == Kind.ONLY_REGISTER:
            copy.times["n"] = copy.times["p"] = 0
        elif kind == Kind.TWICE:
            copy.times["n" if what == "national" else "p"] = 2
        else:
            # In turn it is the one file or the other that is wrong.
            (copy.n if len(self.planted) % 2 else copy.p).update(wrong[what])

    def expected(self) -> set[Planted]:
        """What must be found, and nothing else."""
        return {(copy.base["number"], kind, what) for copy, kind, what in self.planted}

    def mend_half(self) -> set[Planted]:
        """Every other difference is mended in the books; which they were. 本门户无 and 仅本门户有 in the files too."""
        mended = self.planted[::2]
        self.planted = self.planted[1::2]
        for copy, kind, _ in mended:
            copy.n.clear()
            copy.p.clear()
            copy.times = {"n": 0, "p": 0, "r": 0} if kind == Kind.NOT_HERE else {"n": 1, "p": 1, "r": 1}
        return {(copy.base["number"], kind, what) for copy, kind, what in mended}

    def national(self) -> bytes:
        """The export of the national system: 71 columns and three, as codes and words as schools write them."""
        rows = [
            self._cells(copy.base | copy.n, code=True)
            | {"国籍/地区": "中国", "健康状况": "健康或良好", "现住址": "甘肃省临夏州"}
            for copy in self.copies
            for _ in range(copy.times["n"])
        ]
        return workbook(NATIONAL_HEADERS, [{_NATIONAL.get(k, k): v for k, v in row.items()} for row in rows], [])

    def provincial(self) -> bytes:
        """The export of the provincial system: other headers, other order of rows, a title above."""
        rows = [self._cells(copy.base | copy.p, code=False) for copy in self.copies for _ in range(copy.times["p"])]
        Random(3).shuffle(rows)  # noqa: S311
        return workbook(
            PROVINCIAL_HEADERS, [{_PROVINCIAL[k]: v for k, v in row.items()} for row in rows], ["普通高中学生名册"]
        )

    def _cells(self, values: dict[str, str], *, code: bool) -> dict[str, str]:
        """As a system writes them: birth, school, grade and sex each in its way."""
        sex = "男" if values["sex"] == "1" else "女"
        return values | {
            "sex": f"{values['sex']}-{sex}性" if code else sex,
            "birth": values["birth"].replace("-", "") if code else values["birth"],
            "ethnicity": ethnicity_name(values["ethnicity"]),
            "school": values["school"] if code else self.schools[values["school"]].name,
            "grade": words_of(int(values["grade"]))
            if code
            else f"{words_of(int(values['grade'])).replace('高', '高中')}年级",
            "status": ("在读" if code else "在校") if values["status"] == "enrolled" else "休学",
        }

    def register(self) -> None:
        """Put them into the register; several statements, whatever their number."""
        here = [copy.base for copy in self.copies if copy.times["r"]]
        at, day = now(), date(2025, 9, 1)
        held = {"valid_from": day, "recorded_at": at}
        students = Student.objects.bulk_create(
            (Student(national_number=c["number"], recorded_at=at) for c in here), batch_size=2000
        )
        KeyFacts.objects.bulk_create(
            (
                KeyFacts(student=s, name=c["name"], sex=c["sex"], ethnicity=c["ethnicity"], birth_date=c["birth"], id_number=c["id"], **held)
                for s, c in zip(students, here, strict=True)
            ),
            batch_size=2000,
        )  # fmt: skip
        made = Enrolment.objects.bulk_create(
            (
                Enrolment(
                    student=s, school=(school := self.schools[c["school"]]), county=school.at("county"), prefecture=school.at("prefecture"),
                    stage="senior", bucket=BUCKET_OF[Stage.SENIOR], entry_year=2036 - int(c["grade"]), begins_on=day, recorded_at=at,
                )
                for s, c in zip(students, here, strict=True)
            ),
            batch_size=2000,
        )  # fmt: skip
        EnrolmentStatus.objects.bulk_create(
            (EnrolmentStatus(enrolment=e, status="enrolled", **held) for e in made), batch_size=2000
        )
        EnrolmentGrade.objects.bulk_create(
            (
                EnrolmentGrade(enrolment=e, grade=int(c["grade"]), school_class="1班", **held)
                for e, c in zip(made, here, strict=True)
            ),
            batch_size=2000,
        )


def workbook(headers: list[str], rows: list[dict[str, str]], above: list[str]) -> bytes:
    """A list of text cells. :param above: lines of a title."""
    output = BytesIO()
    with Workbook(output, {"strings_to_numbers": False, "constant_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        for place, text in enumerate(above):
            sheet.write_string(place, 0, text)
        for place, header in enumerate(headers):
            sheet.write_string(len(above), place, header)
        places = {header: place for place, header in enumerate(headers)}
        for number, row in enumerate(rows, len(above) + 1):
            for header, value in sorted(row.items(), key=lambda item: places[item[0]]):
                sheet.write_string(number, places[header], value)
    return output.getvalue()
