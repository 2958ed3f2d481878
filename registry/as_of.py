"""What was true on a day, and what we knew of it at a moment."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from registry.models import Enrolment


def held(day: date, known: datetime | None = None, prefix: str = "") -> Q:
    """Dated rows that hold on a day. The first day of the next row is not this one's any more.

    :param known: as it was known at that moment: rows recorded later are not there yet, and an end recorded later has
        not come yet. Without it, as it is known now.
    :param prefix: the way to the rows from what is asked for (`statuses__`).
    """
    return _holds(prefix, "valid_from", "valid_to", day, known)


def enrolled(day: date, known: datetime | None = None, prefix: str = "") -> Q:
    """Enrolments that are active on a day, as `held`; on the day it ends an enrolment is active no more."""
    return _holds(prefix, "begins_on", "ends_on", day, known)


def _holds(prefix: str, first: str, last: str, day: date, known: datetime | None) -> Q:
    open_ended = Q(**{f"{prefix}{last}": None}) | Q(**{f"{prefix}{last}__gt": day})
    if known is None:
        return Q(**{f"{prefix}{first}__lte": day}) & open_ended
    not_yet = Q(**{f"{prefix}closed_at__gt": known})
    return Q(**{f"{prefix}{first}__lte": day, f"{prefix}recorded_at__lte": known}) & (open_ended | not_yet)


def register_on(day: date, known: datetime | None = None) -> QuerySet[Enrolment]:
    """The enrolments active on a day; who may see which is asked by the caller (`visible_to`)."""
    return Enrolment.objects.filter(enrolled(day, known))
