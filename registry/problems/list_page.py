"""The list of 问题学籍: by kind, county, school and state, with counts; of others' students school and county alone."""

from collections import defaultdict
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Value, When
from django.http import QueryDict

from linxia_xueji.access import access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from registry.enums import ProblemKind
from registry.models import KeyFacts, Problem, ProblemParty, ProblemSearch
from registry.problems.exits import OPEN_NOW, SETTLED, STATE_IS, STATES, UNDER_WAY, with_progress
from registry.problems.rights import may_search

PAGE_SIZE = 50


def list_page(user, query: QueryDict) -> dict[str, Any]:
    """The problems one may see, those found first at the top; open ones unless asked otherwise."""
    access = access_of(user)
    kind = query.get("kind") if query.get("kind") in ProblemKind.values else ""
    state = query.get("state") if query.get("state") in (*STATES, "all") else OPEN_NOW
    counties = _counties(access)
    county = next((c for c in counties if str(c.pk) == query.get("county")), None)
    school = query.get("school", "").strip()[:50]
    rows = with_progress(_of(Problem.objects.visible_to(user), county, school))
    numbers = _numbers(rows)
    kinds = {
        k: sum(n for (one, s), n in numbers.items() if one == k and state in (s, "all")) for k in ProblemKind.values
    }
    by_state = {code: sum(n for (k, s), n in numbers.items() if s == code and kind in (k, "")) for code in STATES}
    chosen = _in(rows.filter(kind=kind) if kind else rows, state).order_by("found_on", "pk")
    paginator = Paginator(chosen, PAGE_SIZE)
    paginator.count = kinds[kind] if kind else sum(kinds.values())
    page = paginator.get_page(query.get("page"))
    last = ProblemSearch.objects.order_by("-pk").first()
    return {
        "page": page, "rows": rows_of(page, user), "state": state, "kind": kind, "county": county, "counties": counties, "school": school,
        "kinds": [{"code": k.value, "label": k.label, "count": kinds[k.value]} for k in ProblemKind],
        "tabs": _tabs(query, state, by_state), "may_search": may_search(access), "last": last,
    }  # fmt: skip


def _numbers(rows: QuerySet[Problem]) -> dict[tuple[str, str], int]:
    """(kind, state) → how many: all figures of the page in one query. Of the settled, nothing is asked but their kind."""
    asked = Case(When(under_way=True, then=Value(UNDER_WAY)), default=Value(OPEN_NOW))
    parts = [(rows.filter(settled_on=None), asked), (rows.filter(STATE_IS[SETTLED]), Value(SETTLED))]
    counted = [
        part.annotate(stands=stands).order_by().values_list("kind", "stands").annotate(Count("pk"))
        for part, stands in parts
    ]
    return {(kind, state): n for kind, state, n in counted[0].union(counted[1], all=True)}


def _in(rows: QuerySet[Problem], state: str) -> QuerySet[Problem]:
    return rows.filter(STATE_IS[state]) if state in STATE_IS else rows


def _of(rows: QuerySet[Problem], county: Organisation | None, school: str) -> QuerySet[Problem]:
    parties = ProblemParty.objects.filter(problem=OuterRef("pk"))
    if county:
        parties = parties.filter(county=county)
    if school:
        parties = parties.filter(school__names__name__contains=school)
    return rows.filter(Exists(parties)) if county or school else rows


def _counties(access) -> list[Organisation]:
    """To choose from, for those who see several."""
    if not access.post or access.post.organisation.level not in (Level.PREFECTURE, Level.PROVINCE):
        return []
    return list(Organisation.objects.filter(level=Level.COUNTY, valid_to=None).order_by("code"))


def _tabs(query: QueryDict, state: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    def url(code: str) -> str:
        changed = query.copy()
        changed.pop("page", None)
        changed["state"] = code
        return f"?{changed.urlencode()}"

    found = [
        {"label": STATES[code], "url": url(code), "count": n, "current": code == state} for code, n in counts.items()
    ]
    return [*found, {"label": "全部", "url": url("all"), "count": None, "current": state == "all"}]


def rows_of(page: Page, user) -> list[dict[str, Any]]:
    """The problems of a page with whom they concern; three queries however many there are."""
    parties = ProblemParty.objects.filter(problem__in=list(page)).select_related("school", "county__division")
    seen = set(ProblemParty.objects.visible_to(user).filter(problem__in=list(page)).values_list("pk", flat=True))
    parties = list(parties)
    students = {party.student_id for party in parties if party.student_id}
    names = dict(KeyFacts.objects.filter(student__in=students, valid_to=None).values_list("student", "name"))
    of = defaultdict(list)
    for party in parties:
        of[party.problem_id].append(
            {"name": (party.name or names.get(party.student_id, "")) if party.pk in seen else "", "where": where(party)}
        )
    return [{"problem": problem, "state": state_of(problem), "parties": of[problem.pk]} for problem in page]


def where(party: ProblemParty) -> str:
    """School and county: all that everybody concerned may know (enrolment.duplicate)."""
    county, school = party.county.division.short_name if party.county else "州直属", party.school.short_name
    return school if school.startswith(county) else f"{county} {school}"


def state_of(problem: Problem) -> dict[str, str]:
    """Where it stands, in words with a tone."""
    if problem.settled_on:
        return {"words": problem.get_settled_as_display(), "tone": "ok"}
    return (
        {"words": STATES["under_way"], "tone": "info"}
        if problem.under_way
        else {"words": STATES[OPEN_NOW], "tone": "warn"}
    )


def reads(access) -> bool:
    """Whether a person reads the register at all."""
    return access.has(Permission.VIEW_REGISTER)
