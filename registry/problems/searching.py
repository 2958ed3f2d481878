"""The list brought in line with the register: new findings come on it, what the facts no longer show is settled of itself."""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from linxia_xueji.dates import now, today
from linxia_xueji.secrets import index_of
from registry.enums import ProblemAct, ProblemEnd
from registry.models import Enrolment, KeyFacts, Problem, ProblemEvent, ProblemParty
from registry.problems.finders import Found, find

LASTING = (ProblemEnd.NOT_SAME, ProblemEnd.EVIDENCE)
"""Decided by people: found again only where the facts have changed since."""
GONE_WORDS = "再次查找时，登记信息已不再符合"
_LOCK = 5_202_209
"""Whoever brings the list in line waits for whoever is at it."""


@dataclass(frozen=True)
class Tally:
    """What a search changed."""

    found: int = 0
    gone: int = 0


def search() -> Tally:
    """Search the whole register. Only those whose findings differ from the list are looked at again, under the lock."""
    students = _differing(find())
    return recheck(students) if students else Tally()


@transaction.atomic
def recheck(students: Collection[int], *, because: str = GONE_WORDS, by=None) -> Tally:
    """Look at these students again and bring all that concerns them in line; in the transaction of whatever changed them.

    :param because: what made a problem go away, for its history.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    found = find(students)
    known = {p.key: p for p in _about(students, found).select_for_update()}
    prints = _prints(found.values())
    returns = [p for key, p in known.items() if key in found and _returns(p, prints[key])]
    fresh = [found[key] for key in found.keys() - known.keys()]
    gone = [p for key, p in known.items() if key not in found and p.settled_on is None]
    _put_back(returns)
    made = _create(fresh, prints)
    _let_go(gone, because, by)
    standing = [p for key, p in known.items() if key in found and p.settled_on is None]
    _name_parties({p: found[p.key] for p in [*made, *standing]}, prints)
    return Tally(len(returns) + len(made), len(gone))


def _about(students: Collection[int], found: Collection[str]):
    """Problems with one of these students in them, and the found ones, whoever was in them so far."""
    parties = ProblemParty.objects.filter(student__in=students).values("problem")
    return Problem.objects.filter(Q(pk__in=parties) | Q(key__in=list(found)))


def _differing(found: dict[str, Found]) -> set[int]:
    """The students of findings that are not on the list as they are, and of those on it that were not found."""
    known = {p.key: p for p in Problem.objects.all()}
    prints = _prints(found.values())
    students = {
        student
        for key, one in found.items()
        if key not in known or known[key].facts != prints[key] or _returns(known[key], prints[key])
        for student in one.students
    }
    lost = [p.pk for key, p in known.items() if key not in found and p.settled_on is None]
    parties = ProblemParty.objects.filter(problem__in=lost, student__isnull=False)
    moved = ProblemParty.objects.filter(problem__settled_on=None, enrolment__ends_on__isnull=False)
    return students | set(parties.values_list("student", flat=True)) | set(moved.values_list("student", flat=True))


def _returns(problem: Problem, facts: str) -> bool:
    if problem.settled_on is None:
        return False
    return problem.settled_as not in LASTING or problem.facts != facts


def _prints(found: Collection[Found]) -> dict[str, str]:
    """Key → hash of the key information a finding rests on; one query."""
    students = {student for one in found for student in one.students}
    rows = KeyFacts.objects.filter(valid_to=None, student__in=students).annotate(number=index_of("id_number"))
    facts = {
        s: tuple(map(str, rest))
        for s, *rest in rows.values_list("student", "name", "sex", "birth_date", "id_type", "number")
    }
    return {
        one.key: hashlib.sha256(repr([*(facts.get(s) for s in one.students), _claimed(one)]).encode()).hexdigest()[:32]
        for one in found
    }


def _claimed(one: Found) -> tuple[str, ...]:
    """Of a claim, name, sex and birth date: its number is the student's."""
    return (one.claim.name, one.claim.sex, str(one.claim.birth_date)) if one.claim else ()


def _put_back(problems: list[Problem]) -> None:
    for problem in problems:
        problem.settled_on, problem.settled_as = None, ""
    Problem.objects.bulk_update(problems, ["settled_on", "settled_as"], batch_size=2_000)
    _tell(problems, ProblemAct.AGAIN)


def _create(fresh: list[Found], prints: dict[str, str]) -> list[Problem]:
    rows = [
        Problem(kind=one.kind, key=one.key, facts=prints[one.key], details=one.details, found_on=today())
        for one in sorted(fresh, key=lambda one: one.key)
    ]
    made = Problem.objects.bulk_create(rows, batch_size=2_000)
    _tell(made, ProblemAct.FOUND)
    return made


def _let_go(problems: list[Problem], because: str, by) -> None:
    for problem in problems:
        problem.settled_on, problem.settled_as = today(), ProblemEnd.GONE
    Problem.objects.bulk_update(problems, ["settled_on", "settled_as"], batch_size=2_000)
    _tell(problems, ProblemAct.GONE, because, by)


def _tell(problems: list[Problem], act: ProblemAct, reason: str = "", by=None) -> None:
    at = now()
    ProblemEvent.objects.bulk_create(
        [ProblemEvent(problem=p, act=act, at=at, by=by, reason=reason) for p in problems], batch_size=2_000
    )


def _name_parties(of: dict[Problem, Found], prints: dict[str, str]) -> None:
    """Whom each open problem concerns now, with details and facts as they are; those that stay keep their rows."""
    enrolments = defaultdict(list)
    students = {student for one in of.values() for student in one.students}
    for enrolment in Enrolment.objects.filter(student__in=students, ends_on=None).order_by("begins_on", "pk"):
        enrolments[enrolment.student_id].append(enrolment)
    there = defaultdict(set)
    for party in ProblemParty.objects.filter(problem__in=list(of)):
        there[party.problem_id].add(party.enrolment_id or _told(party))
    stale, rows = [], []
    for problem, one in of.items():
        wanted = [e for student in one.students for e in enrolments[student]]
        named = [_named(problem, one)] if one.claim else []
        if there[problem.pk] == {e.pk for e in wanted} | set(map(_told, named)):
            continue
        stale.append(problem.pk)
        rows += [
            ProblemParty(problem=problem, student_id=e.student_id, enrolment=e, school_id=e.school_id, county_id=e.county_id, prefecture_id=e.prefecture_id)
            for e in wanted
        ]  # fmt: skip
        rows += named
    ProblemParty.objects.filter(problem__in=stale).delete()
    ProblemParty.objects.bulk_create(rows, batch_size=2_000)
    changed = [p for p, one in of.items() if (p.facts, p.details) != (prints[p.key], one.details)]
    for problem in changed:
        problem.facts, problem.details = prints[problem.key], of[problem].details
    Problem.objects.bulk_update(changed, ["facts", "details"], batch_size=2_000)


def _named(problem: Problem, one: Found) -> ProblemParty:
    claim = one.claim
    return ProblemParty(
        problem=problem, school=claim.school, county=claim.school.at("county"), prefecture=claim.school.at("prefecture"),
        origin=claim.origin, name=claim.name, sex=claim.sex, birth_date=claim.birth_date, id_number=claim.id_number,
    )  # fmt: skip


def _told(party: ProblemParty) -> tuple[Any, ...]:
    """What somebody without an enrolment says of himself: another row where it changes."""
    return (party.school_id, party.origin, party.name, party.sex, party.birth_date, party.id_number)
