"""Carrying out a comparison: both files and the register read, who is who, what differs, what of the last one is gone."""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from approvals.calendars import calendars
from linxia_xueji.collector import quiet_collector
from linxia_xueji.dates import now
from linxia_xueji.models import Organisation, scope_of
from linxia_xueji.policy import in_force
from linxia_xueji.secrets import Secret, indexes
from registry.comparing import books
from registry.comparing.enums import FILES, ComparisonState, DifferenceKind, PairDecision, System
from registry.comparing.fields import COMPARED
from registry.comparing.matching import Facts, Found, Likely, Person, differences, likely, match
from registry.comparing.opening import Rows
from registry.comparing.telling import tell
from registry.models import Comparison, ComparisonFile, Difference, Pair

STEPS = ("读取本门户学籍", "读取国网名册", "读取省网名册", "逐人核对", "登记结果")
Progress = Callable[[str, int], None]
_LOCK = 5_202_211
_AT_ONCE = 2_000


@dataclass
class Outcome:
    """What was found, before anything is written; `complete` are the fields that both files have."""

    found: list[Found]
    pairs: list[Likely]
    complete: frozenset[str]
    counts: dict[str, int]


def run(comparison: Comparison, *, on: date) -> None:
    """Compare, and write what follows in one transaction. May be run again until it is done.

    :raises Refusal: where a file cannot be opened any more.
    """

    def progress(phase: str, done: int) -> None:
        Comparison.objects.filter(pk=comparison.pk).update(phase=phase, done=done)

    with quiet_collector():
        outcome = look(comparison, on, progress)
        write(comparison, outcome, on)


def look(comparison: Comparison, on: date, progress: Progress) -> Outcome:
    """Everything read and matched; of the uploads only what they hold is noted."""
    offices, uploads = (
        books.offices_of(comparison.prefecture),
        {f.system: f for f in comparison.files.select_related("file", "mapping")},
    )
    sides: dict[System, list[Facts]] = {}
    # The files are opened one after the other in another process; meanwhile the register is read, and what has come is typed.
    with ThreadPoolExecutor(1) as waiting:
        cells = {system: waiting.submit(books.cells_of, uploads[system]) for system in FILES}
        progress(STEPS[0], 0)
        register = books.register(comparison.prefecture, on, offices)
        for number, system in enumerate(FILES, 1):
            progress(STEPS[number], number)
            sides[system] = _read(uploads[system], cells[system].result(), offices)
    sides[System.REGISTER] = register
    progress(STEPS[3], 3)
    confirmed = Pair.objects.filter(prefecture=comparison.prefecture, decision=PairDecision.SAME)
    people = match(sides, [(told(pair.left), told(pair.right)) for pair in confirmed])
    found = [one for person in people for one in differences(person)]
    progress(STEPS[4], 4)
    complete = frozenset(COMPARED).intersection(*(upload.columns for upload in uploads.values()))
    return Outcome(found, likely(people), complete, {system.value: len(rows) for system, rows in sides.items()})


def _read(upload: ComparisonFile, cells: Rows, offices: books.Offices) -> list[Facts]:
    book = books.export(upload, cells, offices)
    upload.rows, upload.skipped = len(book.rows), book.skipped
    upload.faults, upload.fault_count = book.faults, book.fault_count
    upload.save(update_fields=["rows", "skipped", "faults", "fault_count"])
    return book.rows


