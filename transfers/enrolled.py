"""How a student stands in the register today: what every business of 学籍变动 begins from."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from approvals.enums import OPEN, State
from approvals.models import Request
from approvals.terms import school_year_of
from linxia_xueji.prepared import records
from linxia_xueji.secrets import Secret
from registry.enums import Ending, EnrolmentState
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts
from registry.roster.grades import GRADES_OF
from transfers.models import Change, Suspension

ENDED_AS = {
    Ending.GRADUATED: "graduated",
    Ending.TRANSFERRED: "transferred",
    Ending.WITHDRAWN: "withdrawn",
    Ending.EXPELLED: "expelled",
    Ending.DIED: "died",
    Ending.VOIDED: "voided",
    Ending.COMPLETED: "completed",
    Ending.HANDED_ON: "handed_on",
    Ending.DELETED: "deleted",
}


def lock_key(student: int) -> str:
    """Under this key a student has at most one open request, of whatever business; the database holds it."""
    return f"student:{student}"


def lock(enrolment: Enrolment) -> Enrolment:
    """The enrolment's row, held until the transaction ends: two effects on one student come one after the other."""
    return Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)


@dataclass(frozen=True)
class Enrolled:
    """An enrolment with what holds of it: key facts, status and grade of today, or the last ones where it has ended.

    `suspensions`: the approved ones since the last return, the latest first. `open_requests`: ids of the student's. `number_taken`: whether the
    ID number asked about is another enrolled student's; None where none was asked about.
    """

    enrolment: Enrolment
    facts: KeyFacts
    standing: EnrolmentStatus | None
    place: EnrolmentGrade | None
    suspensions: tuple[Suspension, ...] = ()
    open_requests: tuple[int, ...] = ()
    number_taken: bool | None = None

    @property
    def status(self) -> str:
        """`enrolled`, `suspended`, `pending`, or how it ended (`withdrawn`, `expelled`, `graduated` …)."""
        if self.enrolment.ending:
            return ENDED_AS[Ending(self.enrolment.ending)]
        return self.standing.status if self.standing else EnrolmentState.ENROLLED.value

    @property
    def status_words(self) -> str:
        """The same for people."""
        if self.enrolment.ending:
            return Ending(self.enrolment.ending).label
        return EnrolmentState(self.status).label

    @property
    def grade(self) -> int:
        """The grade of the register, kept during a suspension: the grade left. The stage's first where none is known."""
        return self.place.grade if self.place else GRADES_OF[self.enrolment.stage][0]

    @property
    def school_class(self) -> str:
        """The class of the register."""
        return self.place.school_class if self.place else ""

    @cached_property
    def periods(self) -> list[Suspension]:
        """The approved suspensions that follow each other without a gap up to the present one; empty unless suspended."""
        if self.status != EnrolmentState.SUSPENDED:
            return []
        row: list[Suspension] = []
        for period in self.suspensions:
            if row and not row[0].extension:
                break
            row.insert(0, period)
        return row

    @property
    def suspended_until(self) -> date | None:
        """The last day of the present suspension; None where it is not known, as with one taken over from a file."""
        return self.periods[-1].ends_on if self.periods else None

    @property
    def suspension_cause(self) -> str:
        """Why the student is suspended; empty where it is not known."""
        return self.periods[-1].cause if self.periods else ""

    @property
    def consecutive(self) -> int:
        """How many suspensions in a row there have been; one taken over from a file counts as one."""
        return len(self.periods) or int(self.status == EnrolmentState.SUSPENDED)

    def class_grade_on(self, day: date) -> int:
        """The grade the former class is in on a day: one more for each school year since the suspension began."""
        began = self.periods[0].starts_on if self.periods else self.standing.valid_from if self.standing else day
        return self.grade + max(0, school_year_of(day) - school_year_of(began))


STANDING, PLACE = ("pk", "status", "valid_from"), ("pk", "grade", "school_class", "valid_from")
PERIOD = ("starts_on", "ends_on", "cause", "extension")


