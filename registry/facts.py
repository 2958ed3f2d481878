"""All queries for the judgement of a batch, in one place; the rules see neither ORM nor clock."""

from collections import Counter
from datetime import date
from operator import attrgetter

from django.db.models import QuerySet

from linxia_xueji.enums import Stage
from linxia_xueji.identity import proposed_name
from linxia_xueji.policy import SETTINGS
from linxia_xueji.prepared import fetch, records
from linxia_xueji.reading import once
from linxia_xueji.secrets import indexes
from registry.enums import LISTED_FIELDS, Arrival
from registry.models import (
    Candidate,
    CorrectionItem,
    CorrectionLetter,
    Deferral,
    EnrolmentBatch,
    Intake,
)
from registry.rules import EnrolmentFacts
from registry.standing import standing

EXCUSED = (Arrival.DEFERRED, Arrival.FORCE_MAJEURE)
_listed_fields = attrgetter(*LISTED_FIELDS)
# The index of the ID number, then where its bearer is enrolled today.
_ELSEWHERE = """
SELECT split_part(k.id_number, '$', 1), e.stage, s.short_name, d.short_name
  FROM registry_keyfacts k
  JOIN registry_enrolment e ON e.student_id = k.student_id AND e.ends_on IS NULL
  JOIN linxia_xueji_organisation s ON s.id = e.school_id
  JOIN linxia_xueji_division d ON d.code = s.division_id
 WHERE k.valid_to IS NULL AND split_part(k.id_number, '$', 1) = ANY(%s)
"""


def applying(batch: EnrolmentBatch) -> QuerySet[Candidate]:
    """Those the batch asks to register: reported, neither held back nor struck; by 准考证号, the order of the numbers."""
    return batch.candidates.filter(arrival=Arrival.REPORTED, held_back="", struck_on=None).order_by("exam_number")


def applicants(batch: EnrolmentBatch) -> list[Candidate]:
    """The same with the lines of the list they stand against."""
    return [person for person in people_of(batch) if is_applicant(person)]


def is_applicant(person: Candidate) -> bool:
    """Whether the batch asks to register this student: reported, neither held back nor struck."""
    return person.arrival == Arrival.REPORTED and not person.held_back and person.struck_on is None


def people_of(batch: EnrolmentBatch) -> list[Candidate]:
    """Everybody in a batch by 准考证号, with the lines of the list, the numbers issued and who struck; read once a page."""
    return once(("people", batch.pk), lambda: records(_people, of=(batch.pk,)))


def _people(batch: int) -> QuerySet[Candidate]:
    people = Candidate.objects.filter(batch=batch).order_by("exam_number")
    return people.select_related("admission", "enrolment__student_number", "struck_by")


def letters_of(batch: EnrolmentBatch) -> list[CorrectionLetter]:
    """The correction letters asked for in a batch, with what they correct; read once a page."""
    return once(("letters", batch.pk), lambda: _letters(batch) if standing(batch).letters else [])


def _letters(batch: EnrolmentBatch) -> list[CorrectionLetter]:
    letters = CorrectionLetter.objects.filter(candidate__batch=batch).select_related("candidate", "issuer", "proof")
    return list(letters.prefetch_related("items"))


def deferrals_of(batch: EnrolmentBatch) -> list[Deferral]:
    """The applications for 延期注册 and 不可抗力 in a batch; read once a page."""
    deferrals = Deferral.objects.filter(candidate__batch=batch).select_related("candidate", "accepted_by", "proof")
    return once(("deferrals", batch.pk), lambda: list(deferrals) if standing(batch).deferrals else [])


def counts(batch: EnrolmentBatch) -> dict[str, int]:
    """How many stand where."""
    people = people_of(batch)
    here = [person for person in people if person.struck_on is None]
    arrivals = Counter(person.arrival for person in here)
    return {
        "listed": len(people),
        "unmarked": arrivals[Arrival.UNMARKED],
        "reported": arrivals[Arrival.REPORTED],
        "applying": sum(map(is_applicant, here)),
        "held_back": sum(bool(person.held_back) for person in here),
        "excused": sum(arrivals[arrival] for arrival in EXCUSED),
        "no_show": arrivals[Arrival.NO_SHOW],
        "struck": len(people) - len(here),
        "standing": len(here) - arrivals[Arrival.NO_SHOW] - arrivals[Arrival.UNMARKED],
        "seated": sum(person.seat for person in people),
    }


