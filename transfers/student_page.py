"""The page of a student: how they stand, what is under way, what was, who looked, and what may be begun."""

from typing import Any

from django.db.models import QuerySet

from linxia_xueji.access import Access, access_of
from linxia_xueji.dates import today
from linxia_xueji.enums import Permission
from linxia_xueji.prepared import records
from registry.models import Candidate, Enrolment
from registry.person.sheet import columns_of
from registry.person.standing import StandingForm, standing_on
from registry.person.timeline import events_of
from registry.views.lookers import lookers
from transfers.business import Applied
from transfers.busy import busy_words
from transfers.enrolled import enrolled_of, open_request_of
from transfers.entries import entries_for
from transfers.freeze import freeze_words
from transfers.models import Change
from transfers.panel import person, who
from transfers.papers import may_print_base_info


def student_page(enrolment: Enrolment, user, asked=None, *, full: bool = False) -> dict[str, Any]:
    """All the page shows. :param asked: what was asked about a day (GET). :param full: with what is masked, on record."""
    access, enrolled = access_of(user), enrolled_of(enrolment)
    busy = open_request_of(enrolment.student_id) if enrolled.open_requests else None
    candidates = records(_candidates, access, of=(enrolment.pk,))
    form = StandingForm(asked or None)
    standing = standing_on(enrolment, access, **form.cleaned_data) if form.is_bound and form.is_valid() else None
    applied = Applied(enrolled, None, None, None, None)
    return {
        "enrolled": enrolled,
        "enrolment": enrolment,
        "full": full,
        "who": person(applied, full=True) if full else who(applied),
        "columns": columns_of(enrolment) if full else (),
        "entries": entries_for(enrolled),
        "busy": busy_words(busy, user) if busy else "",
        "history": records(_changes, access, of=(enrolment.student_id,)),
        "events": events_of(enrolment, access),
        "form": form,
        "standing": standing,
        "lookers": lookers(enrolment),
        "candidate": candidates[0] if candidates else None,
        "may_file": access.may(Permission.PREPARE_BUSINESS, enrolment.school),
        "freeze": freeze_words(enrolment.school, today()),
        "prints": may_print_base_info(enrolment, access),
    }


def _changes(access: Access, student: int) -> QuerySet[Change]:
    theirs = Change.objects.open_to(access).filter(enrolment__student=student)
    return theirs.select_related("request").order_by("-request__created_at")


def _candidates(access: Access, enrolment: int) -> QuerySet:
    return Candidate.objects.open_to(access).filter(enrolment=enrolment).values_list("pk", flat=True)[:1]