def enrolled_of(enrolment: Enrolment, number: Secret | None = None) -> Enrolled:
    """How the student of an enrolment stands; one query. :param number: a resident's ID number to ask about."""
    given = (enrolment.ends_on is not None,)
    if number:
        of_others = KeyFacts.objects.filter(id_number=number, valid_to=None, student__enrolments__ends_on=None)
        taken = Exists(of_others.exclude(student=enrolment.student_id))
        facts = _standing(*given, enrolment.student_id, enrolment.pk).annotate(taken=taken).get()
    else:
        (facts,) = records(_standing, *given, of=(enrolment.student_id, enrolment.pk))
    return Enrolled(
        enrolment,
        facts,
        _read(EnrolmentStatus, STANDING, facts.standing),
        _read(EnrolmentGrade, PLACE, facts.place),
        tuple(_read(Suspension, PERIOD, period) for period in facts.suspensions),
        tuple(facts.open_requests),
        facts.taken if number else None,
    )


def _standing(ended: bool, student: int, enrolment: int) -> QuerySet[KeyFacts]:
    """A student has one open request at a time, so changes were decided in the order in which they were filed: what came
    before the last return, or before going abroad, is no part of the present suspension.
    """
    latest = Q() if ended else Q(valid_to=None)
    statuses = EnrolmentStatus.objects.filter(latest, enrolment=enrolment).order_by("-valid_from", "-pk")
    grades = EnrolmentGrade.objects.filter(latest, enrolment=enrolment).order_by("-valid_from", "-pk")
    approved = Change.objects.filter(enrolment=enrolment, request__state=State.APPROVED)
    others = approved.filter(request__kind__in=("resumption", "abroad")).order_by("-pk").values("pk")[:1]
    periods = Suspension.objects.filter(change__in=approved, change__gt=Coalesce(Subquery(others), 0))
    key = Concat(Value("student:"), Cast(OuterRef("student"), TextField()))
    return KeyFacts.objects.filter(student=student, valid_to=None).annotate(
        standing=Subquery(statuses.values(listed=json_list(STANDING))[:1]),
        place=Subquery(grades.values(listed=json_list(PLACE))[:1]),
        suspensions=ArraySubquery(periods.order_by("-starts_on", "-pk").values(listed=json_list(PERIOD))),
        open_requests=ArraySubquery(Request.objects.filter(lock_key=key, state__in=OPEN).order_by("pk").values("pk")),
    )


def json_list(names: tuple[str, ...]) -> Func:
    """These columns of a row as a JSON list, to be had within another query; `read_list` reads it."""
    return Func(*map(F, names), function="JSONB_BUILD_ARRAY", output_field=JSONField())


def _read(model, names: tuple[str, ...], values: list | None):
    return None if values is None else read_list(model, names, values)


def read_list(model, names: tuple[str, ...], values: list):
    """The row of a `json_list`, with the columns that were asked for; days are read as days."""
    known = dict(zip(names, values, strict=True))
    pk = {"pk": known.pop("pk")} if "pk" in known else {}
    return model(**pk, **{name: model._meta.get_field(name).to_python(value) for name, value in known.items()})


def enrolments_for_pages() -> QuerySet[Enrolment]:
    """Enrolments with their school and all that runs it."""
    return Enrolment.objects.select_related("student", "school__profile", "school__parent__parent__parent")


def open_request_of(student: int, *, but: Request | None = None) -> Request | None:
    """The open request of a student, if there is another one than this."""
    return open_under(lock_key(student), but=but)


def open_under(key: str, *, but: Request | None = None) -> Request | None:
    """The open request under a lock key, if there is another one than this."""
    found = Request.objects.filter(lock_key=key, state__in=OPEN).select_related(
        "school__parent__parent__parent", "turn_organisation"
    )
    return found.exclude(pk=but.pk).first() if but and but.pk else found.first()
