"""From the register to the forms: what a batch's 附件1 and 附件2 say today, in a fixed number of queries.

附件1 shows what each level has signed in the round under way; what was issued takes its place in the prefecture's box.
附件2 lists the students by the numbers issued, before that by those proposed. Both use the candidates' data as they
were registered, so that a later change of key information alters no form.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from linxia_xueji.enums import Level
from linxia_xueji.reference import ethnicities
from linxia_xueji.refusal import Refusal
from registry.documents.annex1 import Annex1, CountyBox, PrefectureBox, SchoolBox
from registry.documents.annex2 import Annex2, Annex2Row
from registry.enums import Arrival
from registry.facts import applicants
from registry.figures import latest
from registry.models import BatchFigures, Candidate, EnrolmentBatch, IssuedNumber
from registry.numbers import proposed


@dataclass(frozen=True)
class ListedBatch:
    """A line of the list of batches: 受理号, school, year of entry, state (the English code), students in 附件2."""

    batch: str
    school: str
    year: int
    state: str
    students: int


HEADS = (
    "request",
    "school__profile",
    "school__parent__parent__parent",
    "school__parent__division",
    "school__parent__parent__division",
)
"""What the heads of the forms need of a batch's school and of the organisations above it."""


def batches() -> QuerySet[EnrolmentBatch]:
    """Batches with all that the heads of the forms need."""
    return EnrolmentBatch.objects.select_related(*HEADS).prefetch_related("school__names")


def batch_by_number(number: str) -> EnrolmentBatch:
    """The batch of a 受理号. :raises EnrolmentBatch.DoesNotExist: when there is none."""
    return batches().get(request__number=number)


def listed_batches() -> list[ListedBatch]:
    """All batches, the latest year first, by number, in one query."""
    of_batch = Candidate.objects.filter(batch=OuterRef("pk"))
    in_force = Candidate.objects.filter(enrolment__student_number__batch=OuterRef("pk"), **_NOT_VOID)
    applying = of_batch.filter(arrival=Arrival.REPORTED, held_back="", struck_on=None)
    rows = EnrolmentBatch.objects.order_by("-year", "request__number").annotate(
        any_issued=Exists(IssuedNumber.objects.filter(batch=OuterRef("pk"))),
        registered=_how_many(in_force, "enrolment__student_number__batch"),
        applying=_how_many(applying, "batch"),
    )
    return [
        ListedBatch(number, school, year, state, registered if issued else applying)
        for number, school, year, state, issued, registered, applying in rows.values_list(
            "request__number", "school__name", "year", "request__state", "any_issued", "registered", "applying"
        )
    ]


_NOT_VOID = {"enrolment__student_number__voided_on": None}


def _how_many(people: QuerySet[Candidate], by: str) -> Coalesce:
    """SQL for the number of people of the outer batch."""
    return Coalesce(Subquery(people.order_by().values(by).annotate(count=Count("pk")).values("count")), 0)


def annex1_of(batch: EnrolmentBatch, on: date) -> Annex1:
    """附件1 as far as signed. :param on: today; a batch submitted before prints the names of that day."""
    signed, county = latest(batch), batch.school.at(Level.COUNTY)
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


def annex2_of(batch: EnrolmentBatch, on: date, *, masked: bool = False) -> Annex2:
    """附件2: the numbers issued and not voided since; before that the applicants with the numbers proposed.

    :param on: today; a batch submitted before prints the names of that day.
    :param masked: for the screen, where ID numbers show only in part; the paper needs them whole.
    """
    issued = IssuedNumber.objects.filter(batch=batch).exists()
    people, numbers = _registered(batch) if issued else _applying(batch)
    school = _school_name(batch, on)
    return Annex2(
        year=batch.year,
        division_name=batch.school.at(Level.PREFECTURE).division.short_name,
        unit=school,
        rows=tuple(_row(person, numbers.get(person.pk, ""), school, masked) for person in people),
        proposed=not issued,
    )


def _registered(batch: EnrolmentBatch) -> tuple[list[Candidate], dict[int, str]]:
    people = list(
        Candidate.objects.filter(enrolment__student_number__batch=batch, **_NOT_VOID).annotate(
            issued_number=F("enrolment__student_number__number")
        )
    )
    return people, {person.pk: person.issued_number for person in people}


def _applying(batch: EnrolmentBatch) -> tuple[list[Candidate], dict[int, str]]:
    """The applicants; where the school cannot be given numbers yet the list is right all the same, without them."""
    people = applicants(batch)
    try:
        return people, proposed(batch, people)
    except Refusal:
        return people, {}


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
