"""Students of the large demonstration, and the batches in which the senior ones were registered, as rows."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.db import models

from linxia_xueji.enums import Stage
from linxia_xueji.models import Organisation
from linxia_xueji.secrets import seal
from registry.demo.names import ETHNICITY_WEIGHTS, SPECIAL, People
from registry.demo.scale.copying import copy_rows, next_id
from registry.demo.scale.past import at
from registry.enums import BUCKET_OF, Arrival, Ending, EnrolmentState
from registry.models import Admission, Candidate, Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts, Student

FIRST_GRADE = {Stage.PRIMARY: 1, Stage.JUNIOR: 7, Stage.SENIOR: 10}
GRADES = {Stage.PRIMARY: 6, Stage.JUNIOR: 3, Stage.SENIOR: 3}
PERSON = ("exam_number", "name", "sex", "ethnicity", "birth_date", "id_number", "score")
COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Student: ("id", "national_number", "recorded_at"),
    KeyFacts: (
        "student_id", "name", "sex", "ethnicity", "birth_date", "id_type", "id_number", "valid_from", "valid_to",
        "recorded_at", "recorded_by_id",
    ),
    Enrolment: (
        "id", "student_id", "school_id", "county_id", "prefecture_id", "stage", "bucket", "entry_year", "begins_on",
        "ends_on", "ending", "recorded_at", "closed_at",
    ),
    EnrolmentStatus: (
        "enrolment_id", "status", "valid_from", "valid_to", "recorded_at", "recorded_by_id", "closed_at"
    ),
    EnrolmentGrade: (
        "enrolment_id", "grade", "school_class", "valid_from", "valid_to", "recorded_at", "recorded_by_id", "closed_at"
    ),
    Admission: ("id", *PERSON, "year", "exam_county_id", "school_id", "upload_id", "row", "recorded_at"),
    Candidate: (
        *PERSON, "batch_id", "school_id", "year", "admission_id", "arrival", "held_back", "seat", "strike_rule",
        "strike_reason", "enrolment_id",
    ),
}  # fmt: skip
A_CLASS = 50


@dataclass(frozen=True, slots=True)
class Pupil:
    """An invented student; the ID number is sealed already."""

    name: str
    sex: str
    ethnicity: str
    birth_date: date
    id_number: str


@dataclass(slots=True)
class Rows:
    """Rows by table, in the order in which they may be written, and the ids given."""

    waiting: dict[type[models.Model], list[tuple]] = field(default_factory=lambda: {m: [] for m in COLUMNS})
    ids: dict[type[models.Model], int] = field(
        default_factory=lambda: {m: next_id(m) for m in (Student, Enrolment, Admission)}
    )

    def take(self, model: type[models.Model]) -> int:
        """The next id of a table."""
        self.ids[model] += 1
        return self.ids[model] - 1

    def flush(self, *tables: type[models.Model]) -> None:
        """Write what is waiting for these tables."""
        for model in tables:
            copy_rows(model, COLUMNS[model], self.waiting[model])
            self.waiting[model].clear()


class Pupils:
    """Makes students and their rows."""

    def __init__(self, random: Random, rows: Rows, season: int):
        self.random, self.rows, self.season = random, rows, season
        self.people, self.moment = People(random), at(date(season, 9, 1))
        self._weights = {c: (list(w), list(w.values())) for c, w in ETHNICITY_WEIGHTS.items()}
        self._made = 0

    def person(self, school: Organisation, born: int) -> Pupil:
        """Somebody born in the twelve months before September of `born`."""
        county = school.division_id if school.division_id in self._weights else "622901"
        self._made += 1
        if self._made % 997 == 0:
            name, sex, ethnicity = SPECIAL[self._made % len(SPECIAL)]
        else:
            ethnicity = self.random.choices(*self._weights[county])[0]
            sex = self.random.choice("12")
            name = self.people.name(sex, ethnicity)
        birth = date(born, 8, 31) - timedelta(days=self.random.randrange(365))
        return Pupil(name, sex, ethnicity, birth, seal(self.people.id_number(county, birth, sex)))

    def enrol(
        self,
        pupil: Pupil,
        school: Organisation,
        stage: Stage,
        entry_year: int,
        place: int,
        by: int,
        voided: date | None = None,
    ) -> int:
        """Student, key facts, enrolment, status and grade. :param voided: day on which the registration was voided.

        :returns: the id of the enrolment.
        """  # fmt: skip
        rows, moment = self.rows.waiting, self.moment
        student, enrolment = self.rows.take(Student), self.rows.take(Enrolment)
        begins, closed = date(entry_year, 9, 1), at(voided) if voided else None
        rows[Student].append((student, seal(f"G{student:018d}"), moment))
        rows[KeyFacts].append(
            (student, pupil.name, pupil.sex, pupil.ethnicity, pupil.birth_date, "1", pupil.id_number, pupil.birth_date,
             None, moment, by)
        )  # fmt: skip
        parents = (
            (school.parent_id, school.parent.parent_id) if school.parent.level == "county" else (None, school.parent_id)
        )
        rows[Enrolment].append(
            (enrolment, student, school.pk, *parents, stage.value, BUCKET_OF[stage].value, entry_year, begins, voided,
             Ending.VOIDED.value if voided else "", moment, closed)
        )  # fmt: skip
        rows[EnrolmentStatus].append((enrolment, EnrolmentState.ENROLLED.value, begins, voided, moment, by, closed))
        grade, first = FIRST_GRADE[stage] + self.season - entry_year, date(self.season, 9, 1)
        rows[EnrolmentGrade].append(
            (
                enrolment,
                grade,
                f"{place // A_CLASS + 1}班",
                max(first, begins),
                voided and max(first, voided),
                moment,
                by,
                closed,
            )
        )
        return enrolment

    def admit(
        self, pupil: Pupil, school: Organisation, year: int, upload: int, county: int, row: int
    ) -> tuple[int, tuple]:
        """A line of the admission list. :returns: its id, and the columns it shares with a candidate."""
        admission = self.rows.take(Admission)
        person = (
            f"{year % 100:02d}13{row:06d}", pupil.name, pupil.sex, pupil.ethnicity, pupil.birth_date, pupil.id_number,
            round(300 + 390 * self.random.random(), 1),
        )  # fmt: skip
        self.rows.waiting[Admission].append((admission, *person, year, county, school.pk, upload, row, self.moment))
        return admission, person

    def stand(
        self,
        person: tuple,
        admission: int,
        batch: int,
        school: Organisation,
        year: int,
        *,
        seat: bool,
        enrolment: int | None,
    ) -> None:
        """A candidate of a batch who reported."""
        self.rows.waiting[Candidate].append(
            (*person, batch, school.pk, year, admission, Arrival.REPORTED.value, "", seat, "", "", enrolment)
        )
