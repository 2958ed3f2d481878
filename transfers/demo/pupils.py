"""Who is enrolled in the demonstration beside those whose registration it tells: some hundreds, as rows."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.secrets import Secret
from registry.demo.chapters import Scene
from registry.demo.names import ETHNICITY_WEIGHTS, People
from registry.enums import BUCKET_OF, EnrolmentState
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts, Student
from registry.roster.grades import GRADES_OF
from transfers.enrolled import enrolments_for_pages

GRADES = {
    "3462900001": {11: 30, 12: 30},
    "3462990002": {7: 15, 8: 15, 9: 15, 11: 30, 12: 30},
    "3462990003": {11: 30, 12: 30},
    "3462990006": {11: 30, 12: 30},
    "3462990010": {7: 15, 8: 15, 9: 15, 11: 30, 12: 30},
    "3162990002": {7: 15, 8: 15, 9: 15},
    "3662990001": {11: 15},
}
"""School → grade this year → pupils. 高一 comes from the batches that the province has approved."""
VOCATIONAL = "3662990001"
"""临夏县示例职业中学, whose pupils show that nobody goes from there to a 普通高中."""
SPECIAL = ("马𬱖", "1", "03")
LEAVING = {"3162990002": (Stage.JUNIOR, 15), "3462990006": (Stage.SENIOR, 20)}
"""School → stage and pupils who were in its last grade a year ago, and graduate in this year's turn."""


def pupil(school: str, grade: int, place: int, scene: Scene) -> Enrolment:
    """The pupil at a place (from 0) of those whose class is in that grade of the school this year."""
    stage = _stage(school, grade)
    found = enrolments_for_pages().filter(
        school__code=school, stage=stage, entry_year=scene.year - grade + GRADES_OF[stage][0]
    )
    return found.order_by("pk")[place]


class Group(NamedTuple):
    """Pupils of a school who entered together. :param grade: of this year, or what it would be, had they not left."""

    school: str
    stage: Stage
    grade: int
    pupils: int


def enrol_everybody(scene: Scene) -> None:
    """All of them, at their schools since the beginning of the last school year, in the grade of that year."""
    enrol_all(scene, _groups())


def enrol_all(scene: Scene, groups: Sequence[Group], *, classes: int = 2) -> None:
    """Their records as rows. :param classes: into which the pupils of a grade are put."""
    people, moment = People(scene.random), now()
    found = Organisation.objects.filter(code__in={group.school for group in groups})
    schools = {s.code: s for s in found.select_related("parent__parent__parent")}
    students, facts, enrolments, statuses, grades = [], [], [], [], []
    for code, stage, grade, count in groups:
        for place in range(count):
            student = Student(recorded_at=moment)
            students.append(student)
            facts.append(_facts(people, schools[code], grade, place, scene, student))
            enrolments.append(_enrolment(schools[code], stage, grade, scene, student))
    Student.objects.bulk_create(students)
    for student in students:
        student.national_number = Secret(f"G{622900 * 10**12 + student.pk:018d}")
    Student.objects.bulk_update(students, ["national_number"])
    KeyFacts.objects.bulk_create(facts)
    Enrolment.objects.bulk_create(enrolments)
    for enrolment in enrolments:
        begins = enrolment.begins_on
        common = {"enrolment": enrolment, "recorded_at": moment}
        statuses.append(EnrolmentStatus(status=EnrolmentState.ENROLLED, valid_from=begins, **common))
        first = GRADES_OF[enrolment.stage][0]
        latest = max(enrolment.entry_year, scene.year - 1)
        for year in range(enrolment.entry_year, latest + 1):
            over = {} if year == latest else {"valid_to": date(year + 1, 9, 1), "closed_at": moment}
            grades.append(
                EnrolmentGrade(
                    grade=first + year - enrolment.entry_year, school_class=f"{enrolment.pk % classes + 1}班",
                    valid_from=max(begins, date(year, 9, 1)), **over, **common,
                )
            )  # fmt: skip
    EnrolmentStatus.objects.bulk_create(statuses)
    EnrolmentGrade.objects.bulk_create(grades)


def _facts(people: People, school: Organisation, grade: int, place: int, scene: Scene, student: Student) -> KeyFacts:
    """Born in the months before those of the admission lists, so that no number is given out twice."""
    county = school.division_id if school.division_id in ETHNICITY_WEIGHTS else "622901"
    weights = ETHNICITY_WEIGHTS[county]
    ethnicity = scene.random.choices(list(weights), weights=list(weights.values()))[0]
    sex = scene.random.choice("12")
    name = people.name(sex, ethnicity)
    if place == 7 and grade == 11:
        name, sex, ethnicity = SPECIAL
    birth = date(scene.year - grade - 6, 2, 28) - timedelta(days=scene.random.randrange(115))
    number = people.id_number(county, birth, sex)
    return KeyFacts(
        student=student, name=name, sex=sex, ethnicity=ethnicity, birth_date=birth, id_number=Secret(number),
        valid_from=birth, recorded_at=student.recorded_at,
    )  # fmt: skip


def _groups() -> list[Group]:
    present = [Group(c, _stage(c, grade), grade, n) for c in sorted(GRADES) for grade, n in GRADES[c].items()]
    return present + [Group(code, stage, GRADES_OF[stage][1] + 1, n) for code, (stage, n) in LEAVING.items()]


def _enrolment(school: Organisation, stage: Stage, grade: int, scene: Scene, student: Student) -> Enrolment:
    year = scene.year - grade + GRADES_OF[stage][0]
    return Enrolment(
        student=student, school=school, county=school.at(Level.COUNTY), prefecture=school.at(Level.PREFECTURE), stage=stage,
        bucket=BUCKET_OF[stage], entry_year=year, begins_on=date(year, 9, 1), recorded_at=student.recorded_at,
    )  # fmt: skip


def _stage(school: str, grade: int) -> Stage:
    if school == VOCATIONAL:
        return Stage.VOCATIONAL
    return next(s for s in (Stage.JUNIOR, Stage.SENIOR) if GRADES_OF[s][0] <= grade <= GRADES_OF[s][1])
