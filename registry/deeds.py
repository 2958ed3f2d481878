"""What is done to the register: dated rows are closed and followed by new ones, nothing is overwritten."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from linxia_xueji.dates import now
from linxia_xueji.refusal import Refusal
from registry.enums import BUCKET_OF, Ending, EnrolmentState
from registry.models import Circumstances, Enrolment, EnrolmentGrade, EnrolmentStatus, Entrant, KeyFacts, Student


def end_enrolment(enrolment: Enrolment, *, ending: str, on: date) -> date:
    """End it for good, with all that holds of it at present. Returns the day: never before the enrolment began.

    One elsewhere that waited for this becomes active in the same transaction.
    """
    moment = now()
    enrolment.ends_on, enrolment.ending, enrolment.closed_at = max(on, enrolment.begins_on), ending, moment
    enrolment.save(update_fields=["ends_on", "ending", "closed_at"])
    for dated in (EnrolmentStatus, EnrolmentGrade, Circumstances):
        dated.objects.filter(enrolment=enrolment, valid_to=None).update(
            valid_to=Greatest(F("valid_from"), enrolment.ends_on), closed_at=moment
        )
    _settle(enrolment, ending)
    return enrolment.ends_on


def _settle(closed: Enrolment, ending: str) -> None:
    """What waited for a record that is now closed; with a death nothing waits any longer."""
    waiting = Enrolment.objects.filter(student=closed.student_id, bucket=closed.bucket, ends_on=None, pending=True)
    for enrolment in waiting.select_for_update(of=("self",)):
        if ending == Ending.DIED:
            end_enrolment(enrolment, ending=ending, on=closed.ends_on)
        else:
            activate(enrolment, on=closed.ends_on)


def activate(waiting: Enrolment, *, on: date, by=None) -> bool:
    """Let a pending enrolment become active where no former record is open any more. Returns whether it did.

    :param by: who recorded the closing, None where it followed from another deed.
    """
    active = Enrolment.objects.filter(student=waiting.student_id, bucket=waiting.bucket, ends_on=None, pending=False)
    outside = Entrant.objects.filter(enrolment=waiting, former_closed_on=None).exclude(former_outside="")
    if active.exists() or outside.exists():
        return False
    waiting.pending = False
    waiting.save(update_fields=["pending"])
    set_status(waiting, EnrolmentState.ENROLLED, valid_from=on, by=by)
    return True


def set_status(enrolment: Enrolment, status: str, *, valid_from: date, by) -> None:
    """The enrolment's status from a day on."""
    _follow(EnrolmentStatus, {"enrolment": enrolment}, {"status": status}, valid_from, by)


def set_grade(enrolment: Enrolment, grade: int, school_class: str, *, valid_from: date, by) -> None:
    """Grade and class from a day on."""
    _follow(EnrolmentGrade, {"enrolment": enrolment}, {"grade": grade, "school_class": school_class}, valid_from, by)


def set_circumstances(enrolment: Enrolment, values: dict, *, valid_from: date, by) -> None:
    """Boarding and left behind from a day on."""
    _follow(Circumstances, {"enrolment": enrolment}, values, valid_from, by)


def set_key_facts(student: int, values: dict, *, valid_from: date, by) -> KeyFacts:
    """关键信息 from a day on; the former ones stay in the history for good.

    :raises Refusal: where the ID number stands for another student: the database lets a number belong to one alone.
    """
    try:
        with transaction.atomic():
            return _follow(KeyFacts, {"student_id": student}, values, valid_from, by)
    except IntegrityError as error:
        raise Refusal(
            "该身份证件号在学籍库中属于另一名学生，请核对号码；确有两人同号的，先由主管部门按问题学籍处理",
            rule="key_info.id_taken",
        ) from error


def _follow(dated, owner: dict, values: dict, valid_from: date, by):
    """The next row, from the end of the present one: never from before the day on which that began."""
    moment, present = now(), dated.objects.filter(valid_to=None, **owner).first()
    if present:
        valid_from = max(valid_from, present.valid_from)
        present.valid_to, present.closed_at = valid_from, moment
        present.save(update_fields=["valid_to", "closed_at"])
    return dated.objects.create(**owner, **values, valid_from=valid_from, recorded_at=moment, recorded_by=by)


def enrol(
    *, student: Student, school, stage: str, entry_year: int, grade: int, school_class: str, on: date, by,
    pending: bool = False,
) -> Enrolment:  # fmt: skip
    """A new enrolment at a school from a day on, in a grade and class.

    One that waited at this very school and has just become active is the enrolment itself: it only gets grade and class.

    :param pending: taken in while a former record is still open (一（二）); it becomes active when that closes.
    :raises Refusal: where another one of the same stage is active elsewhere and this is not to wait for it.
    """
    bucket = BUCKET_OF[stage]
    if not pending and (present := _active(student, bucket)):
        if present.school_id != school.pk:
            raise Refusal(f"该生在{present.school.name}已有学籍，须先在该校办结", rule="enrolment.duplicate")
        set_grade(present, grade, school_class, valid_from=on, by=by)
        return present
    made = Enrolment.objects.create(
        student=student, school=school, county=school.at("county"), prefecture=school.at("prefecture"), stage=stage,
        bucket=bucket, entry_year=entry_year, begins_on=on, recorded_at=now(), pending=pending,
    )  # fmt: skip
    set_status(made, EnrolmentState.PENDING if pending else EnrolmentState.ENROLLED, valid_from=on, by=by)
    set_grade(made, grade, school_class, valid_from=on, by=by)
    return made


def _active(student: Student, bucket: str) -> Enrolment | None:
    active = Enrolment.objects.filter(student=student, bucket=bucket, ends_on=None, pending=False)
    return active.select_related("school").first()
