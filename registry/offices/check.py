"""Checking the two tables. Nothing is written: cells go in, typed rows and faults come out."""

from dataclasses import dataclass

from registry.offices.columns import PEOPLE, SCHOOLS
from registry.offices.faults import Fault
from registry.offices.known import Known
from registry.offices.people import PeopleSheet, PersonRow
from registry.offices.reading import Listing
from registry.offices.schools import SchoolRow, SchoolSheet


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: both tables as read, typed rows without error, every fault."""

    listings: dict[str, Listing]
    schools: tuple[SchoolRow, ...]
    people: tuple[PersonRow, ...]
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> int:
        """Faults because of which nothing can be imported."""
        return sum(fault.is_error for fault in self.faults)

    @property
    def summary(self) -> dict[str, int]:
        """What an import would do, as it is shown and compared."""
        return {
            "schools": sum(row.new for row in self.schools),
            "schools_same": sum(not row.new for row in self.schools),
            "people": sum(row.new for row in self.people),
            "people_same": sum(not row.new for row in self.people),
            "rows": sum(len(listing.rows) for listing in self.listings.values()),
            "errors": self.errors,
            "warnings": len(self.faults) - self.errors,
        }


def check(listings: dict[str, Listing], known: Known) -> Report:
    """Check every row of both tables against itself, the others and what is there."""
    schools = SchoolSheet(listings.get(SCHOOLS.name), known)
    people = PeopleSheet(listings.get(PEOPLE.name), known, schools)
    return Report(listings, tuple(schools.clean), tuple(people.clean), (*schools.faults, *people.faults))
