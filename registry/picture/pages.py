"""The page of the picture, the list behind a figure, and all of it as Excel."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from django import forms
from django.core.paginator import Paginator

from approvals.calendars import calendars
from approvals.kinds import all_kinds
from approvals.rows import rows
from linxia_xueji.access import Access, access_of
from linxia_xueji.models import Organisation
from registry.picture import figures
from registry.picture.dates import dates
from registry.picture.figures import Table, listed, months_until
from registry.rosters.chart import chart_of
from registry.rosters.workbook import OPTIONS, write_table

A_PAGE = 50


class ListForm(forms.Form):
    """What a figure counts, as its address says it."""

    kind = forms.ChoiceField(required=False, choices=lambda: [(kind.code, kind.label) for kind in all_kinds()])
    month = forms.DateField(required=False, input_formats=["%Y-%m"])
    closed = forms.ChoiceField(
        required=False, choices=[("on_time", "按期办结"), ("late", "超期办结"), ("none", "未判定")]
    )
    due = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    office = forms.ModelChoiceField(Organisation.objects.all(), required=False)

    @property
    def asked(self) -> tuple[tuple[str, Any], ...]:
        """Name and value of what was asked for."""
        given = self.cleaned_data if self.is_valid() else {}
        return tuple((name, value.pk if name == "office" else value) for name, value in given.items() if value)

    @property
    def words(self) -> str:
        """The same in words."""
        told = {
            "kind": lambda code: dict(self.fields["kind"].choices)[code], "due": lambda day: f"{day.isoformat()}到期",
            "month": lambda day: f"{day.year}年{day.month}月提交", "office": lambda one: f"{one.short_name}近一年办理",
            "closed": lambda how: f"近一年{dict(self.fields['closed'].choices)[how]}",
        }  # fmt: skip
        given = self.cleaned_data if self.is_valid() else {}
        return "，".join(told[name](value) for name, value in given.items() if value) or "全部申请"


_MORE: list[Callable[[Access, date], Table]] = []


def add_table(table: Callable[[Access, date], Table]) -> None:
    """Let an app above add a table of what is its own; called from its `ready()`."""
    _MORE.append(table)


def tables_of(user, on: date) -> list[Table]:
    """Every table of the picture, within what the person may see."""
    access = access_of(user)
    calendar = calendars().of(access.post.organisation)
    counted = (figures.students, figures.requests, figures.on_time, figures.ahead, dates, figures.plans, *_MORE)
    return [*(table(access, on) for table in counted), figures.days_taken(access, on, calendar)]


def picture_page(user, on: date) -> dict[str, Any]:
    """Each table, and its bars where there are any."""
    tables = tables_of(user, on)
    return {"shown": [(table, chart_of(table) if table.drawn else None) for table in tables], "day": on}


def list_page(form: ListForm, user, on: date, page: str | None) -> dict[str, Any]:
    """The requests behind a figure."""
    given = (access_of(user), months_until(on)[0], form.asked)
    found = Paginator(listed(*given), A_PAGE).get_page(page)
    first = (found.number - 1) * A_PAGE
    lines = rows(listed, *given, on=on, first=first, last=first + A_PAGE)
    return {"rows": lines, "page": found, "words": form.words}


def picture_book(tables: list[Table], on: date) -> bytes:
    """A sheet a table."""
    output = BytesIO()
    with xlsxwriter.Workbook(output, OPTIONS) as made:
        for table in tables:
            told = "；".join(filter(None, (f"{table.title}，截至{on.isoformat()}", table.note)))
            lines = [(line.label, *line.figures) for line in table.lines]
            write_table(made, table.title, told, (table.by, *table.heads), lines)
    return output.getvalue()
