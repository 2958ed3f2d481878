"""What the demonstration shows: how far each school has come with its new students, as data."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Reach(IntEnum):
    """How far a batch gets by the day of the demonstration; each includes those before it."""

    LISTED = 0
    """On the admission list, no batch opened."""
    OPENED = 1
    MARKED = 2
    SUBMITTED = 3
    CONFIRMED = 4
    """By the head of the school."""
    COUNTY = 5
    PREFECTURE = 6
    PROVINCE = 7
    """Approved: the numbers are issued."""


@dataclass(frozen=True, slots=True)
class Story:
    """One school in one year.

    :param school: 学校标识码. :param students: on its admission list. :param plan: seats.
    :param day: of September, on which the batch is submitted; the other deeds stand around it.
    :param no_shows: do not come. :param struck: struck out by the prefecture.
    :param letter: "" for none, "asked" or "issued". :param deferral: one student comes later, the head has agreed.
    :param force_majeure: one student is excused. :param sent_back: by the county, and not submitted again.
    :param retracted: taken back by the school after submission.
    """

    school: str
    students: int
    plan: int
    reach: Reach
    day: int = 7
    no_shows: int = 0
    struck: int = 0
    letter: str = ""
    deferral: bool = False
    force_majeure: bool = False
    sent_back: bool = False
    retracted: bool = False


# 临夏中学 and 广河县示例第一中学 are finished for last year and fresh drafts this year: for walking the whole chain.
LAST_YEAR = (
    Story("3462900001", 168, 170, Reach.PROVINCE, day=8, no_shows=2, letter="issued"),
    Story("3462990006", 134, 140, Reach.PROVINCE, day=9, no_shows=3, struck=1, letter="issued"),
)
THIS_YEAR = (
    Story("3462900001", 182, 190, Reach.OPENED),
    Story("3462900002", 150, 160, Reach.CONFIRMED, day=8, no_shows=1, letter="issued"),
    Story("3462990001", 96, 100, Reach.PREFECTURE, day=4, no_shows=1),
    Story("3462990002", 88, 90, Reach.SUBMITTED, day=14, letter="issued", force_majeure=True),
    Story("3462990003", 104, 110, Reach.CONFIRMED, day=2, no_shows=2),
    Story("3462990004", 92, 95, Reach.SUBMITTED, day=9, sent_back=True, letter="issued"),
    Story("3462990005", 118, 120, Reach.PROVINCE, day=3, no_shows=2, struck=1, letter="issued", deferral=True),
    Story("3462990006", 146, 150, Reach.OPENED),
    Story("3462990007", 108, 105, Reach.MARKED, letter="asked"),
    Story("3462990008", 112, 115, Reach.COUNTY, day=7, no_shows=1, struck=1, letter="issued", deferral=True),
    Story("3462990009", 126, 130, Reach.PREFECTURE, day=3, letter="issued"),
    Story("3462990010", 64, 70, Reach.SUBMITTED, day=10, retracted=True),
    Story("3462990011", 78, 80, Reach.CONFIRMED, day=1, deferral=True),
)


def season_of(today: date) -> int:
    """The year whose registration the day belongs to: from 10 September on its own, before that the last one."""
    return today.year if today >= date(today.year, 9, 10) else today.year - 1
