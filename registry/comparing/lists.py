"""The lists of a comparison: differences one may see, by kind, county, school and state; the same as Excel."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from linxia_xueji.access import access_of
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation, User
from registry.comparing.enums import FILES, DifferenceKind, System
from registry.comparing.fields import BY_KEY
from registry.models import Comparison, Difference, DifferenceNote, Feedback
from registry.rosters.workbook import book

PAGE_SIZE = 50
STATES = {"open": "待处理", "noted": "已登记处理", "closed": "已消除"}
EXCEL = (
    ("学校", 26), ("姓名", 12), ("全国学籍号", 22), ("身份证件号", 22), ("差异", 16), ("项目", 12), ("国网", 22), ("省网", 22),
    ("本门户", 22), ("国网行号", 10), ("省网行号", 10), ("首次发现", 26), ("期限", 12), ("已登记的处理", 26), ("处理结果", 22),
)  # fmt: skip


def with_notes(rows: QuerySet[Difference]) -> QuerySet[Difference]:
    """Each with the last that was noted about it."""
    last = DifferenceNote.objects.filter(difference=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        noted=Exists(last),
        last_note=Subquery(last.values("note")[:1]),
        mended_in=Subquery(last.values("mended_in")[:1]),
    )


def differences_page(comparison: Comparison, user: User, query: QueryDict) -> dict[str, Any]:
    """Those a comparison shows and one may see, the nearest due first."""
    rows = with_notes(Difference.objects.visible_to(user).shown_by(comparison.pk))
    counties = _counties(user, comparison)
    county = next((c for c in counties if str(c.pk) == query.get("county")), None)
    school = query.get("school", "").strip()[:50]
    rows = rows.filter(county=county) if county else rows
    rows = rows.filter(school__names__name__contains=school).distinct() if school else rows
    kind = query.get("kind") if query.get("kind") in DifferenceKind.values else ""
    state = query.get("state") if query.get("state") in STATES else ""
    chosen = _in_state(rows, state)
    kinds = dict(chosen.order_by().values_list("kind").annotate(n=Count("pk", distinct=True)))
    chosen = (chosen.filter(kind=kind) if kind else chosen).select_related("school", "county__division", "closed_in")
    page = Paginator(chosen.order_by("due_on", "school__code", "pk"), PAGE_SIZE).get_page(query.get("page"))
    return {
        "comparison": comparison, "page": page, "lines": [line_of(d) for d in page], "kind": kind, "county": county,
        "counties": counties, "school": school, "states": STATES, "state": state, "filtered": bool(kind or county or school or state),
        "kinds": [(k.value, k.label, kinds.get(k.value, 0)) for k in DifferenceKind],
    }  # fmt: skip


def _in_state(rows: QuerySet[Difference], state: str) -> QuerySet[Difference]:
    wanted = {
        "open": Q(closed_in=None, noted=False), "noted": Q(closed_in=None, noted=True), "closed": Q(closed_in__isnull=False),
    }  # fmt: skip
    return rows.filter(wanted[state]) if state else rows


def _counties(user: User, comparison: Comparison) -> list[Organisation]:
    post = access_of(user).post
    if not post or post.organisation.level not in (Level.PREFECTURE, Level.PROVINCE):
        return []
    return list(
        Organisation.objects.filter(parent=comparison.prefecture, level=Level.COUNTY, valid_to=None).order_by("code")
    )


def line_of(difference: Difference) -> dict[str, Any]:
    """A difference in a line of a list."""
    return {
        "difference": difference, "what": what_of(difference), "state": state_of(difference),
        "values": [shown(difference, system) for system in System],
    }  # fmt: skip


def what_of(difference: Difference) -> str:
    """信息不一致：姓名; 同一名册重复：国网."""
    label = difference.get_kind_display()
    if difference.kind == DifferenceKind.TWICE:
        return f"{label}：{System(difference.field).label}"
    return f"{label}：{BY_KEY[difference.field].label}" if difference.kind == DifferenceKind.FIELD else label


def shown(difference: Difference, system: System, *, full: bool = False) -> str:
    """What a book says, a number masked unless it is to be whole. Without the student 无此人, without a value 空."""
    value = getattr(difference, system)
    if value is None:
        return "—" if difference.kind == DifferenceKind.TWICE else "无此人"
    number = difference.field in BY_KEY and BY_KEY[difference.field].number
    return (str(value) if number and not full else value.reveal()) or ("空" if difference.field else "有")


def state_of(difference: Difference) -> dict[str, str]:
    """Where it stands, in words with a tone; needs `with_notes`."""
    if difference.closed_in_id:
        return {"words": STATES["closed"], "tone": "ok"}
    if not difference.noted:
        return {"words": STATES["open"], "tone": "warn"}
    mended = {system.value: system.label for system in FILES}.get(difference.mended_in)
    return {"words": f"已在{mended}改正，待下次比对" if mended else STATES["noted"], "tone": "info"}


def feedback_book(feedback: Feedback) -> tuple[bytes, int]:
    """The list of an office as Excel to work on, with whole numbers, and how many stand in it."""
    rows = with_notes(Difference.objects.filter(prefecture=feedback.prefecture, county=feedback.county_id))
    rows = (
        rows.shown_by(feedback.comparison_id)
        .select_related("school", "opened_in")
        .order_by("school__code", "kind", "field", "pk")
    )
    lines = [
        (
            d.school.name, d.name, d.national_number.reveal(), d.id_number.reveal(), what_of(d), BY_KEY[d.field].label if d.field in BY_KEY else "",
            *(shown(d, system, full=True) for system in System), d.national_rows, d.provincial_rows, str(d.opened_in),
            d.due_on.isoformat() if d.due_on else "", d.last_note or "", "",
        )
        for d in rows
    ]  # fmt: skip
    told = f"{feedback.comparison}　{feedback.school.name}　共{len(lines)}项"
    return book("比对差异", told, [head for head, _ in EXCEL], lines, [width for _, width in EXCEL]), len(lines)
