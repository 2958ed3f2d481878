"""One line of time, how a student stood on a day, and who looked."""

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from linxia_xueji.access import access_of
from linxia_xueji.enums import Stage
from linxia_xueji.trail import record
from registry.deeds import end_enrolment, enrol, set_circumstances, set_grade, set_key_facts, set_status
from registry.enums import Boarding, Ending, EnrolmentState, LeftBehind
from registry.models import Enrolment, Student
from registry.person.sheet import columns_of
from registry.person.standing import standing_on
from registry.person.timeline import events_of
from registry.views.lookers import lookers
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, id_number

ENTRY = date(2025, 9, 1)


def facts(name: str, serial: int = 1) -> dict:
    return {"name": name, "sex": "1", "ethnicity": "03", "birth_date": date(2010, 3, 5), "id_number": id_number(serial)}


def senior(world, school: str = COUNTY_SCHOOL, student: Student | None = None, on: date = ENTRY) -> Enrolment:
    """A student of a senior high from a day on."""
    if student is None:
        student = Student.objects.create(recorded_at="2025-09-01T08:00+08:00")
        set_key_facts(student.pk, facts("马小明"), valid_from=ENTRY, by=None)
    return enrol(
        student=student, school=world.organisation(school), stage=Stage.SENIOR, entry_year=2025, grade=10,
        school_class="1班", on=on, by=None,
    )  # fmt: skip


def moved(world) -> tuple[Enrolment, Enrolment]:
    """A student who went from one school to another in March, and was renamed there in May."""
    former = senior(world)
    end_enrolment(former, ending=Ending.TRANSFERRED, on=date(2026, 3, 2))
    present = senior(world, OTHER_SCHOOL, former.student, date(2026, 3, 2))
    set_key_facts(former.student_id, facts("马明", 2), valid_from=date(2026, 5, 6), by=None)
    return former, present


def words(enrolment: Enrolment, user) -> list[str]:
    return [event.words for event in events_of(enrolment, access_of(user))]


def test_the_line_of_time_goes_through_both_schools_and_masks_numbers(world):
    _, present = moved(world)
    told = events_of(present, access_of(world.registrar(OTHER_SCHOOL)))
    assert [(e.day, e.words, e.school) for e in told][1:] == [
        (date(2026, 3, 2), "就读高一1班", world.organisation(OTHER_SCHOOL).short_name),
        (date(2026, 3, 2), "学籍状态：在读", world.organisation(OTHER_SCHOOL).short_name),
        (date(2026, 3, 2), "取得普通高中学籍", world.organisation(OTHER_SCHOOL).short_name),
        (date(2026, 3, 2), "学籍终止：转出", world.organisation(COUNTY_SCHOOL).short_name),
        (date(2025, 9, 1), "就读高一1班", world.organisation(COUNTY_SCHOOL).short_name),
        (date(2025, 9, 1), "学籍状态：在读", world.organisation(COUNTY_SCHOOL).short_name),
        (date(2025, 9, 1), "取得普通高中学籍", world.organisation(COUNTY_SCHOOL).short_name),
    ]
    assert told[0].words.startswith("姓名由马小明变更为马明；身份证件号由") and id_number(2) not in told[0].words
    assert told[0].known is not None, "entered in September of what holds since May"


def test_the_former_school_learns_nothing_of_what_came_after(world):
    former, present = moved(world)
    assert "学籍终止：转出" in (told := words(former, world.registrar()))
    assert len(told) == 4 and not any("马明" in line for line in told)
    assert len(words(former, world.centre)) == len(words(present, world.centre)) == 8


def test_grades_statuses_and_circumstances_are_told(world):
    enrolment = senior(world)
    set_grade(enrolment, 11, "3班", valid_from=world.day, by=None)
    set_status(enrolment, EnrolmentState.SUSPENDED, valid_from=world.day, by=None)
    life = {"boarding": Boarding.BOARDER, "left_behind": LeftBehind.BOTH_PARENTS}
    set_circumstances(enrolment, life, valid_from=world.day, by=None)
    set_circumstances(enrolment, {}, valid_from=world.day + timedelta(days=1), by=None)
    told = words(enrolment, world.registrar())
    assert told[:4] == ["就读情况未登记", "住校、双亲留守儿童", "就读高二3班", "学籍状态：休学"]


def test_how_a_student_stood_on_a_day(world):
    former, present = moved(world)
    access = access_of(world.registrar(OTHER_SCHOOL))
    before = dict(standing_on(present, access, date(2026, 2, 1), None).lines)
    assert before["学校"] == world.organisation(COUNTY_SCHOOL).name and before["姓名"] == "马小明"
    after = dict(standing_on(present, access, date(2026, 6, 1), None).lines)
    assert (after["学校"], after["姓名"], after["学段年级"]) == (
        world.organisation(OTHER_SCHOOL).name, "马明", "普通高中 高一1班",
    )  # fmt: skip
    assert id_number(2) not in str(after)
    assert standing_on(present, access, date(2025, 8, 31), None).lines == []
    assert standing_on(present, access, date(2026, 2, 1), world.day - timedelta(days=1)).lines == [], "not known then"
    theirs = access_of(world.registrar())
    assert standing_on(former, theirs, date(2026, 6, 1), None).lines == [], "of what came after they learn nothing"


def test_who_looked_is_told_by_name(world):
    enrolment = senior(world)
    record(action="显示完整学生信息", by=world.registrar(), target=enrolment)
    other = Student.objects.create(recorded_at="2025-09-01T08:00+08:00")
    record(action="显示完整学生信息", by=world.registrar(), target=senior(world, OTHER_SCHOOL, other))
    (entry,) = lookers(enrolment)
    assert (entry.by, entry.post.organisation.code) == (world.registrar(), COUNTY_SCHOOL)


def test_the_line_takes_two_queries_however_long(world):
    enrolment, access = senior(world), access_of(world.registrar())
    for n in range(1, 9):
        set_grade(enrolment, 10, f"{n}班", valid_from=ENTRY + timedelta(days=n), by=None)
    with CaptureQueriesContext(connection) as seen:
        assert len(events_of(enrolment, access)) == 11
    assert len(seen) == 2
    assert columns_of(enrolment) == []
