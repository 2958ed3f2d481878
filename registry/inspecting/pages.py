"""What the pages of rounds and of one school's visit show."""

from collections import defaultdict
from datetime import date
from itertools import groupby
from secrets import randbelow
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet

from linxia_xueji.access import decides_for, office_of
from linxia_xueji.dates import today
from linxia_xueji.models import Organisation, User
from linxia_xueji.policy import in_force
from registry.inspecting import findings, notice, onsite, planning
from registry.inspecting.enums import FindingState, RoundState, Sight, VisitState
from registry.inspecting.forms import PlanForm, ReasonForm
from registry.inspecting.states import ENDED, TONES
from registry.models import Finding, InspectedStudent, InspectionNotice, InspectionRound, InspectionVisit
from registry.roster.grades import class_words

PAGE_SIZE = 20
ROUND_TONES = {
    RoundState.PLANNED: "", RoundState.UNDERWAY: "info", RoundState.MENDING: "warn", RoundState.CLOSED: "ok", RoundState.CALLED_OFF: "",
}  # fmt: skip
VISIT_TONES = {VisitState.PLANNED: "", VisitState.UNDERWAY: "info", VisitState.FINISHED: "ok"}
SIGHT_TONES = {Sight.PRESENT: "ok", Sight.ABSENT: "warn", Sight.OTHER_PERSON: "bad", Sight.OTHER_GRADE: "warn"}
ODD = [Sight.ABSENT, Sight.OTHER_PERSON, Sight.OTHER_GRADE]
_WAITS = ~Q(state__in=ENDED)


