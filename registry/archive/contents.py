"""What is in an archive: materials put there, and those the register and the changes of enrolment bring of themselves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linxia_xueji.access import Access
from linxia_xueji.models import FileUse
from registry.enums import ArchivePart
from registry.models import ArchiveItem, Enrolment
from registry.person.timeline import seen_with

AT_ENTRY = (ArchivePart.PROOFS,)
"""Without these an archive is not set up; basics are always there. Which ones is not said by the notice: assumed."""


@dataclass(frozen=True)
class Entry:
    """One line of the archive. `use` is the scan, None where it lies on paper; `item` where somebody put it there."""

    part: str
    title: str
    dated: date
    school: str
    use: FileUse | None
    item: ArchiveItem | None = None


Source = Callable[[QuerySet[Enrolment]], Iterable[Entry]]
_SOURCES: list[Source] = []


def add_source(source: Source) -> None:
    """Make known what brings materials of itself; called from an `AppConfig.ready()`."""
    _SOURCES.append(source)


def entries_of(enrolment: Enrolment, access: Access | None = None) -> list[Entry]:
    """The materials of all enrolments that may be followed from this one (`seen_with`), in the order of the parts."""
    enrolments = seen_with(enrolment, access)
    items = ArchiveItem.objects.filter(enrolment__in=enrolments.values("pk"), removed_at=None)
    found = [
        Entry(item.part, item.title, item.dated, item.enrolment.school.short_name, item.file, item)
        for item in items.select_related("enrolment__school", "file__stored")
    ]
    for source in _SOURCES:
        found += source(enrolments)
    order = list(ArchivePart)
    return sorted(found, key=lambda e: (order.index(ArchivePart(e.part)), e.dated, e.title))


def missing(entries: list[Entry]) -> list[ArchivePart]:
    """What an archive needs to be set up and does not have."""
    there = {entry.part for entry in entries}
    return [part for part in AT_ENTRY if part not in there]
