"""Boarding and left-behind of everybody in the demonstration, and rosters asked for: one taken out, one that waits."""

from datetime import date

from django.db.models import QuerySet

from linxia_xueji.dates import now
from linxia_xueji.enums import Role, Stage
from registry.demo.chapters import Agenda, Scene
from registry.enums import Boarding, ExportPurpose, LeftBehind
from registry.models import Circumstances, Enrolment
from registry.rosters.conditions import Conditions
from registry.rosters.exports import ask

SCHOOL, PREFECTURE = "3462990006", "622900"


def agenda(scene: Scene) -> Agenda:
    """On the last day, when everybody is there."""

    def take_out(day: date) -> None:
        ask(
            conditions=Conditions.of(day, {"boarding": Boarding.BOARDER}), columns=["grade", "class", "name"],
            purpose=ExportPurpose.MEALS, purpose_text="", by=scene.people[Role.REGISTRAR, SCHOOL], on=day,
        )  # fmt: skip
        ask(
            conditions=Conditions(day), columns=["school", "grade", "name", "id_number", "left_behind"],
            purpose=ExportPurpose.AID, purpose_text="2026年秋季学期资助对象比对（示例）",
            by=scene.people[Role.CENTRE, PREFECTURE], on=day,
        )  # fmt: skip

    def settle(day: date) -> None:
        live(scene, Enrolment.objects.filter(ends_on=None, circumstances=None))

    return [(scene.until, settle), (scene.until, take_out)]


def live(scene: Scene, enrolments: QuerySet[Enrolment]) -> None:
    """How each of them lives, since the enrolment began."""
    moment = now()
    Circumstances.objects.bulk_create(
        Circumstances(
            enrolment_id=pk, boarding=_boarding(scene, stage), left_behind=_left_behind(scene), valid_from=begins,
            recorded_at=moment,
        )
        for pk, stage, begins in enrolments.order_by("pk").values_list("pk", "stage", "begins_on")
    )  # fmt: skip


def _boarding(scene: Scene, stage: str) -> str:
    day, boards = (8, 2) if stage == Stage.PRIMARY else (4, 6)
    return scene.random.choices([Boarding.DAY, Boarding.BOARDER], weights=[day, boards])[0]


def _left_behind(scene: Scene) -> str:
    return scene.random.choices(list(LeftBehind), weights=[14, 4, 2])[0]
