"""What can be begun: each entry is a business with its form; a transfer has three, by where it goes."""

from dataclasses import dataclass, replace

from django.db.models import QuerySet

from linxia_xueji.access import Access
from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.prepared import hang, records
from linxia_xueji.reach import run_by
from registry.enums import EnrolmentState
from registry.models import Programme
from transfers.business import Business, business_named
from transfers.enrolled import Enrolled
from transfers.enums import Direction
from transfers.forms import ChangeForm, IncomingForm, OutgoingForm
from transfers.models import Change, Transfer
from transfers.routes import PROBLEMS


@dataclass(frozen=True)
class Entry:
    """One way to begin: `needs_student` unless the student comes from outside; `anywhere` where the student is another school's."""

    slug: str
    label: str
    business: Business
    form: type[ChangeForm]
    needs_student: bool = True
    anywhere: bool = False


def _entries() -> dict[str, Entry]:
    transfer = business_named("transfer")
    found = [
        Entry("transfer", "转学（转入本校）", transfer, transfer.form, anywhere=True),
        Entry("outgoing", "转往州外", transfer, OutgoingForm),
        Entry("incoming", "从州外转入", transfer, IncomingForm, needs_student=False),
    ]
    rest = ("suspension", "resumption", "withdrawal", "expulsion", "key_info", "death", "abroad", *PROBLEMS)
    found += [Entry(code, business_named(code).label, business_named(code), business_named(code).form) for code in rest]
    return {entry.slug: entry for entry in found}


def entry_named(slug: str) -> Entry | None:
    """The entry of an address, or None."""
    return _entries().get(slug)


def entries_for(enrolled: Enrolled) -> list[Entry]:
    """What may be asked of a student at all; 延长休学期 is what 休学 means for one who is suspended."""
    return [said_of(e, enrolled) for e in _entries().values() if e.needs_student and not _idle(e, enrolled)]


def said_of(entry: Entry, enrolled: Enrolled | None) -> Entry:
    """The entry as it is called for this student."""
    extends = entry.slug == "suspension" and enrolled is not None and enrolled.status == EnrolmentState.SUSPENDED
    return replace(entry, label="延长休学期") if extends else entry


def _idle(entry: Entry, enrolled: Enrolled) -> bool:
    """No school would expel in compulsory schooling: the business is not offered, the rule says why to whoever asks.

    What settles a 问题学籍 is begun from its page.
    """
    return (
        entry.slug in PROBLEMS
        or entry.slug == "expulsion"
        and enrolled.enrolment.stage in (Stage.PRIMARY, Stage.JUNIOR)
    )


def entry_of(change: Change, detail) -> Entry:
    """The entry by which a change was begun."""
    if isinstance(detail, Transfer) and detail.direction != Direction.INSIDE:
        return _entries()[detail.direction]
    return _entries()[change.request.kind]


def schools_for(entry: Entry, access: Access, enrolled: Enrolled | None) -> tuple[Organisation, ...]:
    """Who could apply: for a transfer the receiving schools a registrar fills in for, any school for whoever only asks; else the student's own."""
    if not entry.anywhere and entry.needs_student:
        return (enrolled.enrolment.school,)
    fills_in = access.organisations(Permission.PREPARE_BUSINESS)
    found = tuple(records(_receiving, fills_in, of=()))
    _teach(found + ((enrolled.enrolment.school,) if enrolled else ()))
    return found


def _receiving(fills_in: frozenset[int]) -> QuerySet[Organisation]:
    schools = Organisation.objects.filter(level=Level.SCHOOL, valid_to=None)
    schools = schools.filter(pk__in=run_by(fills_in)) if fills_in else schools
    return schools.select_related("profile", "parent__parent__parent").order_by("code")


def _teach(schools: tuple[Organisation, ...]) -> None:
    """Read what all of them teach, those that receive and the one that sends, in one query."""
    taught: dict[int, list[Programme]] = {school.pk: [] for school in schools}
    for programme in Programme.objects.filter(organisation__in=taught):
        taught[programme.organisation_id].append(programme)
    for school in schools:
        hang(school, "programmes", taught[school.pk])
