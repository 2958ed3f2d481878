"""Planning a round: the duty is the county's (notice 一（二）); that the prefecture may plan one too is assumed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from approvals.messages import tell
from linxia_xueji.access import decides_for
from linxia_xueji.dates import now
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation, User, scope_of
from linxia_xueji.reach import within
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.inspecting.enums import VisitState
from registry.inspecting.sampling import draw, schools_with_students
from registry.models import InspectedStudent, InspectionMember, InspectionRound, InspectionVisit

MOST = 5000
"""Students of one round; nobody sees more."""


@dataclass(frozen=True)
class Sample:
    """How much is drawn: from the register of a day, by seed, so many classes a school and students a class."""

    roster_on: date
    seed: int
    classes: int
    students: int


def schools_of(office: Organisation, on: date) -> QuerySet[Organisation]:
    """The schools an office may have visited: those it runs that have students; the prefecture's, of all counties."""
    there = Organisation.objects.filter(within([office.pk]), level=Level.SCHOOL, valid_to=None)
    return schools_with_students(there, on).select_related("parent__division").order_by("parent__code", "code")


def staff_of(office: Organisation, on: date) -> QuerySet[User]:
    """The accounts of an office from which a team is made: whoever holds a post there that sees the register."""
    in_office = Q(appointments__ends_on=None) | Q(appointments__ends_on__gte=on)
    return (
        User.objects.filter(
            in_office, appointments__starts_on__lte=on, appointments__post__organisation=office, is_active=True
        )
        .exclude(appointments__post__role="account_admin")
        .order_by("full_name", "pk")
        .distinct()
    )


@transaction.atomic
def plan(
    *,
    office: Organisation,
    title: str,
    starts_on: date,
    ends_on: date,
    schools: Iterable[int],
    sample: Sample,
    team: Iterable[int],
    others: Iterable[tuple[str, str]],
    by: User,
    on: date,
) -> InspectionRound:
    """Plan a round and draw whom it will look at; what is drawn is written down and changes no more.

    :param schools: ids. :param team: ids of accounts of the office. :param others: name and office of those without one.
    :raises Refusal: without right, school or team; where the days or the sample do not fit, or the title is taken.
    """
    if not decides_for(by, office):
        raise Refusal("由县市教育局、州教育局的审核人员制定督查")
    if ends_on < starts_on:
        raise Refusal("结束日期早于开始日期，请核对")
    if sample.roster_on > on:
        raise Refusal("名册日期不能晚于今天，请核对")
    found = list(schools_of(office, sample.roster_on).filter(pk__in=schools).select_related("parent__parent__parent"))
    if not found:
        raise Refusal("请选择至少一所有在校生的学校")
    accounts = list(staff_of(office, on).filter(pk__in=team))
    if not accounts:
        raise Refusal("检查组须有至少一名本单位账号，由其在现场登记")
    try:
        with transaction.atomic():
            made = InspectionRound.objects.create(
                organisation=office, title=title.strip(), starts_on=starts_on, ends_on=ends_on, planned_by=by, planned_at=now(),
                roster_on=sample.roster_on, seed=sample.seed, classes=sample.classes, students=sample.students,
            )  # fmt: skip
    except IntegrityError as taken:
        raise Refusal(f"“{title.strip()}”已制定，请换一个名称") from taken
    members = [InspectionMember(round=made, user=u, name=u.full_name, office=office.name) for u in accounts]
    members += [InspectionMember(round=made, name=name[:50], office=unit[:80]) for name, unit in others]
    InspectionMember.objects.bulk_create(members)
    count = _visits(made, found)
    record(
        action="制定专项督查", by=by, target=made, organisation=office,
        after={"name": made.title, "学校数": len(found), "students": count, "抽样种子": sample.seed, "名册日期": sample.roster_on.isoformat()},
    )  # fmt: skip
    tell(accounts, f"已编入检查组：{made.title}", link=reverse("registry:inspection", args=[made.pk]), by=by)
    return made


def _visits(made: InspectionRound, schools: list[Organisation]) -> int:
    """A visit to each school, with whom it will look at; how many that are."""
    visits = InspectionVisit.objects.bulk_create(InspectionVisit(round=made, **scope_of(s)) for s in schools)
    people = [
        InspectedStudent(visit=visit, enrolment_id=d.enrolment, name=d.name, grade=d.grade, school_class=d.school_class)
        for visit, school in zip(visits, schools, strict=True)
        for d in draw(school, on=made.roster_on, seed=made.seed, classes=made.classes, students=made.students)
    ]
    if len(people) > MOST:
        raise Refusal(f"共抽取{len(people)}人，超过{MOST}人，请减少学校或每班人数")
    InspectedStudent.objects.bulk_create(people, batch_size=1000)
    return len(people)


def why_not_call_off(user: User, found: InspectionRound) -> str:
    """Why a round cannot be called off by the person, or ""."""
    if found.called_off_at:
        return "此次督查已撤销"
    if not decides_for(user, found.organisation):
        return f"由{found.organisation.short_name}撤销"
    if found.visits.exclude(state=VisitState.PLANNED).exists():
        return "已有学校开始检查，不能撤销"
    return ""


@transaction.atomic
def call_off(*, found: InspectionRound, reason: str, by: User) -> None:
    """Call off a round before its first visit. :raises Refusal: see `why_not_call_off`; without a reason."""
    found = (
        InspectionRound.objects.select_for_update(of=("self",)).select_related("organisation__parent").get(pk=found.pk)
    )
    if why := why_not_call_off(by, found):
        raise Refusal(why)
    if not reason.strip():
        raise Refusal("撤销须说明理由")
    found.called_off_at, found.called_off_by, found.called_off_because = now(), by, reason.strip()[:200]
    found.save(update_fields=["called_off_at", "called_off_by", "called_off_because"])
    record(
        action="撤销专项督查", by=by, target=found, organisation=found.organisation, after={"reason": reason.strip()}
    )
