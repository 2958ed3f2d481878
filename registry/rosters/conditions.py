"""Which students are meant: of which day, where, and how they stand. Kept as plain data with an export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from linxia_xueji.models import Organisation
from registry.roster.grades import words_of
from registry.rosters.dimensions import DIMENSIONS

_PATHS = {
    "county": "county",
    "school": "school",
    "stage": "stage",
    "grade": "grade__grade",
    "class": "grade__school_class",
    "boarding": "living__boarding",
    "left_behind": "living__left_behind",
    "ethnicity": "facts__ethnicity",
    "sex": "facts__sex",
    "state": "status__status",
}
"""Condition → the column it looks at; `county` and `school` are ids of organisations."""


@dataclass(frozen=True)
class Conditions:
    """A day, and column → value; a condition that is not named does not narrow."""

    day: date
    values: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, day: date, values: dict[str, Any]) -> "Conditions":
        """What a form or an address says; empty values narrow nothing.

        :param values: condition → value; organisations stand as themselves or as their ids.
        """
        found = {name: getattr(values.get(name), "pk", values.get(name)) for name in _PATHS}
        return cls(day, tuple((name, value) for name, value in found.items() if value not in (None, "")))

    def lookups(self) -> dict[str, Any]:
        """The same as lookups of a query on which `dimensions.dated` has joined the rows of the day."""
        return {_PATHS[name]: value for name, value in self.values}

    def data(self) -> dict[str, Any]:
        """As it is kept with an export."""
        return dict(self.values)

    def words(self) -> str:
        """As people read it: 东乡县 · 小学 · 住校."""
        return " · ".join(self._each()) or "全部"

    def _each(self) -> Iterator[str]:
        values = dict(self.values)
        places = [values[name] for name in ("county", "school") if name in values]
        names = dict(Organisation.objects.filter(pk__in=places).values_list("pk", "short_name")) if places else {}
        for name, value in self.values:
            if name in ("county", "school"):
                yield names.get(value, "")
            elif name == "grade":
                yield words_of(value)
            else:
                known = DIMENSIONS[name].known
                yield known[value] if known else str(value)
