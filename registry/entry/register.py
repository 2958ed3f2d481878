"""The end of the route: an enrolment for every child that came, pending where a former one is open elsewhere (一（二）)."""

from datetime import date

from django.db import IntegrityError, transaction

from linxia_xueji.dates import now
from linxia_xueji.refusal import Refusal
from registry.deeds import enrol, set_key_facts
from registry.entry.batches import COPIED
from registry.entry.facts import Known, known_of
from registry.enums import EntryArrival
from registry.models import Entrant, EntryBatch, Student
from registry.roster.grades import GRADES_OF


def register(batch: EntryBatch, *, by, on: date) -> dict[str, int]:
    """Register everybody who came, in the transaction of the last decision. Returns how many, and how many are pending.

    :raises Refusal: where somebody was enrolled meanwhile, or nobody came.
    """
    people = list(batch.entrants.filter(arrival=EntryArrival.REPORTED, removed_on=None, enrolment=None).order_by("pk"))
    if not people:
        raise Refusal("批次中没有已报到的学生，请退回修改")
    known = known_of(people, batch.stage)
    try:
        with transaction.atomic():
            pending = sum(_register(person, known, batch, by, on) for person in people)
    except IntegrityError as error:
        raise Refusal("有学生刚在别处注册，请刷新后核对；没有注册任何学生", rule="enrolment.duplicate") from error
    return {"registered": len(people), "pending": pending}


def _register(person: Entrant, known: Known, batch: EntryBatch, by, on: date) -> bool:
    begins = _first_day(person, batch, on)
    student = known.student_of(person)
    if student is None:
        student = Student.objects.create(recorded_at=now()).pk
        set_key_facts(student, {name: getattr(person, name) for name in COPIED}, valid_from=begins, by=by)
    outside = bool(person.former_outside) and person.former_closed_on is None
    pending = outside or any(not e.pending for e in known.open_of(person))
    person.known_id = student
    person.enrolment = enrol(
        student=person.known, school=batch.school, stage=batch.stage, entry_year=batch.year,
        grade=GRADES_OF[batch.stage][0], school_class=person.school_class, on=begins, by=by, pending=pending,
    )  # fmt: skip
    person.save(update_fields=["known", "enrolment"])
    return pending


def _first_day(person: Entrant, batch: EntryBatch, on: date) -> date:
    """1 September for those of the first batch (assumed), the day of arrival for those who came later."""
    term = date(batch.year, 9, 1)
    return term if batch.sequence == 1 else max(term, person.reported_on or on)
