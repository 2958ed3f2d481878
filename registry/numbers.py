"""学号: proposed as a range by 准考证号, issued in one transaction on the province's approval, never reused."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, connection, transaction

from linxia_xueji.dates import now
from linxia_xueji.enums import Stage
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import Secret, indexes
from registry.enums import BUCKET_OF, EnrolmentState, IdType
from registry.facts import applying, intake_of
from registry.models import Candidate, EnrolmentBatch, Intake
from registry.plans import lock_intake

FIRST_GRADE = 10

# Everything that follows from one number, a statement a table: `m` says which candidate gets which rows.
_M = """
WITH m AS (SELECT * FROM unnest(%(candidates)s::bigint[], %(students)s::bigint[], %(enrolments)s::bigint[],
                                %(numbers)s::text[], %(fresh)s::boolean[]) AS m (candidate, student, enrolment, number, fresh))
"""
_REGISTER = (
    """
    INSERT INTO registry_student (id, national_number, recorded_at)
    SELECT student, '', %(at)s FROM m WHERE fresh
    """,
    """
    INSERT INTO registry_keyfacts (student_id, name, sex, ethnicity, birth_date, id_type, id_number, valid_from,
                                   recorded_at, recorded_by_id)
    SELECT m.student, c.name, c.sex, c.ethnicity, c.birth_date, %(resident)s, c.id_number, c.birth_date, %(at)s, %(by)s
      FROM m JOIN registry_candidate c ON c.id = m.candidate WHERE m.fresh
    """,
    """
    INSERT INTO registry_enrolment (id, student_id, school_id, county_id, prefecture_id, stage, bucket, entry_year,
                                    begins_on, ending, recorded_at)
    SELECT enrolment, student, %(school)s, %(county)s, %(prefecture)s, %(stage)s, %(bucket)s, %(year)s, %(begins)s, '', %(at)s
      FROM m
    """,
    """
    INSERT INTO registry_enrolmentstatus (enrolment_id, status, valid_from, recorded_at, recorded_by_id)
    SELECT enrolment, %(status)s, %(begins)s, %(at)s, %(by)s FROM m
    """,
    """
    INSERT INTO registry_enrolmentgrade (enrolment_id, grade, school_class, valid_from, recorded_at, recorded_by_id)
    SELECT enrolment, %(grade)s, '', %(begins)s, %(at)s, %(by)s FROM m
    """,
    """
    INSERT INTO registry_issuednumber (number, batch_id, enrolment_id, issued_at, void_reason)
    SELECT number, %(batch)s, enrolment, %(at)s, '' FROM m
    """,
    "UPDATE registry_candidate c SET enrolment_id = m.enrolment FROM m WHERE c.id = m.candidate",
)
_KNOWN = """
SELECT DISTINCT ON (i.candidate) i.candidate, k.student_id FROM unnest(%s::bigint[], %s::text[]) AS i (candidate, key)
  JOIN registry_keyfacts k ON split_part(k.id_number, '$', 1) = i.key AND k.valid_to IS NULL
"""
_IDS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"


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
    ids = applying(batch).values_list("pk", flat=True) if people is None else [p.pk for p in people]
    return _in_order(batch, ids, intake_of(batch))


def _in_order(batch: EnrolmentBatch, ids: Iterable[int], intake: Intake | None) -> dict[int, str]:
    start = (intake.last_serial if intake else 0) + 1
    region = batch.request.policy.get("number.region", "13")
    code = batch.school.profile.number_code or ""
    return {pk: number(batch.year, region, code, start + n) for n, pk in enumerate(ids)}


def proposed_range(batch: EnrolmentBatch) -> tuple[str, str]:
    """自…号起，至…号终; two empty strings where nobody applies."""
    numbers = list(proposed(batch).values())
    return (numbers[0], numbers[-1]) if numbers else ("", "")


def issue(batch: EnrolmentBatch, *, by, on: date, given: dict[int, str] | None = None) -> list[str]:
    """Register every applicant and issue the numbers, in the transaction of the province's approval.

    :param given: the province's own numbers by candidate, where it replied on paper: they win, gaps allowed.
    :returns: the numbers, in the order of the applicants.
    :raises Refusal: where one already has an active senior enrolment or a number is taken; nothing is issued then.
    """
    intake = lock_intake(batch.school, batch.year)
    people = dict(applying(batch).values_list("pk", "id_number"))
    numbers = given if given is not None else _in_order(batch, people, intake)
    people = {pk: number for pk, number in people.items() if pk in numbers}
    issued = [numbers[pk] for pk in people]
    if not issued:
        return []
    try:
        with transaction.atomic():
            _register(batch, people, issued, by)
    except IntegrityError as error:
        raise Refusal(
            "有学生刚在别处取得高中阶段学籍，或学号已被占用，请刷新后核对；没有下发任何学号", rule="enrolment.duplicate"
        ) from error
    intake.last_serial = max(intake.last_serial, *(int(number[-4:]) for number in issued))
    intake.save(update_fields=["last_serial"])
    return issued


def _register(batch: EnrolmentBatch, people: dict[int, Secret], issued: list[str], by) -> None:
    """Student, key facts, enrolment, status, grade and number for each applicant; a known student is not made twice."""
    keyed = [(pk, key) for pk, number in people.items() for key in indexes(number.reveal())]
    values = {
        "candidates": list(people), "numbers": issued, "batch": batch.pk, "at": now(), "by": by.pk,
        "school": batch.school_id, "county": batch.request.county_id, "prefecture": batch.request.prefecture_id,
        "stage": Stage.SENIOR.value, "bucket": BUCKET_OF[Stage.SENIOR].value, "year": batch.year, "begins": date(batch.year, 9, 1),
        "resident": IdType.RESIDENT.value, "status": EnrolmentState.ENROLLED.value, "grade": FIRST_GRADE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [[pk for pk, _ in keyed], [key for _, key in keyed]])
        known = dict(cursor.fetchall())
        fresh = iter(_ids(cursor, "registry_student", len(people) - len(known)))
        values["students"] = [known.get(pk) or next(fresh) for pk in people]
        values["fresh"] = [pk not in known for pk in people]
        values["enrolments"] = _ids(cursor, "registry_enrolment", len(people))
        for statement in _REGISTER:
            cursor.execute(_M + statement, values)


def _ids(cursor, table: str, count: int) -> list[int]:
    """Ids to come, so that all the rows can be written without reading one back."""
    cursor.execute(_IDS, [table, count])
    return [pk for (pk,) in cursor.fetchall()]
