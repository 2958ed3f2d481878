"""通报 (notice 一（二））: 对问题整改不到位的予以通报并追究学校及相关人员责任. Its form and who signs it are assumed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from approvals.messages import tell
from linxia_xueji.access import access_of, decides_for
from linxia_xueji.dates import now
from linxia_xueji.enums import Role
from linxia_xueji.models import Appointment, Organisation, User, same_scope
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.trail import record
from registry.documents.inspection import FindingLine, NoticePaper, PersonLine
from registry.inspecting.enums import FindingAct, FindingState
from registry.inspecting.findings import move
from registry.inspecting.onsite import told_at
from registry.inspecting.states import step_of
from registry.models import (
    Finding,
    FindingEvent,
    InspectionNotice,
    InspectionVisit,
    NoticedFinding,
    NoticedPerson,
)

SIGNERS = (Role.COUNTY_HEAD, Role.CENTRE)
"""Who issues it: the head of the county, for the prefecture the centre; assumed."""


@dataclass(frozen=True)
class Named:
    """A person whom a 通报 names."""

    name: str
    post: str
    office: str


def why_not_notice(user: User, visit: InspectionVisit) -> str:
    """Why the person cannot issue one about a school, or ""; whether anything is not put right is asked apart."""
    post, office = access_of(user).post, visit.round.organisation
    if not decides_for(user, office) or post is None or post.role not in SIGNERS:
        return f"由{office.short_name}负责人签发"
    return ""


@transaction.atomic
def issue(
    *, visit: InspectionVisit, number: str, words: str, findings: Iterable[int], people: list[Named], by: User, on: date
) -> InspectionNotice:
    """Issue a 通报 about a school, of findings that are not put right; they are noticed with it.

    :raises Refusal: see `why_not_notice`; without findings, number or words. :raises Stale: where one has moved meanwhile.
    """
    visit = InspectionVisit.objects.select_for_update(of=("self",)).select_related(
        "round__organisation__parent", "school__parent__parent__parent"
    ).get(pk=visit.pk)  # fmt: skip
    if why := why_not_notice(by, visit):
        raise Refusal(why)
    chosen = set(findings)
    locked = list(Finding.objects.select_for_update(of=("self",)).filter(visit=visit, pk__in=chosen).order_by("pk"))
    if not locked or len(locked) != len(chosen):
        raise Refusal("请勾选至少一项整改不到位的问题")
    if any(one.state != FindingState.FAILED for one in locked):
        raise Stale("所选问题的状态已变，页面已更新，通报没有签发")
    if not number.strip() or not words.strip():
        raise Refusal("请填写文号和责任追究意见")
    try:
        with transaction.atomic():
            made = InspectionNotice.objects.create(
                **same_scope(visit),
                visit=visit,
                number=number.strip(),
                words=words.strip(),
                issued_on=on,
                issued_by=by,
                issued_at=now(),
            )
    except IntegrityError as taken:
        raise Refusal(f"文号“{number.strip()}”已用过，请核对") from taken
    _fill(made, locked, people, by)
    record(
        action="签发督查通报", by=by, target=made, organisation=visit.round.organisation,
        after={"number": made.number, "问题数": len(locked), "被通报人员": [f"{p.office}{p.post}{p.name}" for p in people]},
    )  # fmt: skip
    words = f"{visit.round}：{visit.school.short_name}被通报（{made.number}）"
    tell(told_at(visit.school, on), words, link=reverse("registry:visit", args=[visit.pk]), by=by)
    return made


def _fill(made: InspectionNotice, findings: list[Finding], people: list[Named], by: User) -> None:
    for one in findings:
        failed = FindingEvent.objects.filter(finding=one, act=FindingAct.FAILED).latest("pk")
        NoticedFinding.objects.create(notice=made, finding=one, reason=failed.words)
        move(one, step_of(one.state, FindingAct.NOTICE), f"通报文号：{made.number}", by)
    NoticedPerson.objects.bulk_create(
        NoticedPerson(notice=made, name=p.name[:50], post=p.post[:40], office=p.office[:80]) for p in people
    )


def people_of(school: Organisation, on: date) -> list[Named]:
    """Who holds the posts of a school; offered to be named, and nobody is named unless chosen."""
    held = Appointment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, post__organisation=school, user__is_active=True
    )
    rows = held.select_related("user", "post").order_by("post__role", "pk")
    return [Named(row.user.full_name, Role(row.post.role).label, school.name) for row in rows]


def paper_of(notice: InspectionNotice) -> NoticePaper:
    """What it says, from what was written when it was issued: the same whenever it is printed."""
    visit, day = notice.visit, notice.issued_on
    rows = notice.findings.select_related("finding").order_by("finding")
    return NoticePaper(
        number=notice.number, title=visit.round.title, office=visit.round.organisation.name_on(day), school=notice.school.name_on(day),
        visited_on=_day(visit.visited_on), words=notice.words,
        findings=tuple(FindingLine(f"通知{r.finding.clause}", r.finding.words, _day(r.finding.due_on), r.reason) for r in rows),
        people=tuple(PersonLine(p.name, p.post, p.office) for p in notice.people.order_by("pk")),
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
