"""Closing deviations with which the register agrees by now, whatever business has made it agree."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from linxia_xueji.dates import now
from registry.enums import EnrolmentState
from registry.models import Deviation, Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts
from registry.verifying.enums import DeviationEnd, DeviationKind

A_ROUND = 1000


def settle(deviations: QuerySet[Deviation] | None = None) -> int:
    """Close those of the open ones with which the register agrees. Returns how many. :param deviations: of which; all by default."""
    rows = (Deviation.objects.all() if deviations is None else deviations).filter(ended_at=None)
    ids, closed = list(rows.order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(ids), A_ROUND):
        closed += _settle(ids[start : start + A_ROUND])
    return closed


@transaction.atomic
def _settle(ids: list[int]) -> int:
    held = list(Deviation.objects.select_for_update().filter(pk__in=ids, ended_at=None))
    return Deviation.objects.filter(pk__in=agreeing(held)).update(ended_as=DeviationEnd.AGREED, ended_at=now())


def agreeing(deviations: Iterable[Deviation]) -> set[int]:
    """Which of these the register agrees with now; five queries however many there are."""
    deviations = list(deviations)
    enrolments = [d.enrolment_id for d in deviations if d.enrolment_id]
    ended = set(Enrolment.objects.filter(pk__in=enrolments, ends_on__isnull=False).values_list("pk", flat=True))
    present = {"enrolment__in": enrolments, "valid_to": None}
    status = dict(EnrolmentStatus.objects.filter(**present).values_list("enrolment", "status"))
    grade = {
        e: (g, c)
        for e, g, c in EnrolmentGrade.objects.filter(**present).values_list("enrolment", "grade", "school_class")
    }
    facts = {
        e: f
        for f in KeyFacts.objects.filter(student__enrolments__in=enrolments, valid_to=None).prefetch_related(
            "student__enrolments"
        )
        for e in (one.pk for one in f.student.enrolments.all())
    }
    come = _come([d for d in deviations if d.kind == DeviationKind.EXTRA])

    def agrees(one: Deviation) -> bool:
        if one.kind == DeviationKind.EXTRA:
            return one.pk in come
        if one.enrolment_id in ended:
            return True
        if one.kind == DeviationKind.ABSENT:
            return status.get(one.enrolment_id) == EnrolmentState.SUSPENDED
        if one.kind == DeviationKind.STATUS:
            return status.get(one.enrolment_id) == one.actual_status
        if one.kind == DeviationKind.GRADE:
            now_in = grade.get(one.enrolment_id, (None, ""))
            return now_in[0] == one.actual_grade and one.actual_class in ("", now_in[1])
        value = getattr(facts[one.enrolment_id], one.field)
        return (value.reveal() if one.field == "id_number" else str(value)) == one.actual.reveal()

    return {one.pk for one in deviations if agrees(one)}


def _come(extra: list[Deviation]) -> set[int]:
    """Who of those without an enrolment has one at that school by now: by ID number, else by name and birth date."""
    if not extra:
        return set()
    there = Enrolment.objects.filter(school__in={d.school_id for d in extra}, ends_on=None)
    numbers = [d.actual.reveal() for d in extra if d.actual]
    facts = KeyFacts.objects.filter(valid_to=None, student__enrolments__in=there)
    by_number = {
        (school, number.reveal())
        for school, number in facts.filter(id_number__in=numbers).values_list(
            "student__enrolments__school", "id_number"
        )
    }
    names = facts.filter(name__in={d.name for d in extra if not d.actual})
    by_name = set(names.values_list("student__enrolments__school", "name", "birth_date"))
    return {
        d.pk
        for d in extra
        if (d.school_id, d.actual.reveal()) in by_number
        or (not d.actual and (d.school_id, d.name, d.birth_date) in by_name)
    }
