"""How the school of a batch stands in the year: plan, seats and what there is to read of the batch, in one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, JSONField, OuterRef, QuerySet, Subquery, Sum

from approvals.models import Request
from linxia_xueji.access import Access
from linxia_xueji.enums import Level, Stage
from linxia_xueji.models import User
from linxia_xueji.prepared import records
from linxia_xueji.reading import once
from registry.enums import Fate
from registry.models import (
    AdmissionPlan,
    BatchFigures,
    CorrectionLetter,
    Deferral,
    EnrolmentBatch,
    Intake,
    Reopening,
    TurnTally,
)
from registry.plans import issued_first


@dataclass(frozen=True)
class Standing:
    """Seats and plan in force (None before there are any), whether the year was reopened, which papers the batch has, and
    the figures of 附件1 signed in the round under way, in the order of signing."""

    intake: Intake | None
    plan: AdmissionPlan | None
    reopened: bool
    letters: bool
    deferrals: bool
    signed: tuple[BatchFigures, ...]
    county_plan: int
    """All seats planned for the schools of the county in the year: the first suggestion for the county's box."""
    graduates: int | None
    """What the county entered for another school of the same year: it is the same figure."""
    counted_graduates: int | None
    """Who left the junior highs of the county by 毕业 in the turn of the year, as last counted; None without a turn."""
    counted_in: str
    """How far that turn is: a TurnState, or empty."""


SCHOOL = ("school__profile", "school__parent__parent__parent")
SEATS, PLAN = ("pk", "plan", "held", "last_serial"), ("pk", "count", "document_number")
SIGNED = (
    "level",
    "plan",
    "actual",
    "applied",
    "graduates",
    "graduates_note",
    "agreed",
    "signed_at",
    "signed_by__full_name",
)


def standing(batch: EnrolmentBatch) -> Standing:
    """The standing of a batch; asked once a page."""
    return once(("standing", batch.pk), lambda: _standing(records(_of_batch, of=(batch.pk,))[0]))


def read_batch(request: Request) -> None:
    """Hang its batch on a request, with the school's profile, in the query that asks for the standing."""
    (batch,) = records(_of_request, of=(request.pk,))
    request.school.profile, batch.school, request.batch = batch.school.profile, request.school, batch
    _known(batch)


def batch_seen(pk: int, access: Access) -> EnrolmentBatch | None:
    """A batch with its request and all above its school, in the query that asks for the standing; None for a stranger."""
    found = records(_seen, access, of=(pk,))
    for batch in found:
        _known(batch)
    return found[0] if found else None


def _known(batch: EnrolmentBatch) -> None:
    once(("standing", batch.pk), lambda: _standing(batch))


def _seen(access: Access, batch: int) -> QuerySet[EnrolmentBatch]:
    seen = EnrolmentBatch.objects.open_to(access).filter(pk=batch).order_by()
    return _annotated(seen).select_related("request", *SCHOOL)


def _of_batch(batch: int) -> QuerySet[EnrolmentBatch]:
    return _annotated(EnrolmentBatch.objects.filter(pk=batch))


def _of_request(request: int) -> QuerySet[EnrolmentBatch]:
    return _annotated(EnrolmentBatch.objects.filter(request=request).select_related("school__profile"))


def _annotated(batches: QuerySet[EnrolmentBatch]) -> QuerySet[EnrolmentBatch]:
    year = {"school": OuterRef("school"), "year": OuterRef("year")}
    papers = {"candidate__batch": OuterRef("pk")}
    figures = BatchFigures.objects.filter(batch=OuterRef("pk"), round=OuterRef("request__round")).order_by("signed_at")
    county = {"request__county": OuterRef("request__county"), "year": OuterRef("year")}
    entered = BatchFigures.objects.filter(
        **{f"batch__{name}": value for name, value in county.items()}, level=Level.COUNTY
    )
    leaving = {"stage": Stage.JUNIOR, "fate": Fate.GRADUATED}
    counted = TurnTally.objects.filter(
        turn__school_year=OuterRef("year"), county=OuterRef("request__county"), **leaving
    )
    counted = counted.order_by().values("turn", "turn__state")
    plans = AdmissionPlan.objects.filter(year=OuterRef("year"), school__parent=OuterRef("request__county"))
    return batches.annotate(
        seats=_listed(Intake.objects.filter(**year), SEATS),
        plan_in_force=_listed(issued_first(AdmissionPlan.objects.filter(**year)), PLAN),
        reopened=Exists(Reopening.objects.filter(**year)),
        has_letters=Exists(CorrectionLetter.objects.filter(**papers)),
        has_deferrals=Exists(Deferral.objects.filter(**papers)),
        signed=ArraySubquery(figures.values(listed=_list(SIGNED))),
        county_plans=ArraySubquery(
            plans.order_by("school", "-issued_on", "-pk").distinct("school").values("count"),
        ),
        graduates=Subquery(entered.order_by("-signed_at").values("graduates")[:1]),
        counted_graduates=Subquery(counted.values(listed=Sum("count"))[:1]),
        counted_in=Subquery(counted.values("turn__state")[:1]),
    )


def _listed(found: QuerySet, names: tuple[str, ...]) -> Subquery:
    return Subquery(found.values(listed=_list(names))[:1])


def _list(names: tuple[str, ...]) -> Func:
    return Func(*map(F, names), function="JSONB_BUILD_ARRAY", output_field=JSONField())


def _standing(batch: Any) -> Standing:
    of = {"school_id": batch.school_id, "year": batch.year}
    return Standing(
        Intake(**dict(zip(SEATS, batch.seats, strict=True)), **of) if batch.seats else None,
        AdmissionPlan(**dict(zip(PLAN, batch.plan_in_force, strict=True)), **of) if batch.plan_in_force else None,
        batch.reopened,
        batch.has_letters,
        batch.has_deferrals,
        tuple(map(_figures, batch.signed)),
        sum(batch.county_plans),
        batch.graduates,
        batch.counted_graduates,
        batch.counted_in or "",
    )


def _figures(values: list[Any]) -> BatchFigures:
    found = dict(zip(SIGNED, values, strict=True))
    by, at = User(full_name=found.pop("signed_by__full_name")), datetime.fromisoformat(found.pop("signed_at"))
    return BatchFigures(signed_by=by, signed_at=at, **found)
