"""From the register to the forms: what a batch's 附件1 and 附件2 say today, in a fixed number of queries.

附件1 shows what each level has signed in the round under way; what was issued takes its place in the prefecture's box.
附件2 lists the students by the numbers issued, before that by those proposed: 准考证号 order from the first number of
the range. Both use the candidates' data as registered, so that a later change of key information alters no form.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from linxia_xueji.enums import Level
from linxia_xueji.reference import ethnicities
from registry.documents.annex1 import Annex1, CountyBox, PrefectureBox, SchoolBox
from registry.documents.annex2 import Annex2, Annex2Row
from registry.enums import Arrival
from registry.models import BatchFigures, Candidate, EnrolmentBatch, IssuedNumber

IN_FORM = Q(arrival=Arrival.REPORTED, struck_on=None, held_back="")
ISSUED = Q(enrolment__student_number__isnull=False, enrolment__student_number__voided_on=None)


@dataclass(frozen=True)
class ListedBatch:
    """A line of the list of batches: 受理号, school, year of entry, state (the English code), students in 附件2."""

    batch: str
    school: str
    year: int
    state: str
    students: int


def batches() -> QuerySet[EnrolmentBatch]:
    """Batches with all that the heads of the forms need of the organisations above the school."""
    return EnrolmentBatch.objects.select_related(
        "request", "school__parent__parent__parent", "school__parent__division", "school__parent__parent__division"
    ).prefetch_related("school__names")


def batch_by_number(number: str) -> EnrolmentBatch:
    """The batch of a 受理号. :raises EnrolmentBatch.DoesNotExist: when there is none."""
    return batches().get(request__number=number)


def listed_batches() -> list[ListedBatch]:
    """All batches, the latest year first, by number, in one query."""
    batches = EnrolmentBatch.objects.order_by("-year", "request__number").annotate(
        registered=_how_many(ISSUED), reported=_how_many(IN_FORM), any_issued=Exists(_ISSUED_OF_OUTER)
    )
    return [
        ListedBatch(number, school, year, state, registered if issued else reported)
        for number, school, year, state, issued, registered, reported in batches.values_list(
            "request__number", "school__name", "year", "request__state", "any_issued", "registered", "reported"
        )
    ]


_ISSUED_OF_OUTER = IssuedNumber.objects.filter(batch=OuterRef("pk"))


def _how_many(condition: Q) -> Coalesce:
    """SQL for the number of a batch's candidates who meet the condition."""
    of_batch = Candidate.objects.filter(condition, batch=OuterRef("pk")).order_by().values("batch")
    return Coalesce(Subquery(of_batch.annotate(count=Count("pk")).values("count")), 0)


def annex1_of(batch: EnrolmentBatch, on: date) -> Annex1:
    """附件1 as far as signed. :param on: today; a batch submitted before prints the names of that day."""
    signed = {f.level: f for f in BatchFigures.objects.filter(batch=batch, round=batch.request.round)}
    county = batch.school.at(Level.COUNTY)
    return Annex1(
        year=batch.year,
        county_name=county.division.name if county else None,
        school_name=_school_name(batch, on),
        school=_school_box(signed.get(Level.SCHOOL)),
        county=_county_box(signed.get(Level.COUNTY)) if county else None,
        prefecture=_issued_box(batch) or _prefecture_box(signed.get(Level.PREFECTURE)),
    )


def _school_name(batch: EnrolmentBatch, on: date) -> str:
    """Forms print the name of their day (domain, Identifiers)."""
    return batch.school.name_on(batch.request.submitted_on or on)


def _school_box(figures: BatchFigures | None) -> SchoolBox | None:
    if figures is None:
        return None
    first, last = figures.first_number or None, figures.last_number or None
    return SchoolBox(figures.plan, figures.actual, figures.applied, first, last)


def _county_box(figures: BatchFigures | None) -> CountyBox | None:
    return CountyBox(figures.graduates, figures.plan, figures.agreed) if figures else None


def _prefecture_box(figures: BatchFigures | None) -> PrefectureBox | None:
    return PrefectureBox(figures.agreed, figures.first_number or None, figures.last_number or None) if figures else None


def _issued_box(batch: EnrolmentBatch) -> PrefectureBox | None:
    """What was issued, numbers voided later included: they stood on the form."""
    issued = IssuedNumber.objects.filter(batch=batch)
    box = PrefectureBox(**issued.aggregate(agreed=Count("pk"), first=Min("number"), last=Max("number")))
    return box if box.agreed else None


def annex2_of(batch: EnrolmentBatch, on: date, *, masked: bool = False, first_number: str = "") -> Annex2:
    """附件2 with the numbers issued, or proposed.

    :param on: today; a batch submitted before prints the names of that day.
    :param masked: for the screen, where ID numbers show only in part; the paper needs them whole.
    :param first_number: where the range would begin while nobody has signed one; without it the numbers stay empty.
    """
    issued = IssuedNumber.objects.filter(batch=batch).exists()
    people = Candidate.objects.filter(ISSUED if issued else IN_FORM, batch=batch).order_by("exam_number")
    people = people.annotate(issued_number=F("enrolment__student_number__number"))
    first = "" if issued else _first_signed(batch) or first_number
    school = _school_name(batch, on)
    return Annex2(
        year=batch.year,
        division_name=batch.school.at(Level.PREFECTURE).division.short_name,
        unit=school,
        rows=tuple(
            _row(person, person.issued_number if issued else _following(first, place), school, masked)
            for place, person in enumerate(people)
        ),
        proposed=not issued,
    )


def _first_signed(batch: EnrolmentBatch) -> str:
    """The first number of the range signed highest up: the prefecture's word goes before the school's."""
    signed = BatchFigures.objects.filter(batch=batch, round=batch.request.round).exclude(first_number="")
    numbers = dict(signed.values_list("level", "first_number"))
    return numbers.get(Level.PREFECTURE) or numbers.get(Level.SCHOOL, "")


def _following(first: str, place: int) -> str:
    return str(int(first) + place).zfill(len(first)) if first else ""


def _row(person: Candidate, number: str, school: str, masked: bool) -> Annex2Row:
    return Annex2Row(
        student_number=number,
        name=person.name,
        exam_number=person.exam_number,
        sex=person.sex,
        ethnicity=ethnicities()[person.ethnicity].name,
        birth_date=person.birth_date,
        id_number=str(person.id_number) if masked else person.id_number.reveal(),
        school_name=school,
        score=person.score,
    )
