"""What the pages of archives show."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator

from approvals.calendar_queries import calendar_for
from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from registry.archive.contents import AT_ENTRY, entries_of, missing
from registry.archive.due import SET_UP, by_school, due_of, entered
from registry.archive.forms import MaterialForm, ReceiptForm
from registry.enums import ArchivePart
from registry.models import ArchiveHandover, Enrolment, KeyFacts
from registry.search import enrolment_page

PAGE_SIZE = 100


def archives_page(user, on: date) -> dict[str, Any]:
    """Schools with how many archives are set up and how many are late."""
    access = access_of(user)
    lines = by_school(access, on, calendar_for(access.post.organisation))
    totals = {name: sum(getattr(line, name) for line in lines) for name in ("entered", "set_up", "missing", "late")}
    return {"lines": lines, "kpis": _kpis(totals), "needed": [part.label for part in AT_ENTRY], "on": on}


def _kpis(totals: dict[str, int]) -> list[dict[str, Any]]:
    """The sums as the row of figures shows them."""
    words = {"entered": "人应建档", "set_up": "人已建档", "missing": "人未建档", "late": "人超期未建档"}
    tones = {"late": "over" if totals["late"] else ""}
    return [{"value": totals[name], "label": label, "tone": tones.get(name, "")} for name, label in words.items()]


def school_page(school: Organisation, user, on: date, data) -> dict[str, Any]:
    """The students of a school who entered in this school year and whose archive is not set up."""
    access, calendar = access_of(user), calendar_for(school)
    waiting = entered(access, on).filter(school=school).exclude(SET_UP).order_by("begins_on", "pk")
    page = Paginator(waiting, PAGE_SIZE).get_page(data.get("page"))
    names = dict(
        KeyFacts.objects.filter(student__in=[e.student_id for e in page], valid_to=None).values_list("student", "name")
    )
    days = {day: calendar.end_of_months(day, 1) for day in {e.begins_on for e in page}}
    rows = [(e, names.get(e.student_id, "—"), days[e.begins_on]) for e in page]
    may = access.may(Permission.PREPARE_BUSINESS, school)
    return {
        "school": school,
        "rows": rows,
        "page": page,
        "on": on,
        "may_keep": may,
        "needed": [p.label for p in AT_ENTRY],
    }


def archive_page(enrolment: Enrolment, user, on: date, forms=()) -> dict[str, Any]:
    """The archive of a student, part by part."""
    access = access_of(user)
    entries = entries_of(enrolment, access)
    handover = ArchiveHandover.objects.filter(present=enrolment).select_related("former__school", "received_by").first()
    facts = KeyFacts.objects.filter(student=enrolment.student_id, valid_to=None).first()
    due = due_of(enrolment, calendar_for(enrolment.school))
    wanting = missing(entries)
    return {
        "enrolment": enrolment,
        "name": facts.name if facts else "",
        "student_page": enrolment_page(enrolment.pk),
        "parts": [(part, [e for e in entries if e.part == part]) for part in ArchivePart],
        "missing": [part.label for part in wanting],
        "needed": AT_ENTRY,
        "due": due,
        "late": bool(wanting and due.day and due.day < on and enrolment.ends_on is None),
        "handover": handover,
        "may_keep": enrolment.ends_on is None and access.may(Permission.PREPARE_BUSINESS, enrolment.school),
        "material_form": MaterialForm(),
        "receipt_form": ReceiptForm(),
        **dict(forms),
    }
