"""The facts of a batch's children, in a fixed number of queries: what the register already knows of each."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from linxia_xueji.identity import id_birth, id_fault, id_sex, name_key
from linxia_xueji.reading import once
from registry.entry.rules import EntrantFacts
from registry.entry.states import ENDED, EntryState, urgent, with_state
from registry.enums import BUCKET_OF, IdType
from registry.models import Enrolment, Entrant, EntryBatch, KeyFacts


@dataclass
class Known:
    """What the register has of the people asked about: their facts by ID number, and what is open of the stage by student."""

    by_number: dict[str, KeyFacts] = field(default_factory=dict)
    open: dict[int, list[Enrolment]] = field(default_factory=dict)

    def student_of(self, entrant: Entrant) -> int | None:
        """The student that this child is; None where nobody of the number is known."""
        if entrant.known_id:
            return entrant.known_id
        facts = self.facts_of(entrant)
        return facts.student_id if facts else None

    def facts_of(self, entrant: Entrant) -> KeyFacts | None:
        """What the register says of the holder of the number."""
        return self.by_number.get(entrant.id_number.reveal()) if entrant.id_type == IdType.RESIDENT else None

    def open_of(self, entrant: Entrant) -> list[Enrolment]:
        """Records of the same stage that are open, the child's own new one left out."""
        return [e for e in self.open.get(self.student_of(entrant), ()) if e.pk != entrant.enrolment_id]


def known_of(entrants: list[Entrant], stage: str) -> Known:
    """What the register has of them, in two queries."""
    numbers = [n for e in entrants if e.id_type == IdType.RESIDENT and (n := e.id_number.reveal())]
    found = KeyFacts.objects.filter(valid_to=None, id_type=IdType.RESIDENT, id_number__in=numbers) if numbers else []
    known = Known({facts.id_number.reveal(): facts for facts in found})
    students = {s for e in entrants if (s := known.student_of(e))}
    rows = Enrolment.objects.filter(student__in=students, bucket=BUCKET_OF[stage], ends_on=None) if students else []
    for enrolment in rows.select_related("school", "county__division") if students else ():
        known.open.setdefault(enrolment.student_id, []).append(enrolment)
    return known


def place_of(enrolment: Enrolment) -> str:
    """Where a record is: county and school, nothing else."""
    county = enrolment.county
    return f"{county.division.short_name if county else '州直属'}{enrolment.school.short_name}"


def everybody(batch: EntryBatch, on: date) -> list[Entrant]:
    """Everybody of the batch with their state, who was removed too; those with something to do first. Read once a page."""
    return once(("entrants", batch.pk, on), lambda: list(_everybody(batch, on)))


def _everybody(batch: EntryBatch, on: date) -> QuerySet[Entrant]:
    return with_state(batch.entrants.select_related("enrolment"), on).order_by(urgent(), "name", "pk")


def states_of(batch: EntryBatch, on: date) -> Counter[EntryState]:
    """How many of the batch stand where."""
    return Counter(EntryState(person.state) for person in everybody(batch, on))


def known_in(batch: EntryBatch, on: date) -> Known:
    """What the register has of everybody of the batch; read once a page."""
    return once(("known", batch.pk, on), lambda: known_of(everybody(batch, on), batch.stage))


def standing(batch: EntryBatch, on: date) -> list[Entrant]:
    """Everybody of the batch who has reached no end otherwise; those registered with it among them."""
    others = {state for state in ENDED if state != EntryState.REGISTERED}
    return sorted(
        (p for p in everybody(batch, on) if p.state not in others), key=lambda person: (person.name, person.pk)
    )


def gather(batch: EntryBatch, on: date) -> list[tuple[Entrant, EntrantFacts]]:
    """Every child standing with its facts."""
    people, known = standing(batch, on), known_in(batch, on)
    return [(p, facts_of(p, known, p.undecided or p.returns_on is not None)) for p in people]


def facts_of(person: Entrant, known: Known, deferral: bool) -> EntrantFacts:
    """The facts of one child; `urged` comes with `with_state`. :param deferral: asked for and not decided, or accepted."""
    number = person.id_number.reveal() if person.id_type == IdType.RESIDENT else ""
    fault = (id_fault(number) or "") if person.id_type == IdType.RESIDENT else ""
    facts, others = known.facts_of(person), known.open_of(person)
    waiting = next((e for e in others if e.pending), None)
    former = next((e for e in others if not e.pending and e.school_id != person.school_id), None)
    return EntrantFacts(
        arrival=person.arrival,
        urged=person.urged,
        deferral=deferral,
        id_fault=fault,
        contradicted=contradictions(person, number) if number and not fault else (),
        known_as=facts is not None and name_key(facts.name) != name_key(person.name),
        known=known.student_of(person) is not None,
        former=place_of(former) if former else person.former_outside if person.former_closed_on is None else "",
        here=any(e.school_id == person.school_id for e in others),
        waiting=place_of(waiting) if waiting and waiting.school_id != person.school_id else "",
    )


def contradictions(person: Entrant, number: str) -> tuple[str, ...]:
    """Fields that a sound number says otherwise."""
    found = () if id_sex(number) == person.sex else ("性别",)
    return found if id_birth(number) == person.birth_date else (*found, "出生日期")
