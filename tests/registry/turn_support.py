"""Pupils by the dozen for the turn of a year, as they stand at the end of a school year."""

from datetime import date

from linxia_xueji.dates import now
from linxia_xueji.enums import Stage
from linxia_xueji.models import Organisation
from registry.deeds import enrol, set_circumstances, set_key_facts
from registry.models import Enrolment, Programme, Student, YearTurn
from registry.roster.grades import GRADES_OF
from registry.year_turn import opening, running
from tests.world import PREFECTURE, World

FIRST_DAY = date(2026, 9, 1)
_SERIALS = iter(range(10**6))


def pupil(
    world: World, school: str, grade: int, *, name: str = "", stage: str = "", school_class: str = "1班"
) -> Enrolment:
    """Somebody enrolled since last autumn, boarding, without an ID number."""
    serial = next(_SERIALS)
    stage = stage or next(s for s, (first, last) in GRADES_OF.items() if first <= grade <= last)
    organisation = Organisation.objects.select_related("parent__parent__parent").get(code=school)
    student = Student.objects.create(national_number=f"J{serial:018d}", recorded_at=now())
    facts = {
        "name": name or f"马{chr(0x4E00 + serial % 9000)}",
        "sex": "1",
        "ethnicity": "03",
        "birth_date": date(2012, 3, 5),
    }
    set_key_facts(student.pk, facts | {"id_type": "0", "id_number": ""}, valid_from=date(2012, 3, 5), by=None)
    made = enrol(
        student=student, school=organisation, stage=stage, entry_year=2025 - grade + GRADES_OF[stage][0], grade=grade,
        school_class=school_class, on=date(2025, 9, 1), by=None,
    )  # fmt: skip
    set_circumstances(made, {"boarding": "2", "left_behind": "0"}, valid_from=date(2025, 9, 1), by=None)
    return made


def opened(world: World, school_year: int = 2026) -> YearTurn:
    """A turn open for preview and counted."""
    turn = opening.open_turn(
        prefecture=world.organisation(PREFECTURE),
        school_year=school_year,
        day=FIRST_DAY.replace(year=school_year),
        by=world.centre,
    )
    opening.count_again(turn)
    return turn


def ran(world: World, turn: YearTurn | None = None) -> YearTurn:
    """A turn that was run."""
    turn = turn or opened(world)
    running.ask_run(turn, by=world.centre, on=world.day)
    running.run(turn.pk)
    turn.refresh_from_db()
    return turn


def teaches(world: World, school: str, stage: Stage) -> None:
    """A school has that stage."""
    Programme.objects.get_or_create(
        organisation=world.organisation(school), stage=stage, valid_to=None, defaults={"valid_from": date(2000, 9, 1)}
    )


def place(enrolment: Enrolment) -> tuple[int, str] | None:
    """Grade and class of today, None where it has ended."""
    return enrolment.grades.filter(valid_to=None).values_list("grade", "school_class").first()
