"""What the pages of counts and rosters show."""

from typing import Any

from django.core.paginator import Paginator

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.policy import in_force
from registry.enums import ExportState
from registry.models import Enrolment, ExportRecord
from registry.rosters.chart import chart_of
from registry.rosters.columns import SECRETS, Column, in_order
from registry.rosters.counting import Counts, counts_of
from registry.rosters.exports import fields_of, may_decide, may_export
from registry.rosters.forms import CountForm, DecisionForm, PurposeForm, RollForm
from registry.rosters.roll import listed
from registry.search import enrolment_page

LINES_A_PAGE, ROWS_A_PAGE = 200, 50


def counted(form: CountForm, user) -> Counts:
    """What the form asks for, of what the person may see."""
    return counts_of(Enrolment.objects.visible_to(user), form.conditions, *form.dimensions)


def told(form: CountForm) -> str:
    """What the figures are of: 截至2026-09-16 · 东乡县."""
    return f"截至{form.conditions.day.isoformat()}　{form.conditions.words()}"


def counts_page(form: CountForm, user, number: str | None) -> dict[str, Any]:
    """Table and chart."""
    if form.is_bound and form.errors:
        return {"filter_form": form, "form": form, "counts": None}
    counts = counted(form, user)
    page = Paginator(counts.lines, LINES_A_PAGE).get_page(number)
    return {
        "filter_form": form,
        "form": form,
        "counts": counts,
        "page": page,
        "chart": chart_of(counts),
        "told": told(form),
        "day": form.conditions.day,
    }


def roll_page(form: RollForm, purpose: PurposeForm, user, number: str | None) -> dict[str, Any]:
    """The roster, numbers masked, and the form by which it is taken out."""
    access = access_of(user)
    context = {"form": purpose if purpose.errors else form, "filter_form": form, "purpose_form": purpose}
    if form.is_bound and form.errors:
        return context
    columns = in_order(form.chosen)
    found = listed(Enrolment.objects.open_to(access), form.conditions, columns)
    page = Paginator(found.values_list("pk", *(column.path for column in columns)), ROWS_A_PAGE).get_page(number)
    return context | {
        "columns": columns,
        "rows": [[_masked(c, value) for c, value in zip(columns, values, strict=True)] for _, *values in page],
        "students": [enrolment_page(pk) for pk, *_ in page],
        "page": page,
        "told": f"截至{form.conditions.day.isoformat()}　{form.conditions.words()}",
        "may_export": may_export(access),
        "limit": in_force(access.post.organisation, today())["export.release_above"],
    }


def _masked(column: Column, value: Any) -> str:
    return str(value or "") if column.code in SECRETS else column.words(value)


def exports_page(user, number: str | None) -> dict[str, Any]:
    """Rosters asked for, the newest first."""
    seen = ExportRecord.objects.visible_to(user).select_related("asked_by", "decided_by", "post__organisation")
    return {"page": Paginator(seen.order_by("-asked_at", "-pk"), ROWS_A_PAGE).get_page(number)}


def export_page(export: ExportRecord, user, form: DecisionForm) -> dict[str, Any]:
    """One of them."""
    access = access_of(user)
    return {
        "export": export,
        "tone": export.tone,
        "columns": fields_of(export),
        "form": form,
        "may_decide": export.state == ExportState.WAITING and may_decide(access, export),
        "may_take": export.state == ExportState.OPEN and export.asked_by_id == user.pk,
        "own": export.asked_by_id == user.pk,
    }
