"""Where each child of a list stands: one word from all that is recorded, until an end is reached."""

from datetime import date

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from registry.enums import EntryArrival, OutcomeKind
from registry.models import Entrant, EntryDeferral, EntryOutcome, TownshipLetter, Urging


class EntryState(TextChoices):
    """The state of one child."""

    UNMARKED = "unmarked", "未登记"
    REPORTED = "reported", "已报到"
    NO_SHOW = "no_show", "未报到"
    URGED = "urged", "督促中"
    ORDERED = "ordered", "已提请责令"
    ASKED = "asked", "延缓待决定"
    DEFERRED = "deferred", "延缓入学"
    DUE = "due", "延缓到期"
    PENDING = "pending", "待转入"
    REGISTERED = "registered", "已注册"
    ELSEWHERE = "elsewhere", "转往他处"
    OTHER = "other", "其他去向"
    REMOVED = "removed", "已移出"


TONES = {
    EntryState.REPORTED: "ok", EntryState.REGISTERED: "ok", EntryState.NO_SHOW: "bad", EntryState.URGED: "warn",
    EntryState.ORDERED: "up", EntryState.ASKED: "warn", EntryState.DEFERRED: "info", EntryState.DUE: "bad",
    EntryState.PENDING: "info",
}  # fmt: skip
CHASED = (EntryState.NO_SHOW, EntryState.URGED, EntryState.ORDERED)
"""Those on the list of urging."""
AWAY = (EntryState.ASKED, EntryState.DEFERRED, EntryState.DUE)
"""Those on the list of 延缓入学."""
ENDED = (EntryState.REGISTERED, EntryState.ELSEWHERE, EntryState.OTHER, EntryState.REMOVED)
OPEN = tuple(state for state in EntryState if state not in ENDED)


FIRST = (
    EntryState.DUE, EntryState.NO_SHOW, EntryState.UNMARKED, EntryState.URGED, EntryState.ORDERED, EntryState.ASKED,
    EntryState.PENDING, EntryState.DEFERRED,
)  # fmt: skip
"""The states that stand first on a list: something is to be done."""


def urgent() -> Case:
    """By what is to be done, to order children that have their state."""
    whens = [When(state=state.value, then=Value(place)) for place, state in enumerate(FIRST)]
    return Case(*whens, default=Value(len(FIRST)), output_field=IntegerField())


def with_state(entrants: QuerySet[Entrant], on: date) -> QuerySet[Entrant]:
    """Each with its `state` on a day, how often it was urged, when last, and when a deferred one comes back."""
    of_this = {"entrant": OuterRef("pk")}
    outcome = EntryOutcome.objects.filter(**of_this).order_by("-pk").values("kind")[:1]
    deferral = EntryDeferral.objects.filter(**of_this, accepted=True).order_by("-pk").values("returns_on")[:1]
    urgings = Urging.objects.filter(**of_this).order_by().values("entrant")
    found = entrants.annotate(
        outcome=Coalesce(Subquery(outcome), Value("")),
        returns_on=Subquery(deferral, output_field=DateField()),
        undecided=Exists(EntryDeferral.objects.filter(**of_this, decided_on=None)),
        ordered=Exists(TownshipLetter.objects.filter(**of_this)),
        urged=Coalesce(Subquery(urgings.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        urged_last=Subquery(Urging.objects.filter(**of_this).order_by("-urged_on", "-pk").values("urged_on")[:1]),
    )
    here, away = Q(arrival=EntryArrival.NO_SHOW), Q(arrival=EntryArrival.DEFERRED)
    ways = (
        (Q(removed_on__isnull=False), EntryState.REMOVED),
        (Q(enrolment__pending=True, enrolment__ends_on=None), EntryState.PENDING),
        (Q(enrolment__isnull=False), EntryState.REGISTERED),
        (Q(arrival=EntryArrival.REPORTED), EntryState.REPORTED),
        (Q(outcome=OutcomeKind.ELSEWHERE), EntryState.ELSEWHERE),
        (Q(outcome=OutcomeKind.OTHER), EntryState.OTHER),
        (away & Q(undecided=True), EntryState.ASKED),
        (away & Q(returns_on__lte=on), EntryState.DUE),
        (away, EntryState.DEFERRED),
        (here & Q(ordered=True), EntryState.ORDERED),
        (here & Q(urged__gt=0), EntryState.URGED),
        (here, EntryState.NO_SHOW),
    )
    whens = [When(test, then=Value(state.value)) for test, state in ways]
    return found.annotate(state=Case(*whens, default=Value(EntryState.UNMARKED.value), output_field=CharField()))


def counted(entrants: QuerySet[Entrant], on: date) -> dict[EntryState, int]:
    """How many stand where, every state named; one query."""
    found = with_state(entrants, on).order_by().values("state").annotate(n=Count(F("pk"))).values_list("state", "n")
    return {state: dict(found).get(state.value, 0) for state in EntryState}


def tone_of(state: str) -> str:
    """Its colour."""
    return TONES.get(EntryState(state), "")