@transaction.atomic
def write(comparison: Comparison, outcome: Outcome, on: date) -> None:
    """Open what is new, leave what stands, close what is gone, and tell every office."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    comparison = Comparison.objects.select_for_update(of=("self",)).select_related("prefecture").get(pk=comparison.pk)
    if comparison.state == ComparisonState.DONE:
        return
    standing = list(Difference.objects.filter(prefecture=comparison.prefecture, closed_in=None))
    known = {(key, d.kind, d.field): d for d in standing for key in d.keys}
    owners = Owners(comparison.prefecture, on)
    seen, fresh, changed = set(), {}, []
    for one in outcome.found:
        hashes = keys_of(one.person)
        same = next((d for key, _ in hashes if (d := known.get((key, one.kind, one.field)))), None)
        if same is None:
            made = _difference(one, hashes, comparison, owners)
            fresh.setdefault((made.identity, made.kind, made.field), made)
        elif same.pk not in seen:
            seen.add(same.pk)
            if _renew(same, one, hashes):
                changed.append(same)
    gone = [d.pk for d in standing if d.pk not in seen and _looked_at(d, outcome.complete)]
    Difference.objects.bulk_update(
        changed, ["keys", "national", "provincial", "register", "national_rows", "provincial_rows"], batch_size=_AT_ONCE
    )
    Difference.objects.filter(pk__in=gone).update(closed_in=comparison)
    Difference.objects.bulk_create(fresh.values(), batch_size=_AT_ONCE)
    _suggest(comparison, outcome.pairs, owners)
    comparison.state, comparison.compared_on, comparison.finished_at, comparison.error = (
        ComparisonState.DONE,
        on,
        now(),
        "",
    )
    comparison.done = len(STEPS)
    comparison.summary = outcome.counts | {
        "opened": len(fresh), "closed": len(gone), "standing": len(standing) - len(gone) + len(fresh),
    }  # fmt: skip
    comparison.save()
    tell(comparison, owners.due)


def keys_of(person: Person) -> list[tuple[str, str]]:
    """(hash under a key in use, what it is of) for all a student is known by; under the writing key first."""
    return [(index, word) for word in person.known_by() for index in indexes(word)]


def _looked_at(difference: Difference, complete: frozenset[str]) -> bool:
    """A column that a file lacks this time says nothing of what differed in it."""
    return difference.field not in COMPARED or difference.field in complete


class Owners:
    """Who answers for a difference, and by when: the offices of the prefecture are read once."""

    def __init__(self, prefecture: Organisation, on: date):
        self.prefecture, self.on = prefecture, on
        self.days = in_force(prefecture, on)["compare.days"]
        self._scopes: dict[int, dict[str, Any]] = {}
        self._due: dict[int, date | None] = {}

    def scope(self, office: int) -> dict[str, Any]:
        """The four columns of a record; of the prefecture itself where the office is not known."""
        if office not in self._scopes:
            found = Organisation.objects.select_related("parent__parent__parent").filter(pk=office).first()
            self._scopes[office] = scope_of(found or self.prefecture)
        return self._scopes[office]

    def due(self, office: Organisation) -> date | None:
        """The last day, by the calendar of the office; None while it is not published."""
        if office.pk not in self._due:
            self._due[office.pk] = calendars().of(office).working_days_after(self.on, self.days).day
        return self._due[office.pk]


def _owner(person: Person) -> int:
    """By the register, else by the files."""
    order = (System.REGISTER, *FILES)
    return next((s.owner for system in order if (s := person.sides.get(system)) and s.owner), 0)


def _difference(one: Found, hashes: list[tuple[str, str]], comparison: Comparison, owners: Owners) -> Difference:
    scope = owners.scope(_owner(one.person))
    sides = one.person.sides
    words = [s for system in (System.REGISTER, *FILES) if (s := sides.get(system))]
    register = sides.get(System.REGISTER)
    made = Difference(
        **scope, kind=one.kind, field=one.field, identity=hashes[0][0],
        enrolment_id=register.enrolment if register else None, name=_first(words, "name")[:100],
        national_number=Secret(_first(words, "national_number")), id_number=Secret(_first(words, "id_number")),
        opened_in=comparison, due_on=owners.due(scope["school"]),
    )  # fmt: skip
    _renew(made, one, hashes)
    return made


def _first(sides: Iterable[Facts], key: str) -> str:
    return next((value for side in sides if (value := getattr(side, key))), "")


def _renew(difference: Difference, one: Found, hashes: list[tuple[str, str]]) -> bool:
    """What the books say now; whether that is something else than before."""
    sides = one.person.sides
    values = [None if value is None else Secret(value) for value in one.values]
    rows = [_rows(one, sides.get(system), system) for system in FILES]
    now_ = [*values, *rows, [key for key, _ in hashes]]
    names = ("national", "provincial", "register", "national_rows", "provincial_rows", "keys")
    if [getattr(difference, name) for name in names] == now_:
        return False
    for name, value in zip(names, now_, strict=True):
        setattr(difference, name, value)
    return True


def _rows(one: Found, side: Facts | None, system: System) -> str:
    if side is None:
        return ""
    more = one.person.twice.get(system, []) if one.kind == DifferenceKind.TWICE else []
    return "、".join(str(row) for row in (side.row, *more))[:60]


def _suggest(comparison: Comparison, pairs: list[Likely], owners: Owners) -> None:
    """Put new pairs to the offices; those known, decided or not, stay as they are. Both of one school: its; of one county: its."""
    made = []
    for left, right in pairs:
        sides = [next(iter(p.sides.items())) for p in (left, right)]
        scopes = [owners.scope(_owner(p)) for p in (left, right)]
        same = next((s for level in ("school", "county") if (s := scopes[0][level]) and s == scopes[1][level]), None)
        made.append(
            Pair(
                **owners.scope(same.pk if same else 0), left_key=keys_of(left)[0][0], right_key=keys_of(right)[0][0],
                left_system=sides[0][0], right_system=sides[1][0], name=(sides[0][1].name or "")[:100],
                left=Secret(json.dumps(sides[0][1], ensure_ascii=False)), right=Secret(json.dumps(sides[1][1], ensure_ascii=False)),
                found_in=comparison,
            )
        )  # fmt: skip
    Pair.objects.bulk_create(made, ignore_conflicts=True, batch_size=_AT_ONCE)


def told(side: Secret) -> Facts:
    """What a book said of one of a pair."""
    return Facts(*json.loads(side.reveal()))
