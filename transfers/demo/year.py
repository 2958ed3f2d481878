"""The turn of the school year in the demonstration: everybody moves up on 1 September, it is run the day after."""

from datetime import date

from linxia_xueji.enums import Role
from linxia_xueji.models import Organisation, User
from registry.demo.chapters import Scene
from registry.models import YearTurn
from registry.year_turn.completion import last_graders, mark
from registry.year_turn.fates import first_day
from registry.year_turn.opening import count_again, open_turn
from registry.year_turn.running import ask_run, run
from transfers.demo.story import GUANGHE

PREFECTURE = "622900"


def _centre(scene: Scene) -> User:
    return scene.people[Role.CENTRE, PREFECTURE]


def open_the_turn(scene: Scene, day: date) -> None:
    """The centre opens it for preview."""
    prefecture = Organisation.objects.get(code=PREFECTURE)
    turn = open_turn(prefecture=prefecture, school_year=day.year, day=first_day(day.year), by=_centre(scene))
    count_again(turn)


def mark_a_completion(scene: Scene) -> None:
    """One of the last grade of 广河县示例第一中学 does not graduate."""
    school = Organisation.objects.select_related("parent__parent__parent").get(code=GUANGHE)
    turn = YearTurn.objects.get(school_year=scene.year)
    last = last_graders(turn, school)[0]["enrolment_id"]
    mark(turn, school, enrolments=[last], reason="学业水平考试不合格", by=scene.people[Role.REGISTRAR, GUANGHE])


def run_the_turn(scene: Scene, day: date) -> None:
    """The centre runs it; whoever has business under way stays on the list. It waits to be confirmed."""
    turn = YearTurn.objects.get(school_year=scene.year)
    ask_run(turn, by=_centre(scene), on=day)
    run(turn.pk)
