"""How a finding moves: one table, for the deeds, the pages and the tests. Time alone never moves it."""

from dataclasses import dataclass
from enum import StrEnum

from registry.inspecting.enums import FindingAct, FindingState


class Side(StrEnum):
    """Whose move it is."""

    SCHOOL = "school"
    OFFICE = "office"


@dataclass(frozen=True)
class Step:
    """One move. :param overdue: only once the day has passed by which it was to be put right."""

    begins: FindingState
    act: FindingAct
    ends: FindingState
    side: Side
    overdue: bool = False


_S, _A = FindingState, FindingAct
STEPS = (
    Step(_S.OPEN, _A.ANSWER, _S.ANSWERED, Side.SCHOOL),
    Step(_S.ANSWERED, _A.REPORT, _S.REPORTED, Side.SCHOOL),
    Step(_S.ANSWERED, _A.PASSED, _S.RECTIFIED, Side.OFFICE),
    Step(_S.REPORTED, _A.PASSED, _S.RECTIFIED, Side.OFFICE),
    Step(_S.REPORTED, _A.FAILED, _S.FAILED, Side.OFFICE),
    Step(_S.OPEN, _A.FAILED, _S.FAILED, Side.OFFICE, overdue=True),
    Step(_S.ANSWERED, _A.FAILED, _S.FAILED, Side.OFFICE, overdue=True),
    Step(_S.FAILED, _A.REPORT, _S.REPORTED, Side.SCHOOL),
    Step(_S.FAILED, _A.NOTICE, _S.NOTICED, Side.OFFICE),
    Step(_S.NOTICED, _A.REPORT, _S.REPORTED, Side.SCHOOL),
)
"""对问题整改不到位的予以通报 (notice 一（二）); the steps before and after are assumed. After a 通报 a school may still put it right."""

ENDED = (FindingState.RECTIFIED, FindingState.NOTICED)
"""Nothing more is awaited."""
TONES = {
    FindingState.OPEN: "warn", FindingState.ANSWERED: "info", FindingState.REPORTED: "info", FindingState.RECTIFIED: "ok",
    FindingState.FAILED: "bad", FindingState.NOTICED: "bad",
}  # fmt: skip


def step_of(state: str, act: str) -> Step | None:
    """The move of that name from a state, or None."""
    return next((step for step in STEPS if (step.begins, step.act) == (state, act)), None)


def steps_from(state: str, side: Side, *, overdue: bool) -> list[Step]:
    """What a side may do in a state; 通报 has a page of its own and is asked for there."""
    return [s for s in STEPS if s.begins == state and s.side == side and (overdue or not s.overdue)]
