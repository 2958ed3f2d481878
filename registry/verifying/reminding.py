"""Reminding those who have not finished: at most once in so many days, however often somebody asks."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from approvals.messages import tell
from linxia_xueji.access import access_of, office_of, people_at
from linxia_xueji.enums import Permission
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import SchoolVerification, Verification
from registry.verifying.enums import SchoolState

AHEAD = timedelta(days=3)
"""How long before the last day those who have not finished are reminded (assumed), and how long until the next reminder."""


def left(verification: Verification) -> QuerySet[SchoolVerification]:
    """Schools whose head has not signed."""
    return verification.schools.exclude(state=SchoolState.SIGNED)


@transaction.atomic
def remind(*, verification: Verification, on: date, by: User) -> int:
    """Remind the schools of the person's office now; those reminded today already are left alone. Returns how many.

    :raises Refusal: for who is no authority.
    """
    office = office_of(by)
    if office is None:
        raise Refusal("催办由县市教育局或州学管中心进行")
    own = left(verification).open_to(access_of(by))
    count = _remind(verification, own, Q(reminded_on=None) | Q(reminded_on__lt=on), on, by)
    record(action="催办信息核查", by=by, target=verification, organisation=office, after={"schools": count})
    return count


def remind_due(on: date) -> int:
    """Those whose last day is near or past, by the clock; for the daily job. Returns how many schools."""
    count = 0
    for verification in (
        Verification.objects.filter(due_on__lte=on + AHEAD)
        .filter(schools__state__in=(SchoolState.WORKING, SchoolState.ATTESTED))
        .distinct()
    ):
        with transaction.atomic():
            long_ago = Q(reminded_on=None) | Q(reminded_on__lte=on - AHEAD)
            count += _remind(verification, left(verification), long_ago, on, None)
    return count


def _remind(verification: Verification, rows: QuerySet, when: Q, on: date, by: User | None) -> int:
    """Who is reminded is settled by the rows themselves: of two who remind at once the second finds them reminded."""
    held = list(rows.filter(when).select_for_update(of=("self",)).values_list("pk", "school", "state"))
    SchoolVerification.objects.filter(pk__in=[pk for pk, *_ in held]).update(reminded_on=on)
    due = f"，期限{verification.due_on:%Y-%m-%d}" if verification.due_on else ""
    link = reverse("registry:verification", args=[verification.pk])
    for state, permission, words in (
        (SchoolState.WORKING, Permission.PREPARE_BUSINESS, "尚未完成逐班核查"),
        (SchoolState.ATTESTED, Permission.DECIDE_AS_SCHOOL, "待校长签字"),
    ):
        schools = [school for _, school, stands in held if stands == state]
        if schools:
            tell(people_at(permission, schools, on), f"催办：{verification}{words}{due}", link=link, by=by)
    return len(held)
