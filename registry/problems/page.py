"""One problem: the records side by side with what differs marked, since when, what happened, and the ways out."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linxia_xueji.access import access_of
from linxia_xueji.enums import Sex, Stage
from linxia_xueji.reference import ethnicity_name
from linxia_xueji.secrets import Secret
from registry.enums import Ending, EnrolmentState, IdType
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts, Problem, ProblemParty
from registry.problems.exits import exits_of, requests_of
from registry.problems.forms import DecisionForm
from registry.problems.list_page import state_of, where
from registry.problems.rights import may_decide
from registry.roster.grades import words_of
from registry.search import enrolment_page

HIDDEN = "不显示"
LABELS = ("姓名", "性别", "出生日期", "民族", "身份证件类型", "身份证件号")


@dataclass
class Side:
    """One of the records: who it is of, as far as it may be seen."""

    seen: bool
    heading: str
    values: dict[str, str] = field(default_factory=dict)
    plain: dict[str, Any] = field(default_factory=dict)
    """What is compared: of masked values the whole ones."""
    enrolments: list[dict[str, Any]] = field(default_factory=list)


def problem_page(problem: Problem, user, form: DecisionForm | None = None) -> dict[str, Any]:
    """All the page shows; `problem` with its progress."""
    access = access_of(user)
    parties = list(problem.parties.select_related("school__parent__parent__parent", "county__division", "enrolment"))
    seen = set(ProblemParty.objects.visible_to(user).filter(problem=problem).values_list("pk", flat=True))
    sides = _sides(parties, seen)
    students = [party.student_id for party in parties if party.student_id]
    return {
        "problem": problem, "state": state_of(problem), "sides": sides, "lines": _compared(sides),
        "events": problem.events.select_related("by"), "ways": _ways(problem, parties, seen),
        "requests": _requests(students, user), "may_decide": may_decide(access, problem, parties), "form": form or DecisionForm(),
        "hides": any(not side.seen for side in sides),
    }  # fmt: skip


def _sides(parties: list[ProblemParty], seen: set[int]) -> list[Side]:
    facts = {
        f.student_id: f
        for f in KeyFacts.objects.filter(student__in=[p.student_id for p in parties if p.student_id], valid_to=None)
    }
    standing = _standing([p.enrolment_id for p in parties if p.enrolment_id])
    of: dict[Any, list[ProblemParty]] = defaultdict(list)
    for party in parties:
        of[party.student_id or f"claim{party.pk}"].append(party)
    sides = []
    for whose, those in of.items():
        open_to = [p for p in those if p.pk in seen]
        side = Side(bool(open_to), "、".join(where(p) for p in those))
        if open_to:
            held = facts.get(whose, those[0])
            side.plain = _plain(held)
            side.values = _shown(side.plain)
        side.enrolments = [_enrolment(p, standing, p.pk in seen) for p in those]
        sides.append(side)
    return sides


def _plain(held: KeyFacts | ProblemParty) -> dict[str, Any]:
    """The same for a student's facts and for what a claim says of itself, which is less."""
    return {
        "姓名": held.name, "性别": Sex(held.sex).label, "出生日期": held.birth_date,
        "民族": ethnicity_name(held.ethnicity) if isinstance(held, KeyFacts) else "",
        "身份证件类型": IdType(held.id_type).label if isinstance(held, KeyFacts) else "", "身份证件号": held.id_number,
    }  # fmt: skip


def _shown(plain: dict[str, Any]) -> dict[str, str]:
    shown = {}
    for label, value in plain.items():
        shown[label] = f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
    shown["身份证件号"] = shown["身份证件号"] or "无"
    return shown


def _compared(sides: list[Side]) -> list[dict[str, Any]]:
    """A line a field: what each record says, and whether they differ; two numbers are compared whole, shown masked."""
    lines, open_to = [], [side for side in sides if side.seen]
    for label in LABELS:
        values = {_key(side.plain[label]) for side in open_to if side.plain[label] or label == "身份证件号"}
        lines.append(
            {
                "label": label, "differs": len(values) > 1, "compared": len(open_to) > 1,
                "cells": [side.values[label] or "—" if side.seen else HIDDEN for side in sides],
            }
        )  # fmt: skip
    return lines


def _key(value: Any) -> str:
    return value.reveal() if isinstance(value, Secret) else str(value)


def _standing(enrolments: list[int]) -> dict[int, tuple[str, str]]:
    """Enrolment → status and grade as they are, or were last."""
    found = {}
    statuses = EnrolmentStatus.objects.filter(enrolment__in=enrolments).order_by("valid_from", "pk")
    grades = EnrolmentGrade.objects.filter(enrolment__in=enrolments).order_by("valid_from", "pk")
    status = dict(statuses.values_list("enrolment", "status"))
    place = {
        e: f"{words_of(grade)}{name}" for e, grade, name in grades.values_list("enrolment", "grade", "school_class")
    }
    for pk in enrolments:
        found[pk] = (EnrolmentState(status[pk]).label if pk in status else "", place.get(pk, ""))
    return found


def _enrolment(party: ProblemParty, standing: dict[int, tuple[str, str]], seen: bool) -> dict[str, Any]:
    if party.enrolment is None:
        return {"where": where(party), "words": party.origin, "since": None, "page": ""}
    enrolment: Enrolment = party.enrolment
    if not seen:
        return {"where": where(party), "words": "", "since": None, "page": ""}
    status, place = standing[enrolment.pk]
    words = Ending(enrolment.ending).label if enrolment.ending else status
    return {
        "where": where(party), "words": f"{Stage(enrolment.stage).label} {place} {words}", "since": enrolment.begins_on,
        "page": enrolment_page(enrolment.pk),
    }  # fmt: skip


def _ways(problem: Problem, parties: list[ProblemParty], seen: set[int]) -> list[dict[str, Any]]:
    """The ways out on the chain, for each enrolment one may see; none once it is settled."""
    if problem.settled_on:
        return []
    own = [p for p in parties if p.enrolment_id and p.pk in seen and p.enrolment.ends_on is None]
    two = len(parties) > 1 and all(p.enrolment_id for p in parties)
    return [
        {"way": way, "links": [{"url": way.address(p.enrolment_id), "where": where(p)} for p in own]}
        for way in exits_of(problem.kind)
        if two or not way.needs_another
    ]


def _requests(students: list[int], user) -> list[Any]:
    """What is under way: the request where it may be seen, else None."""
    found = list(requests_of(students))
    open_to = (
        {r.pk: r for r in type(found[0]).objects.visible_to(user).filter(pk__in=[r.pk for r in found])} if found else {}
    )
    return [open_to.get(r.pk) for r in found]