def differing_fields(candidate: Candidate) -> frozenset[str]:
    """Fields in which the student as reported differs from the admission list in force."""
    listed = candidate.admission
    if listed is None or _listed_fields(candidate) == _listed_fields(listed):
        return frozenset()
    unlike = (f for f in LISTED_FIELDS if getattr(candidate, f) != getattr(listed, f))
    return frozenset(f for f in unlike if field_text(candidate, f) != field_text(listed, f))


def field_text(record, field: str) -> str:
    """A listed field as plain text, for comparing: dates ISO, scores with two decimals, names with the dot that is meant."""
    value = getattr(record, field)
    if field == "name":
        return proposed_name(value)
    if field == "id_number":
        return value.reveal()
    if field == "score":
        return f"{value:.2f}"
    return value.isoformat() if field == "birth_date" else str(value)


def corrected_fields(candidate: Candidate, items: list[CorrectionItem]) -> frozenset[str]:
    """Fields for which an issued letter says just what the student now reports."""
    return frozenset(i.field for i in items if i.corrected.reveal() == field_text(candidate, i.field))


def last_day_of(policy: dict, year: int) -> date:
    """The closing day of registration in a year, from the settings a request began with."""
    month, day = policy.get("enrolment.deadline.last_day", SETTINGS["enrolment.deadline.last_day"].default).split("-")
    return date(year, int(month), int(day))


def gather(batch: EnrolmentBatch, on: date) -> list[tuple[Candidate, EnrolmentFacts]]:
    """The facts of every applicant of a batch, in five queries at most whatever its size."""
    people, intake, counted = applicants(batch), intake_of(batch), counts(batch)
    before = (intake.held if intake else 0) - counted["seated"] + (counted["standing"] - len(people))
    letters: dict[int, list[CorrectionItem]] = {}
    for letter in letters_of(batch):
        if letter.issued_on:
            letters.setdefault(letter.candidate_id, []).extend(letter.items.all())
    excuses: dict[int, set[str]] = {}
    for deferral in deferrals_of(batch):
        if deferral.accepted_on:
            excuses.setdefault(deferral.candidate_id, set()).add(deferral.kind)
    elsewhere = _elsewhere(people)
    reopened = standing(batch).reopened
    request = batch.request
    last_day = last_day_of(request.policy, batch.year)
    facts = []
    for position, person in enumerate(people):
        stage, where = elsewhere.get(person.id_number.reveal(), (None, ""))
        facts.append(
            (
                person,
                EnrolmentFacts(
                    year=batch.year,
                    submitted_on=request.submitted_on or on,
                    on_admission_list=person.admission is not None
                    and person.admission.superseded_at is None
                    and person.admission.school_id == batch.school_id,
                    differing_fields=differing_fields(person),
                    corrected_fields=corrected_fields(person, letters.get(person.pk, [])),
                    reported=True,
                    deferred="deferral" in excuses.get(person.pk, ()),
                    force_majeure="force_majeure" in excuses.get(person.pk, ()),
                    plan=intake.plan if intake else 0,
                    already_enrolled=before + position,
                    active_elsewhere=stage,
                    reopened=reopened,
                    last_day=last_day,
                    elsewhere=where,
                ),
            )
        )
    return facts


def intake_of(batch: EnrolmentBatch) -> Intake | None:
    """The seats of the batch's school and year."""
    return standing(batch).intake


def _elsewhere(people: list[Candidate]) -> dict[str, tuple[str, str]]:
    """ID number → (stage, where) of another active enrolment; a senior or vocational one before any other."""
    numbers = {key: plain for person in people if (plain := person.id_number.reveal()) for key in indexes(plain)}
    found: dict[str, tuple[str, str]] = {}
    for key, stage, school, county in fetch(_ELSEWHERE, [list(numbers)]):
        if stage in (Stage.SENIOR, Stage.VOCATIONAL) or numbers[key] not in found:
            found[numbers[key]] = (stage, f"{county}{school}")
    return found
