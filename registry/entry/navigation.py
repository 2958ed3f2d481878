"""The places of the children's lists in the frame."""

from datetime import date

from django.db.models import QuerySet

from linxia_xueji.access import Access
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place
from registry.models import Entrant, EntryDeferral


def _reads(access: Access) -> bool:
    return access.has(Permission.VIEW_REGISTER)


def to_decide(access: Access, on: date) -> QuerySet[EntryDeferral]:
    """Applications for 延缓入学 that wait for this person's authority."""
    counties = access.organisations(Permission.DECIDE_AS_COUNTY)
    own = access.organisations(Permission.DECIDE_AS_PREFECTURE)
    waiting = EntryDeferral.objects.filter(decided_on=None).order_by()
    if counties:
        return waiting.filter(entrant__batch__request__county__in=counties)
    return waiting.filter(entrant__batch__request__county=None, entrant__batch__request__prefecture__in=own)


def due_back(access: Access, on: date) -> QuerySet[Entrant]:
    """Children of this person's school whose day to come back is here."""
    schools = access.organisations(Permission.PREPARE_BUSINESS)
    due = EntryDeferral.objects.filter(accepted=True, returns_on__lte=on).values("entrant")
    return Entrant.objects.filter(
        school__in=schools, arrival="deferred", enrolment=None, removed_on=None, pk__in=due
    ).order_by()


def waiting(access: Access, on: date) -> QuerySet:
    """What waits on the list of 延缓入学: applications for the authority, children due back for the school."""
    decides = access.has(Permission.DECIDE_AS_COUNTY) or access.has(Permission.DECIDE_AS_PREFECTURE)
    return to_decide(access, on) if decides else due_back(access, on)


def places() -> None:
    """Make them known; called when the app is ready."""
    add_place(Place("新生", 11, "小学初中新生", "registry:entry", _reads))
    add_place(Place("新生", 11, "督促名单", "registry:entry_urging", _reads))
    add_place(Place("新生", 11, "延缓入学", "registry:entry_deferrals", _reads, waiting=waiting, hot=True))
    add_place(Place("新生", 11, "待转入", "registry:entry_pending", _reads))
