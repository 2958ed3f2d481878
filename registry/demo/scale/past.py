"""Requests of the past and under way, with their steps and entries, as rows."""

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from approvals.calendars import Calendars
from approvals.enums import Move, State
from approvals.kinds import Kind, Stop
from approvals.models import Counter, Entry, Request, Step
from linxia_xueji.enums import Level, Permission, Role
from linxia_xueji.models import Organisation
from linxia_xueji.policy import in_force
from registry.demo.scale.copying import copy_rows, next_id
from registry.demo.scale.offices import Offices
from registry.route import route_of

REQUEST = (
    "id", "school_id", "county_id", "prefecture_id", "province_id", "kind", "number", "subject", "state",
    "turn_organisation_id", "turn_permission", "turn_level", "turn_label", "applied_on", "submitted_on",
    "submitted_by_id", "due_on", "due_review", "lock_key", "rule_version", "policy", "route", "round", "version",
    "verdict", "verdict_text", "created_at", "closed_on", "closed_on_time", "counterpart_id", "counterpart_county_id",
    "awaits_national",
)  # fmt: skip
STEP = (
    "request_id", "round", "position", "level", "organisation_id", "permission", "label", "waiting", "decided_at",
    "decided_by_id",
)  # fmt: skip
ENTRY = (
    "request_id", "round", "move", "by_id", "post_id", "organisation_id", "level", "at", "on", "note", "reasons",
    "findings", "detail", "rule_version",
)  # fmt: skip
DECIDERS = {
    Permission.DECIDE_AS_SCHOOL: Role.HEAD,
    Permission.DECIDE_AS_COUNTY: Role.COUNTY_REVIEWER,
    Permission.DECIDE_AS_PREFECTURE: Role.CENTRE,
    Permission.DECIDE_AS_PROVINCE: Role.PROVINCE,
}
NOTES = {Move.REFUSE: "与学校核实，情况不符，维持原学籍记录", Move.RETRACT: "核实后无须办理，撤回"}
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: date) -> datetime:
    """Nine in the morning of a day."""
    return datetime.combine(day, time(9), tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Way:
    """A route: its stops, and as a request keeps it."""

    stops: list[Stop]
    text: str


class Past:
    """Requests made so far and not yet written."""

    def __init__(self, offices: Offices, today: date):
        self.offices, self.today, self.calendars = offices, today, Calendars()
        self.requests: list[tuple] = []
        self.steps: list[tuple] = []
        self.entries: list[tuple] = []
        self.made, self._next, self._serials = 0, next_id(Request), {}
        self._policies: dict[int, str] = {}
        self._ways: dict[Hashable, Way] = {}

    def add(
        self,
        *,
        school: Organisation,
        kind: Kind,
        subject: str,
        lock_key: str,
        year: int,
        day: date,
        state: State,
        decided: int,
        findings: list[dict],
        way: Way | None = None,
        counterpart: Organisation | None = None,
        awaits_national: bool = False,
    ) -> int:
        """One request submitted on `day`, a step a day.

        :param decided: how many steps were signed; of a refused one the last of them refused.
        :param way: the route of a batch unless given. :param counterpart: the other school.
        :param awaits_national: whether 国网办结 is still to come. :returns: its id.
        """  # fmt: skip
        pk, self._next, self.made = self._next, self._next + 1, self.made + 1
        way = way or self.way(school.pk, lambda: route_of(school))
        stops, route = way.stops, way.text
        decided = len(stops) if state == State.APPROVED else decided
        moves = [Move.SUBMIT, *([Move.APPROVE] * decided)]
        if state == State.REFUSED:
            moves[-1] = Move.REFUSE
        if state == State.RETRACTED:
            moves.append(Move.RETRACT)
        days = [min(day + timedelta(days=n), self.today) for n in range(len(moves))]
        self._enter(pk, school, stops, moves, days, kind, json.dumps(findings, ensure_ascii=False))
        for place, stop in enumerate(stops, 1):
            signed = place <= decided
            who = self._decider(stop)[0] if signed else None
            moment = at(days[place]) if signed else None
            self.steps.append(
                (pk, 1, place, stop.level, stop.organisation.pk, stop.permission, stop.label, stop.waiting, moment, who)
            )
        turn = stops[decided] if state == State.PENDING else None
        closed = None if turn else days[-1]
        labels = {State.APPROVED: kind.approved_label, State.REFUSED: kind.refuse_label}
        self.requests.append((
            pk, school.pk, *(self._above(school, level) for level in (Level.COUNTY, Level.PREFECTURE, Level.PROVINCE)),
            kind.code, self._number(kind, school, year), subject, state.value, turn.organisation.pk if turn else None,
            turn.permission if turn else "", turn.level if turn else "", turn.waiting if turn else labels.get(state, ""),
            day, day, self.offices.people[Role.REGISTRAR, school.code][0],
            self.calendars.of(school).working_days_after(day, 10).day if turn else None, False, lock_key,
            kind.book.version, self._policy(school), route, 1, len(moves), "allowed", f"{len(findings)}项全部符合",
            at(day), closed, None if turn or state == State.RETRACTED else True,
            counterpart and counterpart.pk, counterpart and self._above(counterpart, Level.COUNTY),
            awaits_national,
        ))  # fmt: skip
        return pk

    def flush(self) -> None:
        """Write what is waiting."""
        for model, columns, rows in (
            (Request, REQUEST, self.requests), (Step, STEP, self.steps), (Entry, ENTRY, self.entries)
        ):  # fmt: skip
            copy_rows(model, columns, rows)
            rows.clear()

    def finish(self) -> None:
        """Let the next 受理号 follow on."""
        Counter.objects.bulk_create(Counter(key=key, value=last) for key, last in self._serials.items())

    def _enter(self, pk, school, stops, moves, days, kind, findings) -> None:
        registrar = self.offices.people[Role.REGISTRAR, school.code]
        for place, (move, day) in enumerate(zip(moves, days, strict=True)):
            own = move in (Move.SUBMIT, Move.RETRACT)
            by, post = registrar if own else self._decider(stops[place - 1])
            where, level = (school, Level.SCHOOL) if own else (stops[place - 1].organisation, stops[place - 1].level)
            self.entries.append((
                pk, 1, move.value, by, post, where.pk, level, at(day), day, NOTES.get(move, ""), "[]", findings, "{}",
                kind.book.version,
            ))  # fmt: skip

    def _decider(self, stop: Stop) -> tuple[int, int]:
        return self.offices.people[DECIDERS[Permission(stop.permission)], stop.organisation.code]

    def way(self, key: Hashable, stops: Callable[[], list[Stop]]) -> Way:
        """The route kept under a key, made when it is asked for first."""
        if key not in self._ways:
            made = stops()
            route = [
                {"level": s.level, "organisation": s.organisation.pk, "permission": s.permission, "label": s.label,
                 "waiting": s.waiting}
                for s in made
            ]  # fmt: skip
            self._ways[key] = Way(made, json.dumps(route, ensure_ascii=False))
        return self._ways[key]

    def _above(self, school: Organisation, level: Level) -> int | None:
        found = school.at(level)
        return found.pk if found else None

    def _policy(self, school: Organisation) -> str:
        prefecture = self._above(school, Level.PREFECTURE) or 0
        if prefecture not in self._policies:
            values = in_force(school, self.today).of_a_request
            self._policies[prefecture] = json.dumps(values, ensure_ascii=False)
        return self._policies[prefecture]

    def _number(self, kind: Kind, school: Organisation, year: int) -> str:
        key = f"{kind.prefix}-{school.division_id}-{year}"
        self._serials[key] = self._serials.get(key, 0) + 1
        return f"{key}-{self._serials[key]:04d}"
