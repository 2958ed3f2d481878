"""The list of batches: who has got how far, and which schools with a plan have none yet."""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from approvals.enums import OPEN, State
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from registry.enums import Arrival
from registry.models import EnrolmentBatch, Intake

PAGE_SIZE = 50
_STANDING = Q(candidates__struck_on=None)
_APPLYING = _STANDING & Q(candidates__arrival=Arrival.REPORTED, candidates__held_back="")


class BatchFilter(forms.Form):
    """Which batches; nothing personal stands in the address."""

    year = forms.TypedChoiceField(label="年级", required=False, coerce=int, empty_value=None)
    county = forms.ChoiceField(label="县市", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *State.choices])

    def __init__(self, data, years: list[int], counties: list[tuple[str, str]], latest: int | None):
        super().__init__(data, initial={"year": latest}, auto_id="filter-%s")
        self.fields["year"].choices = [("", "全部"), *((y, f"{y}级") for y in years)]
        self.fields["county"].choices = [("", "全部"), *counties]
        if len(counties) < 2:
            del self.fields["county"]


def with_progress(batches: QuerySet[EnrolmentBatch]) -> QuerySet[EnrolmentBatch]:
    """Each batch with its counts and seats, in one query."""
    seats = Intake.objects.filter(school=OuterRef("school"), year=OuterRef("year"))
    return batches.annotate(
        listed=Count("candidates"),
        marked=Count("candidates", filter=_STANDING & ~Q(candidates__arrival=Arrival.UNMARKED)),
        reported=Count("candidates", filter=_STANDING & Q(candidates__arrival=Arrival.REPORTED)),
        applying=Count("candidates", filter=_APPLYING),
        registered=Count("candidates", filter=Q(candidates__enrolment__isnull=False)),
        intake_done=Count(
            "candidates",
            filter=_STANDING & Q(candidates__arrival=Arrival.REPORTED, candidates__intake_done_on__isnull=False),
        ),
        plan=Subquery(seats.values("plan")[:1]),
    ).select_related("request__turn_organisation", "school__division", "request__county__division")


def batch_list(user, on: date, data) -> dict[str, Any]:
    """The page, narrowed by the conditions in the address."""
    access, seen = access_of(user), EnrolmentBatch.objects.visible_to(user)
    years = sorted(set(seen.values_list("year", flat=True)), reverse=True)
    counties = sorted(
        set(
            seen.exclude(request__county=None).values_list(
                "request__county__code", "request__county__division__short_name"
            )
        )
    )
    if seen.filter(request__county=None).exists() and counties:
        counties.append(("direct", "州直属"))
    form = BatchFilter(data or None, years, counties, None)
    chosen = with_progress(_narrowed(seen, form)).order_by("-year", "school__code", "-sequence")
    return {
        "filter_form": form,
        "page": Paginator(chosen, PAGE_SIZE).get_page(data.get("page")),
        "school": school_of(access),
        "may_open": may_open(access, on),
        "year": on.year,
        "without": schools_without(access, on.year),
    }


def _narrowed(batches: QuerySet[EnrolmentBatch], form: BatchFilter) -> QuerySet[EnrolmentBatch]:
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if year := wanted.get("year"):
        batches = batches.filter(year=year)
    if state := wanted.get("state"):
        batches = batches.filter(request__state=state)
    if county := wanted.get("county"):
        batches = (
            batches.filter(request__county=None) if county == "direct" else batches.filter(request__county__code=county)
        )
    return batches


def school_of(access: Access) -> Organisation | None:
    """The school for which this person prepares business, or None."""
    post = access.post
    if post and post.organisation.level == Level.SCHOOL and access.may(Permission.PREPARE_BUSINESS, post.organisation):
        return post.organisation
    return None


def may_open(access: Access, on: date) -> bool:
    """Whether a new batch of this year can be opened: a registrar whose school has none open."""
    school = school_of(access)
    return school is not None and not school.batches.filter(year=on.year, request__state__in=OPEN).exists()


def schools_without(access: Access, year: int) -> list[Intake]:
    """Schools below the authority that have a plan of the year and no batch that counts."""
    post = access.post
    if post is None or post.organisation.level == Level.SCHOOL:
        return []
    seen = access.organisations(Permission.VIEW_REGISTER)
    below = Q(school__parent__in=seen) | Q(school__parent__parent__in=seen) | Q(school__parent__parent__parent__in=seen)
    begun = EnrolmentBatch.objects.filter(year=year).exclude(request__state=State.RETRACTED).values("school")
    return list(
        Intake.objects.filter(below, year=year, plan__gt=0)
        .exclude(school__in=begun)
        .select_related("school__division")
        .order_by("school__code")
    )
