"""Who applies in the large demonstration, and the particulars of each business as rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from django.db import models

from linxia_xueji.enums import Stage
from linxia_xueji.models import Organisation
from linxia_xueji.secrets import Secret, seal
from registry.roster.grades import GRADES_OF
from transfers.models import (
    Departure,
    Expulsion,
    IncomingPupil,
    KeyInfoChange,
    Resumption,
    Suspension,
    Transfer,
    Withdrawal,
)

COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Transfer: (
        "change_id", "direction", "to_school_id", "to_stage", "to_grade", "to_class", "agreed_on", "outside_school",
        "outside_authority", "outside_document", "outside_decided_on",
    ),
    IncomingPupil: (
        "transfer_id", "name", "sex", "birth_date", "id_type", "id_number", "ethnicity", "national_number", "stage",
        "grade", "entry_year", "suspended",
    ),
    Suspension: ("change_id", "starts_on", "ends_on", "cause", "extension", "consecutive_before"),
    Resumption: ("change_id", "grade", "school_class"),
    Withdrawal: ("change_id", "ground", "ground_words", "ground_source"),
    Expulsion: ("change_id", "document_number", "issued_on"),
    KeyInfoChange: (
        "change_id", "before_id", "name", "sex", "birth_date", "id_type", "id_number", "keeps_name"
    ),
    Departure: ("change_id", "happened_on", "place"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student of the register with the key facts of today."""

    FACTS: ClassVar = ("pk", "name", "sex", "ethnicity", "birth_date", "id_number")

    pk: int
    """Of the enrolment."""
    student: int
    school: Organisation
    entry_year: int
    facts: int
    """Id of the key facts."""
    name: str
    sex: str
    ethnicity: str
    birth_date: date
    id_number: Secret

    @property
    def since(self) -> date:
        """When classes had begun."""
        return date(self.entry_year, 9, 2)

    def grade_on(self, day: date) -> int:
        """The grade of the class on a day."""
        years = day.year - self.entry_year - (day.month < 9)
        return GRADES_OF[Stage.SENIOR][0] + max(0, min(2, years))


def particulars(
    what: str, pk: int, pupil: Pupil, school: Organisation, day: date, before: int | None
) -> Iterator[tuple[type[models.Model], tuple]]:
    """The rows of one change. :param what: its business, or incoming, outgoing. :param before: id of former key facts."""
    grade, soon = pupil.grade_on(day), day + timedelta(days=1)
    number = seal(pupil.id_number.reveal()) if what in ("incoming", "key_info") else ""
    if what == "transfer":
        yield Transfer, (pk, "inside", school.pk, Stage.SENIOR.value, grade, "2班", day, "", "", "", None)
    elif what in ("incoming", "outgoing"):
        to = school.pk if what == "incoming" else None
        outside = ("示例市第一中学", "示例市教育局", f"示教〔{day.year}〕{pk % 900 + 1}号", day)
        yield Transfer, (pk, what, to, Stage.SENIOR.value, grade, "", None, *outside)
        if what == "incoming":
            facts = (pupil.name, pupil.sex, pupil.birth_date, "1", number, pupil.ethnicity, "")
            yield IncomingPupil, (pk, *facts, Stage.SENIOR.value, grade, pupil.entry_year, False)
    elif what == "suspension":
        yield Suspension, (pk, soon, date(day.year + 1, 7, 9), "illness", False, 0)
    elif what == "resumption":
        yield Resumption, (pk, grade, "1班")
    elif what == "withdrawal":
        yield Withdrawal, (pk, "guardian_applies", "", "")
    elif what == "expulsion":
        yield Expulsion, (pk, f"校发〔{day.year}〕{pk % 90 + 1}号（示例）", day)
    elif what == "key_info":
        name = pupil.name if before else f"{pupil.name[:-1]}鑫"
        yield KeyInfoChange, (pk, before or pupil.facts, name, pupil.sex, pupil.birth_date, "1", number, False)
    else:
        yield Departure, (pk, day, "示例国" if what == "abroad" else "")
