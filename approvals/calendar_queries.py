"""The calendar as the database knows it: the national notices loaded, and the local days of an organisation."""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet, SmallIntegerField, TextField, Value
from django.db.models.functions import Cast

from approvals.calendar import Calendar, Notice
from approvals.models import CalendarNotice, LocalDay
from linxia_xueji.models import Organisation
from linxia_xueji.prepared import answer

REFERENCE = Path("fixtures") / "calendar" / "national_notices.json"
_NO_TEXT, _NO_NUMBER = Value("", TextField()), Value(0, SmallIntegerField())


class Stored(NamedTuple):
    """A national notice (organisation 0; `free` and `work` as JSON) or a local day (`day`, `kind`), as it is stored."""

    day: date
    pk: int
    organisation: int
    kind: str
    document: str
    year: int
    free: str
    work: str
    amends: str


def in_force() -> tuple[list[Stored], list[Stored]]:
    """The national notices in order of issue, and the local days of all organisations, in force now: one query."""
    rows = sorted(Stored(*columns) for columns in answer(_in_force))
    return [r for r in rows if not r.organisation], [r for r in rows if r.organisation]


def _in_force() -> QuerySet:
    lists = (Cast("free", TextField()), Cast("work", TextField()))
    notices = CalendarNotice.objects.filter(revoked_at=None).order_by()
    days = LocalDay.objects.filter(revoked_at=None).order_by()
    return notices.values_list("issued_on", "pk", _NO_NUMBER, _NO_TEXT, "document", "year", *lists, "amends").union(
        days.values_list(
            "day", "pk", "organisation", "kind", _NO_TEXT, _NO_NUMBER, _NO_TEXT, _NO_TEXT, _NO_TEXT
        ),
        all=True,
    )  # fmt: skip


def reference_notices() -> list[Notice]:
    """The notices of the reference file, in order of issue."""
    rows = json.loads((settings.BASE_DIR / REFERENCE).read_text(encoding="utf-8"))
    return [Notice.read(row) for row in rows]


def notice_of(row: CalendarNotice) -> Notice:
    """The notice a row holds. ValueError where the row cannot be one."""
    return Notice.read(
        {
            "document": row.document,
            "issued": row.issued_on.isoformat(),
            "year": row.year,
            "free": row.free,
            "work": row.work,
            "amends": row.amends,
            "source": row.source,
        }
    )


def national_notices() -> list[Notice]:
    """The notices in force, in order of issue; before any is loaded, those of the reference file. One query."""
    loaded = [notice_of(row) for row in CalendarNotice.objects.filter(revoked_at=None)]
    return loaded or reference_notices()


def local_days(organisation: Organisation, known_on: date | None = None) -> list[LocalDay]:
    """The local days that hold for the organisation, one a day: its own, or else of the nearest that runs it.

    Two queries at most.

    :param known_on: as entered by the end of that day; None: all in force now.
    """
    nearness = {o.pk: i for i, o in enumerate(_with_ancestors(organisation))}
    rows = LocalDay.objects.filter(organisation__in=nearness)
    if known_on is None:
        rows = rows.filter(revoked_at=None)
    else:
        rows = rows.filter(recorded_at__date__lte=known_on).filter(
            Q(revoked_at=None) | Q(revoked_at__date__gt=known_on)
        )
    holding: dict[date, LocalDay] = {}
    for row in sorted(rows, key=lambda r: (-nearness[r.organisation_id], r.recorded_at, r.pk)):
        holding[row.day] = row
    return sorted(holding.values(), key=lambda r: r.day)


@lru_cache(maxsize=256)
def calendar_of(notices: tuple[Stored, ...], off: frozenset[date], work: frozenset[date]) -> Calendar:
    """The calendar these rows make; the same rows make it once in the life of the process."""
    national = [
        Notice.read(
            row._asdict() | {"issued": str(row.day), "free": json.loads(row.free), "work": json.loads(row.work)}
        )
        for row in notices
    ]
    return Calendar(national or reference_notices(), off, work)


def calendar_for(organisation: Organisation, known_on: date | None = None) -> Calendar:
    """The working days of an organisation, in three queries at most.

    :param known_on: the calendar as it was known on that day; None: as it is known now.
    """
    days = local_days(organisation, known_on)
    return Calendar(
        national_notices(),
        off=[d.day for d in days if d.kind != LocalDay.Kind.WORKING],
        work=[d.day for d in days if d.kind == LocalDay.Kind.WORKING],
        known_on=known_on,
    )


def _with_ancestors(organisation: Organisation) -> list[Organisation]:
    """Itself first, then whoever runs it: one query, however deep."""
    if organisation.parent_id is None or "parent" in organisation._state.fields_cache:
        return organisation.ancestors()
    return Organisation.objects.select_related("parent__parent__parent").get(pk=organisation.pk).ancestors()
