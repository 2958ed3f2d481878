"""Finding the student a change is for: one's own by any search, a stranger's child only by name and number together."""

from django.core import signing
from django.db.models import Q, QuerySet

from linxia_xueji.access import Access
from linxia_xueji.identity import id_normal, name_key
from linxia_xueji.prepared import records
from registry.models import Enrolment, KeyFacts
from transfers.enrolled import enrolments_for_pages

VALID = 3600
"""Seconds for which a student found by name and number may be applied for."""
TOO_LONG = 19
"""Digits that no id of the database has."""
_SALT = "transfers.finding"


def find(name: str, number: str) -> list[Enrolment]:
    """The present enrolments of whoever has that name and that ID number, 全国学籍号 or 学号; both must fit.

    The receiving school of a transfer has both on the parents' papers; neither alone tells it anything.
    """
    number = id_normal(number)
    if not number or not name_key(name):
        return []
    owners = Q(student__key_facts__id_number=number, student__key_facts__valid_to=None)
    owners |= Q(student__national_number=number) | Q(student_number__number=number)
    found = enrolments_for_pages().filter(owners).order_by("ends_on", "-begins_on", "pk").distinct()[:5]
    names = dict(
        KeyFacts.objects.filter(student__in=[e.student_id for e in found], valid_to=None).values_list("student", "name")
    )
    return [e for e in found if name_key(names.get(e.student_id, "")) == name_key(name)]


def key_for(enrolment: Enrolment, access: Access) -> str:
    """What names the enrolment in an address for this person, for an hour."""
    return signing.dumps([enrolment.pk, access.user_id], salt=_SALT)


def opened(key: str, access: Access) -> Enrolment | None:
    """The enrolment an address names: one of one's own by its id, another by the key given for it; None otherwise."""
    if key.isascii() and key.isdigit():
        found = records(_own, access, of=(int(key),)) if len(key) < TOO_LONG else []
        return found[0] if found else None
    try:
        pk, user = signing.loads(key, salt=_SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    return enrolments_for_pages().filter(pk=pk).first() if user == access.user_id else None


def _own(access: Access, pk: int) -> QuerySet[Enrolment]:
    return enrolments_for_pages().filter(pk__in=Enrolment.objects.open_to(access).filter(pk=pk).values("pk"))
