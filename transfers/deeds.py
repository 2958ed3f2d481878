"""What the last decision does to the register: dated rows are closed and followed by new ones, nothing is overwritten."""

from datetime import date

from linxia_xueji.dates import now
from registry.enums import BUCKET_OF, EnrolmentState
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts, Student


def end_enrolment(enrolment: Enrolment, *, ending: str, on: date) -> date:
    """End it for good, with its present status and grade. Returns the day: never before the enrolment began."""
    enrolment.ends_on, enrolment.ending = max(on, enrolment.begins_on), ending
    enrolment.save(update_fields=["ends_on", "ending"])
    for dated in (EnrolmentStatus, EnrolmentGrade):
        for row in dated.objects.filter(enrolment=enrolment, valid_to=None):
            row.valid_to = max(enrolment.ends_on, row.valid_from)
            row.save(update_fields=["valid_to"])
    return enrolment.ends_on


def set_status(enrolment: Enrolment, status: str, *, valid_from: date, by) -> None:
    """The enrolment's status from a day on."""
    _follow(EnrolmentStatus, {"enrolment": enrolment}, {"status": status}, valid_from, by)


def set_grade(enrolment: Enrolment, grade: int, school_class: str, *, valid_from: date, by) -> None:
    """Grade and class from a day on."""
    _follow(EnrolmentGrade, {"enrolment": enrolment}, {"grade": grade, "school_class": school_class}, valid_from, by)


def set_key_facts(student: int, values: dict, *, valid_from: date, by) -> KeyFacts:
    """关键信息 from a day on; the former ones stay in the history for good."""
    return _follow(KeyFacts, {"student_id": student}, values, valid_from, by)


def _follow(dated, owner: dict, values: dict, valid_from: date, by):
    present = dated.objects.filter(valid_to=None, **owner).first()
    if present:
        present.valid_to = max(valid_from, present.valid_from)
        present.save(update_fields=["valid_to"])
    return dated.objects.create(**owner, **values, valid_from=valid_from, recorded_at=now(), recorded_by=by)


def enrol(
    *, student: Student, school, stage: str, entry_year: int, grade: int, school_class: str, on: date, by
) -> Enrolment:
    """A new enrolment at a school from a day on, in a grade and class."""
    county, prefecture = school.at("county"), school.at("prefecture")
    made = Enrolment.objects.create(
        student=student, school=school, county=county, prefecture=prefecture, stage=stage, bucket=BUCKET_OF[stage],
        entry_year=entry_year, begins_on=on, recorded_at=now(),
    )  # fmt: skip
    set_status(made, EnrolmentState.ENROLLED, valid_from=on, by=by)
    set_grade(made, grade, school_class, valid_from=on, by=by)
    return made
