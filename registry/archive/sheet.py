"""The first sheet of an archive: how the student stands, what happened, and what is in it, as of a day."""

from datetime import date, timedelta

from registry.archive.contents import entries_of
from registry.documents.archive import ArchiveSheet, SheetLine
from registry.enums import ArchivePart
from registry.models import Enrolment
from registry.person.standing import standing_on
from registry.person.timeline import events_of

ON_PAPER = "纸质"


def archive_sheet_of(enrolment: Enrolment, on: date) -> ArchiveSheet:
    """What the sheet says of the enrolment and those before it: on the day, or on the last one of an enrolment that ended."""
    last = enrolment.ends_on - timedelta(days=1) if enrolment.ends_on else on
    standing = standing_on(enrolment, None, max(enrolment.begins_on, last), None)
    events = ((f"{e.day:%Y-%m-%d}", e.words, e.school) for e in reversed(events_of(enrolment, None)))
    lines = (
        SheetLine(ArchivePart(e.part).label, e.title, f"{e.dated:%Y-%m-%d}", e.use.stored_id if e.use else ON_PAPER)
        for e in entries_of(enrolment)
    )
    return ArchiveSheet(enrolment.school.name_on(on), tuple(standing.lines), tuple(events), tuple(lines))
