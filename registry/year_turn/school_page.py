"""What the page of one school in a turn shows: by grade and class, who is handed on, who is left out and why, and the list of 结业."""

from collections import Counter
from typing import Any

from django.db.models import CharField, Count, OuterRef, Subquery
from django.http import QueryDict

from approvals.models import Request
from linxia_xueji.models import Organisation, User
from registry.enums import Fate, TurnState
from registry.models import EnrolmentGrade, YearTurn
from registry.roster.grades import words_of
from registry.search import enrolment_page
from registry.year_turn.completion import last_graders
from registry.year_turn.fates import MOVING, people
from registry.year_turn.forms import CompletionForm
from registry.year_turn.handed_on import coming, going
from registry.year_turn.page import STAYING
from registry.year_turn.rights import may_complete

QUIET = (Fate.CURRENT, Fate.ENTERED)
"""Nobody has to be told of these by name."""


def school_page(turn: YearTurn, school: Organisation, user: User, query: QueryDict) -> dict[str, Any]:
    """The context of the page."""
    rows = people(turn, school.pk)
    left = [row for row in rows if row["fate"] not in (*MOVING, *QUIET)]
    requests = Request.objects.visible_to(user).in_bulk([row["request_id"] for row in left if row["request_id"]])
    classes = _classes(turn, school, rows)
    handed_on = sum(row["of"][Fate.HANDED_ON] for row in classes)
    return {
        "turn": turn, "school": school, "classes": classes, "going": going(turn, school.pk, rows, handed_on),
        "coming": coming(turn, school.pk), "left": [_left(row, requests) for row in left],
        **_completion(turn, school, user, query),
    }  # fmt: skip


def _left(row: dict, requests: dict[int, Request]) -> dict[str, Any]:
    return row | {
        "words": words_of(row["grade"]) if row["grade"] else "没有年级", "reason": Fate(row["fate"]).label,
        "request": requests.get(row["request_id"]), "page": enrolment_page(row["enrolment_id"]),
        "tone": "" if row["fate"] == Fate.SUSPENDED else "warn",
    }  # fmt: skip


def _classes(turn: YearTurn, school: Organisation, rows: list[dict]) -> list[dict[str, Any]]:
    """Class by class how many fare how: those moved already, and the others as they stand now."""
    numbers: Counter[tuple[int, str, str]] = Counter((r["grade"], r["school_class"], r["fate"]) for r in rows)
    former = EnrolmentGrade.objects.filter(pk=OuterRef("former_grade")).values("school_class")[:1]
    moved = turn.moves.filter(school=school).annotate(former_class=Subquery(former, output_field=CharField()))
    for grade, name, fate, number in (
        moved.values_list("grade", "former_class", "fate").annotate(n=Count("pk")).order_by()
    ):
        numbers[grade, name, fate] += number
    found = []
    for grade, name in sorted({key[:2] for key in numbers}):
        of = {fate: numbers[grade, name, fate] for fate in Fate}
        staying = sum(of[fate] for fate in STAYING)
        found.append(
            {"grade": words_of(grade) if grade else "没有年级", "name": name or "未编班", "total": sum(of.values()), "of": of,
             "staying": staying, "left": sum(of.values()) - staying - sum(of[fate] for fate in MOVING)}
        )  # fmt: skip
    return found


def _completion(turn: YearTurn, school: Organisation, user: User, query: QueryDict) -> dict[str, Any]:
    """Who of the last grade does not graduate: the marked, and a class to mark in."""
    if turn.state != TurnState.PREVIEW:
        gone = turn.turncompletion_set.filter(school=school).select_related("enrolment").count()
        return {"completed": gone, "marking": False}
    rows = last_graders(turn, school)
    classes = sorted({row["school_class"] for row in rows})
    chosen = query.get("class") if query.get("class") in classes else (classes or [""])[0]
    return {
        "marking": bool(rows), "may_mark": bool(rows) and may_complete(user, school), "chosen": chosen,
        "marked": [row for row in rows if row["reason"]], "completion_form": CompletionForm(),
        "markable": [row for row in rows if row["school_class"] == chosen and not row["reason"]],
        "class_tabs": [
            {"label": name or "未编班", "url": f"?class={name}#completion", "count": None, "current": name == chosen} for name in classes
        ],
    }  # fmt: skip
