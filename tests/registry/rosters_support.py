"""Pupils of two schools with how they live, for counts, rosters and the HTTP interface."""

from datetime import date

from registry.deeds import set_circumstances, set_status
from registry.enums import Boarding, EnrolmentState, LeftBehind
from registry.models import Enrolment
from tests.transfers.support import pupil
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, World

SUSPENDED_ON = date(2026, 3, 1)


def pupils(world: World) -> list[Enrolment]:
    """Three in 高二 of a school, the third suspended since March; one in 高三 of another."""
    made = [
        pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=1, name="马一"),
        pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=2, name="马二", sex="2"),
        pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=3, name="马三"),
        pupil(world, OTHER_SCHOOL, grade=12, stage="senior", serial=4, name="马四"),
    ]
    begins = made[0].begins_on
    boards = {"boarding": Boarding.BOARDER, "left_behind": LeftBehind.NO}
    set_circumstances(made[0], boards, valid_from=begins, by=None)
    set_circumstances(made[3], boards | {"boarding": Boarding.DAY}, valid_from=begins, by=None)
    set_status(made[2], EnrolmentState.SUSPENDED, valid_from=SUSPENDED_ON, by=None)
    return made
