"""Routes as data: who decides in what order, by business, stage and relation (rules.md, Routes; assumed but for batches).

The built-in routes stand here; the prefecture may put a version of its own in their place from a day on, with its
document. A request keeps the route it began with.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from approvals.kinds import Stop
from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from transfers.models import RouteVersion


class Party(StrEnum):
    """Whose office decides."""

    OWN = "own"
    RECEIVING = "receiving"
    SENDING = "sending"


@dataclass(frozen=True)
class RouteStep:
    """One step of a route: whose office, at which level."""

    party: Party
    level: Level

    @property
    def code(self) -> str:
        """As it is stored: `receiving:county`."""
        return f"{self.party}:{self.level}"

    @classmethod
    def read(cls, code: str) -> "RouteStep":
        """:raises ValueError: for a code of no step."""
        party, _, level = code.partition(":")
        return cls(Party(party), Level(level))


WORDS: dict[str, tuple[str, str]] = {
    "own:school": ("校长确认", "待校长确认"),
    "own:county": ("县级审批", "待县级审批"),
    "own:prefecture": ("州级审核", "待州级审核"),
    "receiving:school": ("转入校长确认", "待校长确认"),
    "receiving:county": ("转入地县级审核", "待转入地县级审核"),
    "sending:school": ("转出学校审核", "待转出学校审核"),
    "sending:county": ("转出地县级审核", "待转出地县级审核"),
}
"""Step → what it is called, what the desk says while it waits. Also the steps that a route may have."""

PERMISSION_AT = {
    Level.SCHOOL: Permission.DECIDE_AS_SCHOOL,
    Level.COUNTY: Permission.DECIDE_AS_COUNTY,
    Level.PREFECTURE: Permission.DECIDE_AS_PREFECTURE,
}
BEYOND = (Stage.SENIOR, Stage.VOCATIONAL)
"""Vocational follows senior (assumed)."""


class Case(StrEnum):
    """Which of a business's routes: by stage, and for a transfer by how the two schools lie."""

    COMPULSORY = "compulsory"
    BEYOND = "beyond"
    COMPULSORY_SAME_COUNTY = "compulsory:same_county"
    COMPULSORY_TWO_COUNTIES = "compulsory:two_counties"
    BEYOND_SAME_COUNTY = "beyond:same_county"
    BEYOND_TWO_COUNTIES = "beyond:two_counties"
    COMPULSORY_OUTSIDE = "compulsory:outside"
    BEYOND_OUTSIDE = "beyond:outside"


SAME_COUNTY = (Case.COMPULSORY_SAME_COUNTY, Case.BEYOND_SAME_COUNTY)
INSIDE = (
    Case.COMPULSORY_SAME_COUNTY,
    Case.COMPULSORY_TWO_COUNTIES,
    Case.BEYOND_SAME_COUNTY,
    Case.BEYOND_TWO_COUNTIES,
)
"""转学 between two schools of the prefecture."""
CASE_WORDS = {
    Case.COMPULSORY: "义务教育",
    Case.BEYOND: "高中阶段",
    Case.COMPULSORY_SAME_COUNTY: "义务教育，同一县市",
    Case.COMPULSORY_TWO_COUNTIES: "义务教育，跨县市",
    Case.BEYOND_SAME_COUNTY: "高中阶段，同一县市",
    Case.BEYOND_TWO_COUNTIES: "高中阶段，跨县市",
    Case.COMPULSORY_OUTSIDE: "义务教育，转入或转往州外",
    Case.BEYOND_OUTSIDE: "高中阶段，转入或转往州外",
}

_OWN = {
    Case.COMPULSORY: ("own:school", "own:county"),
    Case.BEYOND: ("own:school", "own:county", "own:prefecture"),
}
_BOTH = ("receiving:school", "receiving:county", "sending:school", "sending:county")
PROBLEMS = ("problem_evidence", "problem_deletion")
BUILT_IN: dict[str, dict[Case, tuple[str, ...]]] = {
    "transfer": {
        Case.COMPULSORY_SAME_COUNTY: ("receiving:school", "sending:school", "sending:county"),
        Case.COMPULSORY_TWO_COUNTIES: _BOTH,
        Case.BEYOND_SAME_COUNTY: ("receiving:school", "sending:school", "sending:county", "own:prefecture"),
        Case.BEYOND_TWO_COUNTIES: (*_BOTH, "own:prefecture"),
        Case.COMPULSORY_OUTSIDE: _OWN[Case.COMPULSORY],
        Case.BEYOND_OUTSIDE: _OWN[Case.BEYOND],
    },
    **dict.fromkeys(("suspension", "resumption", "key_info", "death", "abroad", *PROBLEMS), _OWN),
    "entry_batch": {Case.COMPULSORY: _OWN[Case.COMPULSORY]},
    **dict.fromkeys(("withdrawal", "expulsion"), {Case.BEYOND: _OWN[Case.BEYOND]}),
}
"""Business → its cases → the codes of its steps."""


def case_of(kind: str, stage: str, *, outside: bool = False, same_county: bool = False) -> Case:
    """Which of its routes a request goes."""
    group = Case.BEYOND if stage in BEYOND else Case.COMPULSORY
    if kind != "transfer":
        return group
    return Case(f"{group}:{'outside' if outside else 'same_county' if same_county else 'two_counties'}")


def steps_for(kind: str, case: Case, prefecture: Organisation | None, on: date) -> tuple[RouteStep, ...]:
    """The steps in force on a day: the prefecture's latest version, or the built-in ones. One query.

    :raises Refusal: where the business has no such route, as 退学 in compulsory schooling.
    """
    versions = RouteVersion.objects.filter(organisation=prefecture, kind=kind, case=case, effective_from__lte=on)
    version = versions.order_by("effective_from", "pk").last()
    codes = version.steps if version else BUILT_IN[kind].get(case)
    if not codes:
        raise Refusal(f"{CASE_WORDS[case]}没有此项业务的办理路线")
    return tuple(RouteStep.read(code) for code in codes)


def words_in(code: str, *, same_county: bool) -> tuple[str, str]:
    """What a step is called and what the desk says: one authority over both schools is neither 转入地 nor 转出地."""
    level = code.partition(":")[2]
    return WORDS[f"own:{level}" if same_county and level == Level.COUNTY else code]


def stops_of(steps: tuple[RouteStep, ...], schools: dict[Party, Organisation]) -> list[Stop]:
    """The steps as stops at offices.

    A school run by the prefecture has no county step: its own prefecture decides instead, unless it does so anyway.
    """
    ours, theirs = schools[Party.RECEIVING].at(Level.COUNTY), schools[Party.SENDING].at(Level.COUNTY)
    later = any(step.level == Level.PREFECTURE for step in steps)
    stops: list[Stop] = []
    for step in steps:
        level, school = step.level, schools[step.party]
        if level == Level.COUNTY and school.at(Level.COUNTY) is None:
            if later:
                continue
            level = Level.PREFECTURE
        label, waiting = words_in(step.code if level == step.level else f"own:{level}", same_county=ours == theirs)
        stop = Stop(level, school.at(level), PERMISSION_AT[level], label, waiting)
        if not any(s.organisation == stop.organisation and s.level == level for s in stops):
            stops.append(stop)
    return stops
