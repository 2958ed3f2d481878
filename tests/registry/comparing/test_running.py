"""Every planted difference is found, none invented, and what is mended closes in the next comparison."""

import os

from registry.comparing import intake, running, tasks
from registry.comparing.enums import ComparisonState, DifferenceKind, PairDecision
from registry.comparing.deeds import decide
from registry.models import Comparison, Difference, Feedback, Pair
from tests.registry.comparing.exports import Books
from tests.transfers.support import announce_terms
from tests.world import PREFECTURE

ROWS = int(os.environ.get("COMPARED_ROWS", "2000"))
TERM = "2026-autumn"


def compared(world, national: bytes, provincial: bytes) -> Comparison:
    """A comparison of these two, done."""
    prefecture, centre = world.organisation(PREFECTURE), world.centre
    opened = intake.open_comparison(prefecture=prefecture, term=TERM, by=centre)
    for system, content in (("national", national), ("provincial", provincial)):
        upload = intake.receive(comparison=opened, system=system, content=content, name=f"{system}.xlsx", by=centre)
        if upload.mapping is None:
            intake.map_columns(upload=upload, columns=upload.columns, name=f"{system}导出", by=centre)
    intake.start(comparison=opened, by=centre)
    tasks.run_comparison(opened.pk)
    opened.refresh_from_db()
    assert (opened.state, opened.error) == (ComparisonState.DONE, "")
    return opened


def shown(comparison: Comparison) -> set[tuple[str, str, str]]:
    """What stands after it, as the generator plants it; the number is that of the register, else of the file."""
    found = Difference.objects.all().shown_by(comparison.pk)
    return {(d.national_number.reveal(), DifferenceKind(d.kind), d.field) for d in found}


def test_all_planted_are_found_and_half_are_mended(world):
    announce_terms(world)
    books = Books(ROWS, ROWS // 40)
    books.register()
    first = compared(world, books.national(), books.provincial())
    assert shown(first) == books.expected()
    assert first.summary["opened"] == Difference.objects.count() == ROWS // 40
    mended = books.mend_half()
    second = compared(world, books.national(), books.provincial())
    assert shown(second) == books.expected()
    ends = {(d.national_number.reveal(), DifferenceKind(d.kind), d.field) for d in second.closed.all()}
    assert ends == mended and second.opened.count() == 0
    assert sum(f.standing for f in Feedback.objects.filter(comparison=second)) == len(books.planted)
