"""How far a campaign is: by county for the prefecture, by school for a county. As many queries however many schools."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from linxia_xueji.access import access_of
from linxia_xueji.enums import Level
from linxia_xueji.models import User
from registry.models import Deviation, Sample, SampledStudent, SchoolVerification, Verification
from registry.verifying.enums import SchoolState


@dataclass
class Line:
    """One county (or 州直属), or one school."""

    label: str
    county: int | None = None
    schools: int = 0
    signed: int = 0
    attested: int = 0
    students: int = 0
    open: int = 0
    closed: int = 0
    sampled: int = 0
    checked: int = 0

    @property
    def left(self) -> int:
        """Schools whose head has not signed."""
        return self.schools - self.signed


def by_county(verification: Verification, user: User) -> list[Line]:
    """A line for each county, one for the schools the prefecture runs; three queries."""
    mine = SchoolVerification.objects.visible_to(user).filter(verification=verification)
    of_state = {state: Count("pk", filter=Q(state=state)) for state in (SchoolState.SIGNED, SchoolState.ATTESTED)}
    rows = (
        mine.order_by("county__code").values("county", label=F("county__division__short_name"))
        .annotate(n=Count("pk"), people=Sum("students"), **{str(k.value): v for k, v in of_state.items()})
    )  # fmt: skip
    found = {
        row["county"]: Line(
            row["label"] or "州直属", row["county"], row["n"], row["signed"], row["attested"], row["people"] or 0
        )
        for row in rows
    }
    for county, open_now, closed in _deviations(verification, user, "county"):
        if county in found:
            found[county].open, found[county].closed = open_now, closed
    for county, sampled, checked in _samples(verification, user):
        if county in found:
            found[county].sampled, found[county].checked = sampled, checked
    return list(found.values())


def _deviations(verification: Verification, user: User, by: str) -> QuerySet:
    rows = Deviation.objects.visible_to(user).filter(school_verification__verification=verification)
    return (
        rows.order_by()
        .values_list(by)
        .annotate(o=Count("pk", filter=Q(ended_at=None)), c=Count("pk", filter=Q(ended_as="agreed")))
    )


def _samples(verification: Verification, user: User) -> QuerySet:
    seen = Sample.objects.visible_to(user).filter(verification=verification)
    rows = SampledStudent.objects.filter(sample__in=seen).order_by()
    return rows.values_list("sample__county").annotate(n=Count("pk"), c=Count("pk", filter=~Q(result="")))


def sums(lines: list[Line]) -> Line:
    """All of them together."""
    told = ("schools", "signed", "attested", "students", "open", "closed", "sampled", "checked")
    return Line("合计", None, **{name: sum(getattr(line, name) for line in lines) for name in told})


def by_school(verification: Verification, user: User, **chosen: Any) -> QuerySet[SchoolVerification]:
    """Schools one may see with how many of their classes are attested and deviations open, those left first."""
    rows = SchoolVerification.objects.visible_to(user).filter(verification=verification, **chosen)
    return rows.select_related("school", "county__division", "attested_by", "signed_by").order_by(
        F("signed_at").desc(nulls_first=True), "school__code"
    )


def beside(page: list[SchoolVerification]) -> list[dict[str, Any]]:
    """The schools of a page with their classes and deviations; two queries."""
    ids = [one.pk for one in page]
    classes = {
        pk: (n, done)
        for pk, n, done in SchoolVerification.objects.filter(pk__in=ids)
        .values_list("pk")
        .annotate(n=Count("classes"), done=Count("classes", filter=Q(classes__attested_at__isnull=False)))
    }
    open_now = dict(
        Deviation.objects.filter(school_verification__in=ids, ended_at=None)
        .order_by()
        .values_list("school_verification")
        .annotate(n=Count("pk"))
    )
    return [
        {
            "one": one,
            "classes": classes[one.pk][0],
            "done": classes[one.pk][1],
            "open": open_now.get(one.pk, 0),
            "tone": TONES[one.state],
        }
        for one in page
    ]


def closed_of(schools: list[SchoolVerification]) -> QuerySet:
    """(school's row, how many of its deviations the register agrees with by now)."""
    rows = Deviation.objects.filter(school_verification__in=[one.pk for one in schools], ended_as="agreed")
    return rows.order_by().values_list("school_verification").annotate(n=Count("pk"))


def sampled_of(verification: Verification) -> dict[int, tuple[int, int]]:
    """Id of a school → how many of its students were drawn, and how many of these looked at."""
    rows = SampledStudent.objects.filter(sample__verification=verification).order_by()
    return {
        school: (n, checked)
        for school, n, checked in rows.values_list("enrolment__school").annotate(
            n=Count("pk"), c=Count("pk", filter=~Q(result=""))
        )
    }


def by_kind(rows: QuerySet[Deviation]) -> QuerySet:
    """(kind, how many), without those noted by mistake."""
    return rows.exclude(ended_as="withdrawn").order_by().values_list("kind").annotate(n=Count("pk"))


TONES = {SchoolState.WORKING: "warn", SchoolState.ATTESTED: "info", SchoolState.SIGNED: "ok"}


def is_school(user: User) -> bool:
    """Whether the person works at a school."""
    post = access_of(user).post
    return bool(post and post.organisation.level == Level.SCHOOL)
