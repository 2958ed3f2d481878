"""What the pages of the lists show: all batches, one batch, one child, those to urge, those who come later, open ends."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet

from approvals.due import clock_of
from approvals.enums import OPEN as UNDER_WAY
from approvals.enums import Move, State
from approvals.kinds import kind_of
from approvals.permission import law_forbids, why_not
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.models import Organisation
from registry.batch_list import school_of
from registry.entry.batches import GRADE_WORDS, stages_of, year_on
from registry.entry.facts import everybody, known_in, states_of
from registry.entry.rows import rows_of, state_counts
from registry.entry.states import CHASED, EntryState, counted, with_state
from registry.enums import EntryArrival
from registry.models import Entrant, EntryBatch

PAGE_SIZE = 100
SCHOOLS = 50
_LIVE = Q(entrants__removed_on=None)


class EntryFilter(forms.Form):
    """Which batches; nothing personal stands in the address."""

    year = forms.TypedChoiceField(label="入学年份", required=False, coerce=int, empty_value=None)
    stage = forms.ChoiceField(label="年级", required=False)
    county = forms.ChoiceField(label="县市", required=False)

    def __init__(self, data, years: list[int], counties: list[tuple[str, str]]):
        super().__init__(data, auto_id="filter-%s")
        self.fields["year"].choices = [("", "全部"), *((y, f"{y}年") for y in years)]
        self.fields["stage"].choices = [("", "全部"), *((s.value, w) for s, w in GRADE_WORDS.items())]
        self.fields["county"].choices = [("", "全部"), *counties]
        if len(counties) < 2:
            del self.fields["county"]


def entry_list(user, on: date, data) -> dict[str, Any]:
    """Batches with their counts, narrowed by the conditions in the address; what may be opened."""
    access, seen = access_of(user), EntryBatch.objects.visible_to(user)
    years = sorted(set(seen.values_list("year", flat=True)), reverse=True)
    counties = sorted(
        set(
            seen.exclude(request__county=None).values_list(
                "request__county__code", "request__county__division__short_name"
            )
        )
    )
    form = EntryFilter(data or None, years, counties)
    school = school_of(access)
    entrants = Entrant.objects.filter(batch__in=_narrowed(seen, form))
    return {
        "filter_form": form,
        "page": Paginator(_with_counts(_narrowed(seen, form)), SCHOOLS).get_page(data.get("page")),
        "school": school,
        "openable": _openable(school, on) if school else [],
        "year": year_on(on),
        "states": state_counts(counted(entrants, on)),
    }


def _narrowed(batches: QuerySet[EntryBatch], form: EntryFilter) -> QuerySet[EntryBatch]:
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    names = {"year": "year", "stage": "stage", "county": "request__county__code"}
    return batches.filter(**{names[key]: value for key, value in wanted.items() if value})


def _with_counts(batches: QuerySet[EntryBatch]) -> QuerySet[EntryBatch]:
    def of(*tests: Q) -> Count:
        return Count("entrants", filter=_LIVE & Q(*tests))

    found = batches.annotate(
        listed=of(), unmarked=of(Q(entrants__arrival=EntryArrival.UNMARKED)), reported=of(Q(entrants__arrival=EntryArrival.REPORTED)),
        no_show=of(Q(entrants__arrival=EntryArrival.NO_SHOW)), deferred=of(Q(entrants__arrival=EntryArrival.DEFERRED)),
        registered=of(Q(entrants__enrolment__isnull=False)),
    )  # fmt: skip
    return found.select_related("request__turn_organisation", "request__county__division", "school").order_by(
        "-year", "school__code", "-stage", "-sequence"
    )


def _openable(school: Organisation, on: date) -> list[tuple[str, str]]:
    busy = school.entry_batches.filter(year=year_on(on), request__state__in=UNDER_WAY).values_list("stage", flat=True)
    return [(stage.value, GRADE_WORDS[stage]) for stage in stages_of(school, on) if stage.value not in set(busy)]


def may_edit(batch: EntryBatch, access: Access) -> bool:
    """Whether this person may enter children."""
    return batch.request.state in (State.DRAFT, State.RETURNED) and access.may(
        Permission.PREPARE_BUSINESS, batch.school
    )


def may_mark(batch: EntryBatch, access: Access) -> bool:
    """Whether this person may enter arrivals: not while others decide."""
    return batch.request.state != State.PENDING and access.may(Permission.PREPARE_BUSINESS, batch.school)


def batch_page(batch: EntryBatch, user, on: date, *, show: str = "", page: str | int = 1) -> dict[str, Any]:
    """The working page of one batch."""
    batch.request.school = batch.school
    access, counts = access_of(user), states_of(batch, on)
    show = show if show in EntryState.values else ""
    people = [p for p in everybody(batch, on) if (p.state == show if show else p.state != EntryState.REMOVED)]
    shown = Paginator(people, PAGE_SIZE).get_page(page)
    editable = may_edit(batch, access)
    return {
        "batch": batch,
        "request_obj": batch.request,
        "grade_words": GRADE_WORDS[Stage(batch.stage)],
        "junior": batch.stage == Stage.JUNIOR,
        "clock": clock_of(batch.request, on) if batch.request.submitted_on else None,
        "editable": editable,
        "markable": may_mark(batch, access),
        "kpis": _kpis(counts, show),
        "page": shown,
        "rows": rows_of(shown.object_list, batch.stage, known_in(batch, on)),
        "unmarked": counts[EntryState.UNMARKED],
        "blocked": submit_blocked(batch, user, access, on) if editable else "",
        "returned": batch.request.entries.filter(move=Move.SEND_BACK).select_related("organisation").last()
        if batch.request.state == State.RETURNED
        else None,
        "uploads": batch.uploads.filter(imported_at=None).select_related("file").order_by("-pk")[:3]
        if editable
        else [],
    }


def submit_blocked(batch: EntryBatch, user, access: Access, on: date) -> str | None:
    """Why the batch cannot be submitted today: the same sentences that would refuse it."""
    request = batch.request
    judgement = kind_of(request).judge(request, on)
    return why_not(user, request, Move.SUBMIT, on, access) or law_forbids(judgement, Move.SUBMIT)


def _kpis(counts: Mapping[EntryState, int], show: str) -> list[dict[str, Any]]:
    everybody = sum(counts.values()) - counts[EntryState.REMOVED]
    found = [{"value": everybody, "label": "人在名单", "tone": "", "url": "?", "current": not show}]
    tones = {EntryState.UNMARKED: "soon", EntryState.NO_SHOW: "over", EntryState.DUE: "over"}
    for state in EntryState:
        if count := counts[state]:
            url = f"?show={state.value}"
            found.append(
                {
                    "value": count,
                    "label": f"人{state.label}",
                    "tone": tones.get(state, ""),
                    "url": url,
                    "current": show == state,
                }
            )
    return found


FOLLOWED = {
    "entry_urging": ("督促名单", CHASED),
    "entry_deferrals": ("延缓入学", (EntryState.ASKED, EntryState.DUE, EntryState.DEFERRED)),
    "entry_pending": ("待转入", (EntryState.PENDING,)),
}
"""List → its name, and who stands on it."""


def followed(user, on: date, name: str, data) -> dict[str, Any]:
    """One of the lists of those who are followed until an end, the longest open first."""
    label, states = FOLLOWED[name]
    seen = Entrant.objects.visible_to(user)
    people = with_state(seen, on).filter(state__in=states)
    counts = counted(seen.filter(removed_on=None), on)
    show = data.get("show", "") if data.get("show", "") in states else ""
    chosen = (people.filter(state=show) if show else people).select_related(
        "school", "batch", "enrolment", "batch__request__county__division"
    )
    page = Paginator(chosen.order_by("returns_on", "recorded_at", "pk"), PAGE_SIZE).get_page(data.get("page"))
    rows = {row.entrant.pk: row for stage in Stage for row in _of_stage(page.object_list, stage)}
    return {
        "label": label,
        "page": page,
        "rows": [rows[person.pk] for person in page.object_list],
        "kpis": [
            {"value": counts[s], "label": f"人{s.label}", "tone": "over" if s == EntryState.DUE and counts[s] else "",
             "url": f"?show={s.value}", "current": show == s} for s in states
        ],
        "by_school": _by_school(people) if access_of(user).post and access_of(user).post.organisation.level != Level.SCHOOL else [],
        "on": on,
    }  # fmt: skip


def _of_stage(people, stage: str) -> list:
    chosen = [person for person in people if person.stage == stage]
    return rows_of(chosen, stage) if chosen else []


def _by_school(people: QuerySet[Entrant]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, int]] = {}
    for school, state, n in people.order_by().values_list("school__short_name", "state").annotate(n=Count("pk")):
        found.setdefault(school, {})[EntryState(state).label] = n
    return [
        {"school": school, "counts": counts, "all": sum(counts.values())} for school, counts in sorted(found.items())
    ]


def waiting(access: Access, states: tuple[EntryState, ...], on: date) -> QuerySet[Entrant]:
    """Children in these states whom one may see; counted beside a place of the navigation."""
    return with_state(Entrant.objects.open_to(access).filter(removed_on=None), on).filter(state__in=states).order_by()
