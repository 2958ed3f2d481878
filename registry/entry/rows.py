"""Children as the lists show them: state, ID number masked, where a former record is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linxia_xueji.addresses import address
from registry.entry.facts import Known, known_of, place_of
from registry.entry.states import EntryState, tone_of
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


def rows_of(entrants: Iterable[Entrant], stage: str, known: Known | None = None) -> list[Row]:
    """Rows of children with their state (`with_state`), in two queries more where it is not `known` what the register has."""
    people = list(entrants)
    known = known or known_of(people, stage)
    return [Row(person, former_of(person, known)) for person in people]


def former_of(person: Entrant, known) -> str:
    """Where the record is that keeps the child's enrolment pending, or would."""
    elsewhere = [place_of(e) for e in known.open_of(person) if not e.pending]
    if person.former_outside and person.former_closed_on is None:
        elsewhere.append(f"{person.former_outside}（州外）")
    return "、".join(elsewhere)


def state_counts(counts: Mapping[EntryState, int]) -> list[dict]:
    """Every state that somebody is in, with its count; for the row of figures."""
    return [
        {"words": state.label, "label": f"人{state.label}", "value": counts[state], "tone": "", "url": ""}
        for state in EntryState
        if counts[state]
    ]
