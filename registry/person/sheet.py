"""What came with the student from the national system, column by column; shown whole on record only."""

import json

from registry.models import Enrolment, RosterRecord


def columns_of(enrolment: Enrolment) -> list[tuple[str, str]]:
    """Header and text of every column that was filled, in the order of the file; empty where none was imported."""
    record = RosterRecord.objects.filter(enrolment=enrolment, superseded_at=None).select_related("line").first()
    return list(json.loads(record.line.archive.reveal()).items()) if record else []
