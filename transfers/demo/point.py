"""A teaching point (教学点) of the demonstration: with the year's turn its last grade goes on to another school, no transfer."""

from datetime import date

from linxia_xueji.enums import Role, Stage
from linxia_xueji.models import Organisation
from registry.archive.deeds import tick
from registry.demo.chapters import Agenda, Scene
from registry.models import Enrolment
from registry.rosters.demo import live
from registry.year_turn.handings import hand_on
from transfers.demo.chapters import POINT, TAKER
from transfers.demo.pupils import Group, enrol_all

COUNTY = "622927"
LAST = 4
"""The last grade of the teaching point."""
GRADES = {POINT: {2: 3, 3: 4, 4: 3, LAST + 1: 4}, TAKER: {2: 5, 3: 5, 4: 6, 5: 6, 6: 5, 7: 5}}
"""School → grade this year → pupils of the class that was there last year; beyond the last grade they leave in the turn."""


def agenda(scene: Scene) -> Agenda:
    """Enrolled last summer, with their archives; this summer the county says where the last grade goes."""
    return [
        (date(scene.year - 1, 8, 25), lambda day: _enrol(scene)),
        (date(scene.year - 1, 9, 25), lambda day: _set_archives_up(scene, day)),
        (date(scene.year, 8, 18), lambda day: _say_who_takes_them(scene, day)),
    ]


def _enrol(scene: Scene) -> None:
    """Small schools have one class a grade. How they live is known before the turn: noted after it, it would be in the way
    of taking the turn back.
    """
    groups = [Group(code, Stage.PRIMARY, grade, n) for code, of in GRADES.items() for grade, n in of.items()]
    enrol_all(scene, groups, classes=1)
    live(scene, Enrolment.objects.filter(school__code__in=GRADES))


def _set_archives_up(scene: Scene, day: date) -> None:
    for code in GRADES:
        everybody = Enrolment.objects.filter(school__code=code).values_list("pk", flat=True)
        by = scene.people[Role.REGISTRAR, code]
        tick(school=_school(code), enrolments=list(everybody), by=by, on=day)


def _say_who_takes_them(scene: Scene, day: date) -> None:
    hand_on(
        school=_school(POINT), receiver=_school(TAKER), last_grade=LAST, to_class="1班",
        document_number=f"积石山教发〔{day.year}〕17号（示例）", by=scene.people[Role.COUNTY_HEAD, COUNTY],
    )  # fmt: skip


def _school(code: str) -> Organisation:
    return Organisation.objects.select_related("parent__parent__parent").get(code=code)
