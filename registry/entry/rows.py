"""Children as the lists show them: state, ID number masked, where a former record is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linxia_xueji.addresses import address
from registry.entry.facts import known_of, place_of
from registry.entry.states import EntryState, counted, tone_of
from registry.models import Entrant
from registry.showing import shown


@dataclass(frozen=True)
class Row:
    """One child of a list. `former`: where a record of the same stage is open, empty where none is."""

    entrant: Entrant
    former: str

    @property
    def url(self) -> str:
        """The page of the child."""
        return address("registry:entrant", self.entrant.pk)

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return tone_of(self.entrant.state)

    @property
    def words(self) -> str:
        """The state."""
        return EntryState(self.entrant.state).label

    @property
    def number(self) -> str:
        """The ID number, masked."""
        return shown("id_number", self.entrant.id_number) or self.entrant.get_id_type_display()


def rows_of(entrants: Iterable[Entrant], stage: str) -> list[Row]:
    """Rows of children with their state (`with_state`), in two queries more."""
    people = list(entrants)
    known = known_of(people, stage)
    return [Row(person, former_of(person, known)) for person in people]


def former_of(person: Entrant, known) -> str:
    """Where the record is that keeps the child's enrolment pending, or would."""
    elsewhere = [place_of(e) for e in known.open_of(person) if not e.pending]
    if person.former_outside and person.former_closed_on is None:
        elsewhere.append(f"{person.former_outside}（州外）")
    return "、".join(elsewhere)


def state_counts(entrants: QuerySet[Entrant], on: date) -> list[dict]:
    """Every state that somebody is in, with its count; for the row of figures."""
    return [
        {"words": state.label, "label": f"人{state.label}", "value": count, "tone": "", "url": ""}
        for state, count in counted(entrants, on).items()
        if count
    ]
