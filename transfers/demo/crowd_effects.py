"""What the granted changes of the large demonstration did to the register, a statement a table."""

from datetime import date

from django.db import connection

from linxia_xueji.enums import Stage
from linxia_xueji.models import Organisation
from linxia_xueji.secrets import seal
from registry.demo.scale.copying import copy_rows
from registry.demo.scale.past import at
from registry.enums import BUCKET_OF, EnrolmentState
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts
from transfers.demo.crowd_particulars import Pupil

END = """
    WITH ended AS (
        SELECT * FROM unnest(%s::bigint[], %s::date[], %s::timestamptz[], %s::text[]) AS ended(enrolment, day, moment, ending)
    ),
    statuses AS (
        UPDATE registry_enrolmentstatus SET valid_to = day, closed_at = moment
        FROM ended WHERE enrolment_id = enrolment AND valid_to IS NULL
    ),
    grades AS (
        UPDATE registry_enrolmentgrade SET valid_to = day, closed_at = moment
        FROM ended WHERE enrolment_id = enrolment AND valid_to IS NULL
    )
    UPDATE registry_enrolment e SET ends_on = day, closed_at = moment, ending = ended.ending FROM ended WHERE e.id = enrolment
"""
CLOSE = """
    UPDATE registry_enrolmentstatus SET valid_to = day, closed_at = moment
    FROM unnest(%s::bigint[], %s::date[], %s::timestamptz[]) AS closed(enrolment, day, moment)
    WHERE enrolment_id = enrolment AND valid_to IS NULL
"""
RENAME = """
    UPDATE registry_keyfacts SET valid_from = day, recorded_at = moment
    FROM unnest(%s::bigint[], %s::date[], %s::timestamptz[]) AS renamed(facts, day, moment) WHERE id = facts
"""
DATED = ("valid_from", "valid_to", "recorded_at", "closed_at")
FACTS = ("id", "student_id", "name", "sex", "ethnicity", "birth_date", "id_type", "id_number", *DATED)
ENROLMENT = (
    "student_id", "school_id", "county_id", "prefecture_id", "stage", "bucket", "entry_year", "begins_on", "ending", "recorded_at",
)  # fmt: skip


class Effects:
    """Effects waiting to be written."""

    def __init__(self, next_facts: int, next_enrolment: int):
        self._next_facts, self._next_enrolment = next_facts, next_enrolment
        self._ended: list[tuple] = []
        self._closed: list[tuple] = []
        self._renamed: list[tuple] = []
        self._statuses: list[tuple] = []
        self._grades: list[tuple] = []
        self._facts: list[tuple] = []
        self._enrolments: list[tuple] = []

    def end(self, pupil: Pupil, ending: str, day: date) -> None:
        """The enrolment, its status and its grade end."""
        self._ended.append((pupil.pk, day, at(day), str(ending)))

    def move(self, pupil: Pupil, to: Organisation, day: date) -> None:
        """It ends as transferred, and another begins at the receiving school."""
        self.end(pupil, "transferred", day)
        made, self._next_enrolment = self._next_enrolment, self._next_enrolment + 1
        county, prefecture = to.at("county"), to.at("prefecture")
        self._enrolments.append((
            made, pupil.student, to.pk, county and county.pk, prefecture.pk, Stage.SENIOR.value, BUCKET_OF[Stage.SENIOR].value,
            pupil.entry_year, day, "", at(day),
        ))  # fmt: skip
        self._statuses.append((made, EnrolmentState.ENROLLED.value, day, None, at(day), None))
        self._grades.append((made, pupil.grade_on(day), "2班", day, None, at(day), None))

    def status(self, pupil: Pupil, status: str, first: date, back: date | None = None) -> None:
        """Another status from a day on; until `back`, where the student is back."""
        self._closed.append((pupil.pk, first, at(first)))
        self._statuses.append((pupil.pk, status, first, back, at(first), at(back) if back else None))
        if back:
            self._statuses.append((pupil.pk, EnrolmentState.ENROLLED.value, back, None, at(back), None))

    def key_facts(self, pupil: Pupil, day: date) -> int:
        """The student had another name until that day. :returns: the id of the facts of then."""
        made, self._next_facts = self._next_facts, self._next_facts + 1
        number = seal(pupil.id_number.reveal())
        self._facts.append((
            made, pupil.student, f"{pupil.name[:-1]}生", pupil.sex, pupil.ethnicity, pupil.birth_date, "1", number,
            pupil.birth_date, day, at(pupil.since), at(day),
        ))  # fmt: skip
        self._renamed.append((pupil.facts, day, at(day)))
        return made

    def flush_facts(self) -> None:
        """Write former key facts, which changes refer to."""
        copy_rows(KeyFacts, FACTS, self._facts)
        self._run(RENAME, self._renamed)
        self._facts.clear()

    def flush(self) -> None:
        """Write the rest."""
        self._run(END, self._ended)
        self._run(CLOSE, self._closed)
        copy_rows(Enrolment, ("id", *ENROLMENT), self._enrolments)
        copy_rows(EnrolmentStatus, ("enrolment_id", "status", *DATED), self._statuses)
        copy_rows(EnrolmentGrade, ("enrolment_id", "grade", "school_class", *DATED), self._grades)
        for rows in (self._enrolments, self._statuses, self._grades):
            rows.clear()

    def _run(self, statement: str, rows: list[tuple]) -> None:
        """A statement on the rows, a list a column."""
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
            rows.clear()
