"""学号: proposed as a range by 准考证号, issued in one transaction on the province's approval, never reused."""

from datetime import date

from django.db import IntegrityError, transaction

from linxia_xueji.dates import now
from linxia_xueji.enums import Stage
from linxia_xueji.refusal import Refusal
from registry.enums import BUCKET_OF, EnrolmentState, IdType
from registry.facts import applicants
from registry.models import (
    Candidate,
    Enrolment,
    EnrolmentBatch,
    EnrolmentGrade,
    EnrolmentStatus,
    Intake,
    IssuedNumber,
    KeyFacts,
    Student,
)
from registry.plans import lock_intake

FIRST_GRADE = 10


def number(year: int, region: str, school_code: str, serial: int) -> str:
    """Twelve digits: year of entry, region (both inferred from 附件2), school and serial (assumed).

    :raises Refusal: when the school has no code or has used up its 9,999 numbers of the year.
    """
    if not school_code:
        raise Refusal("学校还没有学号学校码，请州学管中心先给定")
    if not 1 <= serial <= 9999:
        raise Refusal("本校当年学号已用完9999个，请联系州学管中心")
    return f"{year % 100:02d}{region}{school_code}{serial:04d}"


def proposed(batch: EnrolmentBatch, people: list[Candidate] | None = None) -> dict[int, str]:
    """Candidate id → number as it would be issued now; it shrinks with every strike-out. Empty where nobody applies."""
    people = applicants(batch) if people is None else people
    intake = Intake.objects.filter(school=batch.school_id, year=batch.year).first()
    start = (intake.last_serial if intake else 0) + 1
    region = batch.request.policy.get("number.region", "13")
    return {
        p.pk: number(batch.year, region, batch.school.profile.number_code or "", start + n)
        for n, p in enumerate(people)
    }


def proposed_range(batch: EnrolmentBatch) -> tuple[str, str]:
    """自…号起，至…号终; two empty strings where nobody applies."""
    numbers = list(proposed(batch).values())
    return (numbers[0], numbers[-1]) if numbers else ("", "")


def issue(batch: EnrolmentBatch, *, by, on: date, given: dict[int, str] | None = None) -> list[IssuedNumber]:
    """Register every applicant and issue the numbers, in the transaction of the province's approval.

    :param given: the province's own numbers by candidate, where it replied on paper: they win, gaps allowed.
    :raises Refusal: where one already has an active senior enrolment or a number is taken; nothing is issued then.
    """
    intake = lock_intake(batch.school, batch.year)
    people = applicants(batch)
    numbers = given if given is not None else proposed(batch, people)
    people = [p for p in people if p.pk in numbers]
    try:
        with transaction.atomic():
            enrolments = _enrol(batch, people, by, on)
            issued = IssuedNumber.objects.bulk_create(
                IssuedNumber(number=numbers[p.pk], batch=batch, enrolment=e, issued_at=now())
                for p, e in zip(people, enrolments, strict=True)
            )
    except IntegrityError as error:
        raise Refusal(
            "有学生刚在别处取得高中阶段学籍，或学号已被占用，请刷新后核对；没有下发任何学号", rule="enrolment.duplicate"
        ) from error
    if issued:
        intake.last_serial = max(intake.last_serial, *(int(i.number[-4:]) for i in issued))
        intake.save(update_fields=["last_serial"])
    return issued


def _enrol(batch: EnrolmentBatch, people: list[Candidate], by, on: date) -> list[Enrolment]:
    """Student, key facts, enrolment, status and grade for each applicant, in bulk; a known student is not made twice."""
    moment, begins = now(), date(batch.year, 9, 1)
    known = dict(
        KeyFacts.objects.filter(valid_to=None, id_number__in=[p.id_number for p in people]).values_list(
            "id_number", "student_id"
        )
    )
    fresh = [p for p in people if p.id_number not in known]
    students = Student.objects.bulk_create(Student(recorded_at=moment) for _ in fresh)
    KeyFacts.objects.bulk_create(
        KeyFacts(
            student=s, name=p.name, sex=p.sex, ethnicity=p.ethnicity, birth_date=p.birth_date, id_type=IdType.RESIDENT, id_number=p.id_number,
            valid_from=p.birth_date, recorded_at=moment, recorded_by=by,
        )
        for p, s in zip(fresh, students, strict=True)
    )  # fmt: skip
    known |= {p.id_number: s.pk for p, s in zip(fresh, students, strict=True)}
    school = batch.school
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            student_id=known[p.id_number], school=school, county_id=batch.request.county_id, prefecture_id=batch.request.prefecture_id,
            stage=Stage.SENIOR, bucket=BUCKET_OF[Stage.SENIOR], entry_year=batch.year, begins_on=begins, recorded_at=moment,
        )
        for p in people
    )  # fmt: skip
    dated = {"valid_from": begins, "recorded_at": moment, "recorded_by": by}
    EnrolmentStatus.objects.bulk_create(
        EnrolmentStatus(enrolment=e, status=EnrolmentState.ENROLLED, **dated) for e in enrolments
    )
    EnrolmentGrade.objects.bulk_create(EnrolmentGrade(enrolment=e, grade=FIRST_GRADE, **dated) for e in enrolments)
    for person, enrolment in zip(people, enrolments, strict=True):
        person.enrolment = enrolment
    Candidate.objects.bulk_update(people, ["enrolment"], batch_size=500)
    return enrolments
