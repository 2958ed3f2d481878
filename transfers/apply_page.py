"""What the pages of an application show: the form, and every rule on what is typed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from approvals.models import Request
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from linxia_xueji.policy import in_force
from linxia_xueji.prepared import records
from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import Judgement
from registry.models import Enrolment
from transfers.business import Applied
from transfers.busy import busy_words
from transfers.changes import detail_of, what_if
from transfers.enrolled import Enrolled, enrolled_of, open_request_of
from transfers.entries import Entry, entry_named, entry_of, said_of, schools_for
from transfers.finding import opened
from transfers.forms import ChangeForm
from transfers.freeze import freeze_words
from transfers.models import Change
from transfers.panel import who
from transfers.proofs import slots_filled
from transfers.slots import slots_of


@dataclass
class Application:
    """One application as it is typed, for one person."""

    entry: Entry
    enrolled: Enrolled | None
    form: ChangeForm
    access: Access
    user: Any
    change: Change | None = None
    refusal: Refusal | None = None

    @property
    def school(self) -> Organisation:
        """Who applies: the receiving school of a transfer, else the student's own."""
        detail = self.form.particulars()
        return getattr(detail, "to_school", None) or self.form.schools[0]

    @property
    def may_file(self) -> bool:
        """Whether this person fills in for one of the schools; others ask and file nothing (办理条件自查)."""
        return any(self.access.may(Permission.PREPARE_BUSINESS, school) for school in self.form.schools)

    def applied(self) -> Applied:
        """What is typed, as the rules look at it; without papers before it is filed."""
        other = _other(self.enrolled, self.change)
        return Applied(
            enrolled=self.enrolled, detail=self.form.particulars(), applied_on=self.form.cleaned_data["applied_on"],
            school=self.school, policy=in_force(self.school, self.form.on), busy=busy_words(other, self.user) if other else "",
            proofs=slots_filled(self.change) if self.change else frozenset(),
        )  # fmt: skip

    def judgement(self) -> Judgement | None:
        """Every rule on what is typed; None while it cannot be read, or while nothing may be judged (then `refusal` says why)."""
        if not self.form.is_bound or not self.form.is_valid():
            return None
        try:
            return what_if(self.entry.business, self.applied())
        except Refusal as refusal:
            self.refusal = self.refusal or refusal
            return None

    def page(self) -> dict[str, Any]:
        """All the page shows."""
        judgement = self.judgement()
        return {
            "entry": said_of(self.entry, self.enrolled),
            "enrolled": self.enrolled,
            "form": self.form,
            "judgement": judgement,
            "refusal": self.refusal,
            "may_file": self.may_file,
            "change": self.change,
            "who": who(Applied(self.enrolled, None, self.form.on, None, None)) if self.enrolled else (),
            "slots": slots_of(self.entry.business.code),
            "freeze": freeze_words(self.form.schools[0], self.form.on),
        }


def _other(enrolled: Enrolled | None, change: Change | None) -> Request | None:
    """Another open request of the student; asked for in full only where there is one."""
    own = change.request if change else None
    if enrolled is None or not any(own is None or pk != own.pk for pk in enrolled.open_requests):
        return None
    return open_request_of(enrolled.enrolment.student_id, but=own)


def application_for(user, slug: str, key: str, data, on: date) -> Application | None:
    """The application an address names; None where there is none, or the person may not see the student."""
    entry, access = entry_named(slug), access_of(user)
    if entry is None or not access.has(Permission.VIEW_REGISTER) or bool(key) != entry.needs_student:
        return None
    enrolment = opened(key, access) if key else None
    if key and (enrolment is None or not (entry.anywhere or _own(enrolment, access))):
        return None
    enrolled = enrolled_of(enrolment) if enrolment else None
    schools = schools_for(entry, access, enrolled)
    return (
        Application(entry, enrolled, entry.form(data, enrolled=enrolled, schools=schools, on=on), access, user)
        if schools
        else None
    )


def _own(enrolment: Enrolment, access: Access) -> bool:
    """A key got by name and number opens a transfer alone."""
    return bool(records(_seen, access, of=(enrolment.pk,)))


def _seen(access: Access, enrolment: int) -> QuerySet:
    return Enrolment.objects.open_to(access).filter(pk=enrolment).values_list("pk", flat=True)


def mending(change: Change, user, data, on: date) -> Application | None:
    """A filed application, to be written anew."""
    access, detail = access_of(user), detail_of(change)
    entry = entry_of(change, detail)
    enrolled = enrolled_of(change.enrolment) if change.enrolment_id else None
    schools = (change.request.school,)
    initial = entry.form.initial_of(detail) | {
        name: getattr(change, name) for name in ("applicant", "relation", "reason")
    }
    initial["applied_on"] = change.request.applied_on or on
    form = entry.form(data, enrolled=enrolled, schools=schools, on=on, initial=initial)
    if change.request.submitted_on:
        form.fix_day()
    return Application(entry, enrolled, form, access, user, change)
