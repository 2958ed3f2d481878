"""What the pages of the comparison show."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation, User
from linxia_xueji.secrets import Secret
from registry.comparing import deeds, intake
from registry.comparing.enums import FILES, ComparisonState, DifferenceKind, System
from registry.comparing.fields import BY_KEY
from registry.comparing.forms import ExportForm, NoteForm, OpenForm, PairForm
from registry.comparing.lists import shown, state_of, what_of
from registry.comparing.matching import Facts
from registry.comparing.running import STEPS, told
from registry.comparing.ways import applies, ways_of
from registry.models import Comparison, Difference, Feedback, Pair

PAGE_SIZE = 20
RUNNING = (ComparisonState.WAITING, ComparisonState.RUNNING)
TONES = {
    ComparisonState.OPEN: "warn",
    ComparisonState.WAITING: "info",
    ComparisonState.RUNNING: "info",
    ComparisonState.DONE: "ok",
}


def prefecture_of(user: User) -> Organisation | None:
    """The prefecture of whoever looks."""
    post = access_of(user).post
    return post.organisation.at(Level.PREFECTURE) if post else None


def list_page(user: User, number: str | None, form: OpenForm | None = None) -> dict[str, Any]:
    """The comparisons one may see, the newest first, and for the centre the form to open one."""
    prefecture = prefecture_of(user)
    rows = Comparison.objects.visible_to(user).select_related("opened_by").order_by("-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    seen = Difference.objects.visible_to(user)
    nothing = dict.fromkeys(("opened", "closed", "standing"), "—")
    lines = [
        {"comparison": c, "tone": TONES[c.state], **(_figures(seen, c) if c.state == ComparisonState.DONE else nothing)}
        for c in page
    ]
    context = {"page": page, "lines": lines, "form": None, "waits": waiting_pairs(user)}
    if intake.may_compare(user, prefecture):
        terms = intake.terms_to_compare(prefecture, today())
        context |= {"terms": terms, "form": form or OpenForm(terms=terms), "may": True}
    return context


def waiting_pairs(user: User) -> int:
    """Pairs nobody has decided about."""
    return Pair.objects.visible_to(user).filter(decision="").count()


def _figures(seen, comparison: Comparison) -> dict[str, int]:
    """Of what one may see: opened by it, closed by it, standing after it; one query."""
    pk = comparison.pk
    stands = Q(opened_in__lte=pk) & (Q(closed_in=None) | Q(closed_in__gt=pk))
    return seen.aggregate(
        opened=Count("pk", filter=Q(opened_in=pk)),
        closed=Count("pk", filter=Q(closed_in=pk)),
        standing=Count("pk", filter=stands),
    )


def comparison_page(comparison: Comparison, user: User, **forms: ExportForm) -> dict[str, Any]:
    """Where a comparison stands, and what it found."""
    may = intake.may_compare(user, comparison.prefecture)
    running = comparison.state in RUNNING
    context = {
        "comparison": comparison, "tone": TONES[comparison.state], "may": may, "running": running,
        "refresh_seconds": 3 if running else None, "total": len(STEPS), "steps": _steps(comparison),
        "say": comparison.get_state_display() if not running else "",
        "files": [_file(comparison, system, forms.get(system.value)) for system in FILES] if may else [],
        "missing": intake.missing(comparison) if may and comparison.state == ComparisonState.OPEN else "",
        "form": next((form for form in forms.values() if form.errors), None),
    }  # fmt: skip
    return context | (_result(comparison, user) if comparison.state == ComparisonState.DONE else {})


def _steps(comparison: Comparison) -> list[dict[str, str]]:
    at = {ComparisonState.OPEN: 0, ComparisonState.DONE: 3}.get(comparison.state, 1)
    words = (
        ("上传名册、核对列", "国网、省网各一份"),
        ("比对", "本门户学籍为第三栏"),
        ("反馈各县市", "逐项处理，下次核实"),
    )
    return [
        {"label": label, "who": who, "when": "", "state": "done" if n < at else "now" if n == at else "todo"}
        for n, (label, who) in enumerate(words)
    ]


def _file(comparison: Comparison, system: System, form: ExportForm | None) -> dict[str, Any]:
    upload = next(
        (f for f in comparison.files.select_related("file", "mapping", "uploaded_by") if f.system == system), None
    )
    columns = [
        (f.label, upload.headers[upload.columns[key]]) for key, f in BY_KEY.items() if upload and key in upload.columns
    ]
    return {
        "system": system, "upload": upload, "columns": columns,
        "form": form or ExportForm(auto_id=f"{system.value}-%s") if comparison.state == ComparisonState.OPEN else None,
    }  # fmt: skip


def _result(comparison: Comparison, user: User) -> dict[str, Any]:
    seen = Difference.objects.visible_to(user)
    stands = seen.shown_by(comparison.pk)
    kinds = dict(stands.order_by().values_list("kind").annotate(n=Count("pk")))
    feedbacks = (
        Feedback.objects.visible_to(user).filter(comparison=comparison).select_related("school", "county__division")
    )
    return {
        "figures": _figures(seen, comparison), "kinds": [(k.value, k.label, kinds.get(k.value, 0)) for k in DifferenceKind],
        "feedbacks": feedbacks.order_by("county__code"), "pairs": waiting_pairs(user),
    }  # fmt: skip


def difference_page(
    difference: Difference, user: User, form: NoteForm | None = None, *, full: bool = False
) -> dict[str, Any]:
    """One difference, the books side by side, and the ways to settle it."""
    why_not = deeds.why_not_note(user, difference)
    return {
        "difference": difference, "what": what_of(difference), "state": state_of(difference), "full": full,
        "values": [{"book": system.label, "value": shown(difference, system, full=full), "rows": _rows(difference, system)} for system in System],
        "number": difference.national_number.reveal() if full else str(difference.national_number),
        "id_number": difference.id_number.reveal() if full else str(difference.id_number),
        "notes": difference.notes.select_related("by"),
        "ways": ways_of(difference.kind, difference.field, difference.enrolment_id) if applies(user, difference.school) else [],
        "why_not": why_not, "form": None if why_not else form or NoteForm(), "late": _late(difference),
    }  # fmt: skip


def _rows(difference: Difference, system: System) -> str:
    rows = getattr(difference, f"{system.value}_rows", "")
    return f"第{rows}行" if rows else ""


def _late(difference: Difference) -> bool:
    return bool(not difference.closed_in_id and difference.due_on and difference.due_on < today())


def pairs_page(
    user: User, number: str | None, asked: Pair | None = None, form: PairForm | None = None
) -> dict[str, Any]:
    """Pairs one may see: those to decide first."""
    rows = Pair.objects.visible_to(user).select_related("school", "decided_by", "found_in")
    page = Paginator(rows.order_by("decision", "pk"), PAGE_SIZE).get_page(number)
    lines = [
        {
            "pair": pair, "label": f"第{pair.pk}号两份记录表，可左右滚动",
            "sides": [_side(pair.left_system, told(pair.left)), _side(pair.right_system, told(pair.right))],
            "form": None if deeds.why_not_decide(user, pair) else form if asked == pair and form else PairForm(auto_id=f"pair{pair.pk}-%s"),
        }
        for pair in page
    ]  # fmt: skip
    return {"page": page, "lines": lines, "form": form}


def _side(system: str, facts: Facts) -> dict[str, str]:
    """What a book says, numbers masked."""
    return {
        "book": System(system).label, "name": facts.name or "", "number": str(Secret(facts.national_number or "")) or "空",
        "id_number": str(Secret(facts.id_number or "")) or "空", "school": facts.school or "—",
        "words": " · ".join(filter(None, (facts.sex, facts.birth, facts.grade, facts.status))),
    }  # fmt: skip