def list_page(user: User, number: str | None) -> dict[str, Any]:
    """The rounds one may see, the newest first, each counted over what one may see of it."""
    rows = InspectionRound.objects.visible_to(user).select_related("organisation").order_by("-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    visits = _by(InspectionVisit.objects.visible_to(user).filter(round__in=list(page)), "round", _VISITS)
    found = _by(Finding.objects.visible_to(user).filter(visit__round__in=list(page)), "visit__round", _FINDINGS)
    lines = [_line(one, visits[one.pk], found[one.pk]) for one in page]
    return {"page": page, "lines": lines, "may": office_of(user) is not None}


_VISITS = {
    "schools": Count("pk"), "begun": Count("pk", filter=~Q(state=VisitState.PLANNED)), "done": Count("pk", filter=Q(state=VisitState.FINISHED)),
}  # fmt: skip
_FINDINGS = {
    "all": Count("pk"), "waiting": Count("pk", filter=_WAITS), "failed": Count("pk", filter=Q(state=FindingState.FAILED)),
    "noticed": Count("pk", filter=Q(state=FindingState.NOTICED)),
}  # fmt: skip


def _by(rows: QuerySet, key: str, counts: dict[str, Count]) -> dict[int, dict[str, int]]:
    """Counts by what the rows belong to; zero where there are none. One query."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(counts, 0))
    found.update({row[key]: row for row in rows.order_by().values(key).annotate(**counts)})
    return found


def _line(found: InspectionRound, visits: dict[str, int], counts: dict[str, int]) -> dict[str, Any]:
    state = state_of(found, visits, counts)
    return {"round": found, "state": state, "tone": ROUND_TONES[state], "visits": visits, "findings": counts}


def state_of(found: InspectionRound, visits: dict[str, int], counts: dict[str, int]) -> RoundState:
    """Where it stands by what has been done; no day moves it."""
    if found.called_off_at:
        return RoundState.CALLED_OFF
    if not visits["begun"]:
        return RoundState.PLANNED
    if visits["done"] < visits["schools"]:
        return RoundState.UNDERWAY
    return RoundState.MENDING if counts["waiting"] else RoundState.CLOSED


def plan_page(user: User, form: PlanForm | None = None) -> dict[str, Any]:
    """The form of a round: the schools of the office by who runs them."""
    office = office_of(user)
    form = form or plan_form(office, None)
    chosen = {str(pk) for pk in form["schools"].value() or ()}
    schools = [(s.parent.short_name, s.pk, s.name, str(s.pk) in chosen) for s in form.offered]
    groups = [(name, [row[1:] for row in rows]) for name, rows in groupby(schools, key=lambda row: row[0])]
    return {"office": office, "form": form, "groups": groups}


def plan_form(office: Organisation, data) -> PlanForm:
    """The form with what the office may choose from, and the prefecture's figures to begin with."""
    on, policy = today(), in_force(office, today())
    schools = list(planning.schools_of(office, on))
    begin = {
        "roster_on": on, "classes": policy["inspect.classes"], "students": policy["inspect.students"], "seed": randbelow(1_000_000),
    }  # fmt: skip
    form = PlanForm(data, initial=begin, staff=list(planning.staff_of(office, on)), schools=schools)
    form.offered = schools
    return form


def round_page(found: InspectionRound, user: User, form: ReasonForm | None = None) -> dict[str, Any]:
    """A round: its schools with what was seen there, its team, its findings."""
    seen = InspectionVisit.objects.visible_to(user).filter(round=found)
    visits = list(seen.select_related("school", "county__division").order_by("county__code", "school__code"))
    people = _by(InspectedStudent.objects.filter(visit__in=visits), "visit", _PEOPLE)
    counts = _by(Finding.objects.filter(visit__in=visits), "visit", _FINDINGS)
    total = {
        "schools": len(visits), "begun": sum(v.state != VisitState.PLANNED for v in visits),
        "done": sum(v.state == VisitState.FINISHED for v in visits), **{k: sum(people[v.pk][k] for v in visits) for k in _PEOPLE},
    }  # fmt: skip
    asked = {key: sum(counts[v.pk][key] for v in visits) for key in _FINDINGS}
    state = state_of(found, total, asked)
    lines = [
        {"visit": v, "tone": VISIT_TONES[v.state], "people": people[v.pk], "findings": counts[v.pk]} for v in visits
    ]
    own = decides_for(user, found.organisation)
    may_call_off = own and state == RoundState.PLANNED
    return {
        "round": found, "state": state, "tone": ROUND_TONES[state], "lines": lines, "total": total, "asked": asked, "own": own,
        "members": found.members.order_by("pk"), "findings": _finding_lines(Finding.objects.filter(visit__in=visits)[:200]),
        "form": (form or ReasonForm()) if may_call_off else None,
    }  # fmt: skip


_PEOPLE = {
    "people": Count("pk"), "seen": Count("pk", filter=~Q(result="")), "odd": Count("pk", filter=Q(result__in=ODD)),
}  # fmt: skip


def _finding_lines(rows: QuerySet[Finding]) -> list[dict[str, Any]]:
    """Findings in a list, the nearest due first."""
    on = today()
    found = sorted(rows.select_related("school", "student"), key=lambda f: (f.state in ENDED, f.due_on, f.pk))
    return [{"finding": f, "tone": TONES[f.state], "late": findings.is_late(f, on)} for f in found]


def visit_page(visit: InspectionVisit, user: User) -> dict[str, Any]:
    """The visit of a school: what was seen, pictures, findings, 通报; and what the person may do next."""
    people = list(visit.people.select_related("recorded_by").order_by("grade", "school_class", "name", "pk"))
    member = onsite.in_team(user, visit.round)
    rows = _finding_lines(visit.findings.all())
    failed = [row for row in rows if row["finding"].state == FindingState.FAILED]
    own = decides_for(user, visit.round.organisation)
    return {
        "visit": visit, "tone": VISIT_TONES[visit.state], "people": [_seen(one) for one in people], "findings": rows,
        "left": sum(not one.result for one in people), "odd": sum(one.result in ODD for one in people),
        "photos": visit.photos.select_related("student", "taken_by").order_by("pk"), "own": own, "member": member,
        "notices": visit.notices.select_related("issued_by").prefetch_related("people").order_by("pk"),
        "may_begin": member and visit.state == VisitState.PLANNED and not visit.round.called_off_at,
        "may_find": not findings.why_not_find(user, visit), "failed": len(failed),
        "why_not_notice": notice.why_not_notice(user, visit) if failed else "",
    }  # fmt: skip


def _seen(student: InspectedStudent) -> dict[str, Any]:
    return {
        "student": student, "class": class_words(student.grade, student.school_class),
        "tone": SIGHT_TONES.get(student.result, ""), "result": student.get_result_display() or "未登记",
    }  # fmt: skip


def site_page(visit: InspectionVisit, user: User, number: str | None, clashes: list[str] = ()) -> dict[str, Any]:
    """The list of a class for the telephone: who is to be looked at, and what was recorded."""
    people = visit.people.select_related("enrolment__student", "recorded_by").order_by(
        "grade", "school_class", "name", "pk"
    )
    classes = [
        (class_words(*key), list(rows)) for key, rows in groupby(people, key=lambda s: (s.grade, s.school_class))
    ]
    at = int(number) if number and number.isascii() and number.isdigit() and int(number) < len(classes) else 0
    label, rows = classes[at] if classes else ("", [])
    return {
        "visit": visit, "why_not": onsite.why_not_record(user, visit), "label": label, "people": rows, "at": at, "sights": Sight.choices,
        "tabs": [(n, words, sum(bool(s.result) for s in there), len(there)) for n, (words, there) in enumerate(classes)],
        "clashes": clashes, "on": today(),
    }  # fmt: skip


def finding_page(finding: Finding, user: User, form=None) -> dict[str, Any]:
    """One finding: facts, what was done, and the moves of whoever looks."""
    on = today()
    return {
        "finding": finding, "tone": TONES[finding.state], "late": findings.is_late(finding, on), "form": form,
        "events": finding.events.select_related("by", "file").order_by("-pk"), "whose": _whose(finding, on),
        "notices": InspectionNotice.objects.filter(findings__finding=finding).order_by("pk"),
    }  # fmt: skip


def _whose(finding: Finding, on: date) -> str:
    """Whose turn it is, in words."""
    office = finding.visit.round.organisation.short_name
    return {
        FindingState.OPEN: "由学校校长书面答复", FindingState.ANSWERED: f"由学校整改并报告；{office}认为不用整改的，复查通过",
        FindingState.REPORTED: f"由{office}复查", FindingState.FAILED: f"由{office}负责人签发通报；学校继续整改的，再次报告",
        FindingState.NOTICED: "已通报；学校继续整改的，再次报告", FindingState.RECTIFIED: "已整改，不用再办理",
    }[FindingState(finding.state)]  # fmt: skip
