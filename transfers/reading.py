"""A change as its page reads it: with its particulars, both schools, and the terms and windows it is judged by, in one query."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from approvals.models import Request, Term
from approvals.terms import announced, school_year_of
from linxia_xueji.dates import today
from linxia_xueji.models import OfficeCertificate
from linxia_xueji.prepared import hang, records
from registry.models import Programme
from transfers.business import business_named
from transfers.enrolled import json_list, read_list
from transfers.models import Change, EnteredWindow
from transfers.terms import know

SCHOOL = ("school__profile", "school__parent__parent__parent")
OF_BUSINESS = {
    "transfer": ("transfer__to_school__profile", "transfer__to_school__parent__parent__parent", "transfer__pupil"),
    "key_info": ("keyinfochange__before",),
    "problem_evidence": ("problemevidence__problem",),
    "problem_deletion": ("problemdeletion__problem", "problemdeletion__kept__school__parent__parent__parent"),
}
BY_TERMS = ("transfer", "suspension")
"""Businesses whose books look at terms."""
TERM = ("organisation_id", "stage", "school_year", "season", "starts_on", "ends_on")
WINDOW, PROGRAMME = ("stage", "first", "last"), ("organisation_id", "stage", "valid_to")
CERTIFICATE = ("organisation_id", "valid_from", "valid_to")
COLUMNS = ("school", "county", "prefecture", "prefecture__parent")


def read(request: Request) -> None:
    """Hang the change on its request, with the student's enrolment and the particulars."""
    day = request.applied_on or today()
    (change,) = records(_of_request, request.kind, school_year_of(day), of=(request.pk,))
    change.request, request.change = request, change
    if request.kind in BY_TERMS:
        _know_terms(change, day)
    if request.kind == "transfer":
        _know_schools(change)


def certificate_read(change: Change) -> OfficeCertificate | None:
    """The certificate of the school that applies, read with the change: enough of it to tell whether it signs."""
    found = [read_list(OfficeCertificate, CERTIFICATE, values) for values in change.given_certificates]
    return found[0] if found else None


def _of_request(kind: str, year: int, request: int) -> QuerySet[Change]:
    detail = business_named(kind).detail._meta.model_name
    joins = [f"enrolment__{name}" for name in ("student", *SCHOOL)] + [detail, *OF_BUSINESS.get(kind, ())]
    certificates = OfficeCertificate.objects.filter(organisation=OuterRef("request__school"), withdrawn_at=None)
    changes = Change.objects.filter(request=request).select_related(*joins)
    changes = changes.annotate(given_certificates=ArraySubquery(certificates.values(listed=json_list(CERTIFICATE))))
    if kind in BY_TERMS:
        changes = changes.annotate(given_terms=_above(announced(date(year, 9, 1)), TERM))
    if kind == "transfer":
        taught = Programme.objects.filter(
            Q(organisation=OuterRef("transfer__to_school")) | Q(organisation=OuterRef("enrolment__school"))
        )
        changes = changes.annotate(
            given_windows=_above(EnteredWindow.objects.order_by("pk"), WINDOW),
            taught=ArraySubquery(taught.values(listed=json_list(PROGRAMME))),
        )
    return changes


def _above(rows: QuerySet, names: tuple[str, ...]) -> ArraySubquery:
    """Rows of the applying school and of all that runs it."""
    within = Q()
    for column in COLUMNS:
        within |= Q(organisation=OuterRef(f"request__{column}"))
    return ArraySubquery(rows.filter(within).values(listed=json_list(names)))


def _know_terms(change: Change, day: date) -> None:
    school = change.request.school
    stage = change.transfer.to_stage if change.request.kind == "transfer" else change.enrolment.stage
    rows = [term for values in change.given_terms if (term := read_list(Term, TERM, values)).stage == stage]
    windows = [read_list(EnteredWindow, WINDOW, values) for values in getattr(change, "given_windows", ())]
    know(school, stage, day, rows, [(w.first, w.last) for w in windows if w.stage == stage])


def _know_schools(change: Change) -> None:
    programmes = [read_list(Programme, PROGRAMME, values) for values in change.taught]
    for known in (change.transfer.to_school, change.enrolment and change.enrolment.school):
        if known is not None:
            hang(known, "programmes", [p for p in programmes if p.organisation_id == known.pk])
