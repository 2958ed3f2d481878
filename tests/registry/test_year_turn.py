"""The turn of a school year: who goes where, who stays behind and why; taken back it leaves nothing, run twice it does once."""

import os
from contextlib import suppress

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.models import Request
from linxia_xueji.enums import Stage
from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal
from registry.archive.deeds import tick
from registry.deeds import end_enrolment, enrol, set_grade, set_status
from registry.enums import Ending, EnrolmentState, Fate, ItemOutcome, TurnState
from registry.models import ArchiveHandover, Enrolment, TurnItem, TurnSchool, TurnTally, YearTurn
from registry.year_turn import completion, follow, handings, opening, running, tasks, undoing
from tests.registry.turn_support import FIRST_DAY, opened, place, pupil, ran, teaches
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL

REGISTER = (
    "registry_enrolment", "registry_enrolmentgrade", "registry_enrolmentstatus", "registry_circumstances",
    "registry_keyfacts", "registry_student", "registry_namepiece",
)  # fmt: skip
EXAMPLES = int(os.environ.get("EXAMPLES", "5"))


def register() -> dict[str, list[str]]:
    """Every row of the register."""
    found = {}
    with connection.cursor() as cursor:
        for table in REGISTER:
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def standing() -> set[tuple]:
    """Student, school, ending, grade and class of every enrolment, whatever their ids and moments."""
    rows = Enrolment.objects.values_list(
        "student", "school__code", "begins_on", "ends_on", "ending", "grades__grade", "grades__school_class",
        "grades__valid_from", "grades__valid_to", "statuses__status", "statuses__valid_to", "circumstances__valid_to",
    )  # fmt: skip
    return set(rows)


def business(world, enrolment: Enrolment, state: str = "pending", kind: str = "suspension") -> Request:
    """A request of the student under way, as the chain keeps it."""
    school = enrolment.school
    return Request.objects.create(
        kind=kind, number=f"XX-{enrolment.pk}", subject="休学", state=state, school=school, county=enrolment.county,
        prefecture=enrolment.prefecture, lock_key=f"student:{enrolment.student_id}", rule_version="1", turn_label="待校长确认",
        created_at=enrolment.recorded_at, turn_organisation=school if state == "pending" else None,
    )  # fmt: skip


def fates(turn: YearTurn) -> dict[str, int]:
    found: dict[str, int] = {}
    for fate, number in TurnTally.objects.filter(turn=turn).values_list("fate", "count"):
        found[fate] = found.get(fate, 0) + number
    return found


def test_everybody_goes_where_they_belong(world):
    up, last, senior = (
        pupil(world, PREFECTURE_SCHOOL, 7),
        pupil(world, COUNTY_SCHOOL, 9),
        pupil(world, COUNTY_SCHOOL, 12),
    )
    sixth, waits = pupil(world, OTHER_SCHOOL, 6), pupil(world, COUNTY_SCHOOL, 10)
    completes, resting = pupil(world, COUNTY_SCHOOL, 12), pupil(world, COUNTY_SCHOOL, 8)
    set_status(resting, EnrolmentState.SUSPENDED, valid_from=FIRST_DAY.replace(month=3), by=None)
    request = business(world, waits)
    turn = opened(world)
    completion.mark(
        turn, completes.school, enrolments=[completes.pk], reason="学业水平考试不合格", by=world.registrar()
    )
    before = fates(turn)
    turn = ran(world, turn)
    assert turn.state == TurnState.DONE
    assert fates(turn) == before == {
        Fate.UP: 1, Fate.GRADUATED: 3, Fate.COMPLETED: 1, Fate.SUSPENDED: 1, Fate.BLOCKED: 1,
    }  # fmt: skip
    assert place(up) == (8, "1班") and place(resting) == (8, "1班") and place(waits) == (10, "1班")
    for enrolment, ending in (
        (last, Ending.GRADUATED), (sixth, Ending.GRADUATED), (senior, Ending.GRADUATED), (completes, Ending.COMPLETED),
    ):  # fmt: skip
        enrolment.refresh_from_db()
        assert (enrolment.ending, enrolment.ends_on) == (ending, FIRST_DAY) and enrolment.closed_at
        for dated in (enrolment.grades, enrolment.statuses, enrolment.circumstances):
            assert dated.get().valid_to == FIRST_DAY
    item = TurnItem.objects.get(turn=turn)
    assert (item.enrolment, item.reason, item.request, item.school) == (waits, Fate.BLOCKED, request, waits.school)
    with pytest.raises(Refusal, match=r"有在办业务（XX-.*待校长确认）"):
        follow.follow(item, by=world.centre)
    actions = set(TrailEntry.objects.values_list("action", flat=True))
    assert {"开启学年处理", "标记结业", "开始学年处理", "学校升级毕业", "完成学年处理"} <= actions


def test_the_teaching_point_hands_its_last_grade_on(world):
    for code in (COUNTY_SCHOOL, OTHER_SCHOOL):
        teaches(world, code, Stage.PRIMARY)
    point, receiver = world.organisation(COUNTY_SCHOOL), world.organisation(OTHER_SCHOOL)
    given = {
        "school": point,
        "receiver": receiver,
        "last_grade": 4,
        "to_class": "",
        "document_number": "州教〔2026〕7号",
    }
    with pytest.raises(Refusal, match="不归本单位主管"):
        handings.hand_on(**given, by=world.county)
    with pytest.raises(Refusal, match="按毕业处理"):
        handings.hand_on(**given | {"last_grade": 6}, by=world.centre)
    handings.hand_on(**given, by=world.centre)
    with pytest.raises(Refusal, match="请先停用"):
        handings.hand_on(**given, by=world.centre)
    goes, stays = pupil(world, COUNTY_SCHOOL, 4), pupil(world, COUNTY_SCHOOL, 3)
    before = register()
    turn = ran(world)
    assert fates(turn) == {Fate.HANDED_ON: 1, Fate.UP: 1}
    goes.refresh_from_db()
    assert (goes.ending, place(goes), place(stays)) == (Ending.HANDED_ON, None, (4, "1班"))
    new = Enrolment.objects.get(student=goes.student, ends_on=None)
    assert (new.school, new.county.code, new.entry_year, place(new)) == (receiver, "622922", goes.entry_year, (5, ""))
    assert new.statuses.get().status == EnrolmentState.ENROLLED and new.circumstances.get().boarding == "2"
    undoing.ask_undo(turn, by=world.centre)
    undoing.undo(turn.pk)
    assert register() == before


def test_confirmed_archives_go_along_and_who_waited_is_active(world):
    for code in (COUNTY_SCHOOL, OTHER_SCHOOL):
        teaches(world, code, Stage.PRIMARY)
    point, receiver = world.organisation(COUNTY_SCHOOL), world.organisation(OTHER_SCHOOL)
    handings.hand_on(
        school=point, receiver=receiver, last_grade=4, to_class="", document_number="州教〔2026〕7号", by=world.centre
    )
    goes, leaves = pupil(world, COUNTY_SCHOOL, 4), pupil(world, COUNTY_SCHOOL, 12)
    tick(school=point, enrolments=[goes.pk], by=world.registrar(), on=world.day)
    waits = enrol(
        student=leaves.student, school=receiver, stage=Stage.SENIOR, entry_year=2026, grade=10, school_class="1班",
        on=FIRST_DAY, by=None, pending=True,
    )  # fmt: skip
    turn = ran(world)
    tasks.settle_turn(turn.pk)
    assert not ArchiveHandover.objects.exists() and Enrolment.objects.get(pk=waits.pk).pending
    tasks.confirm_later(turn, by=world.centre)
    for _ in range(2):
        tasks.settle_turn(turn.pk)
    handed = ArchiveHandover.objects.get()
    assert (handed.former, handed.present.school, handed.received_on) == (goes, receiver, None) and handed.listing
    waits.refresh_from_db()
    assert not waits.pending and waits.statuses.get(valid_to=None).status == EnrolmentState.ENROLLED


def test_what_business_has_touched_is_named_and_stays(world):
    touched, other = pupil(world, COUNTY_SCHOOL, 7, name="马后办"), pupil(world, COUNTY_SCHOOL, 7)
    turn = ran(world)
    set_grade(touched, 8, "3班", valid_from=world.day, by=None)
    with pytest.raises(Refusal, match="1名学生又办理了业务") as refused:
        undoing.ask_undo(turn, by=world.centre)
    assert [name.endswith("马后办") for name in refused.value.items] == [True]
    undoing.ask_undo(turn, by=world.centre, keep_touched=True)
    tasks.work_turn(turn.pk)
    assert (place(touched), place(other)) == ((8, "3班"), (7, "1班"))
    turn.refresh_from_db()
    assert (turn.state, fates(turn), TurnSchool.objects.count()) == (TurnState.PREVIEW, {Fate.UP: 2}, 0)
    ran(world, turn)
    assert (place(touched), place(other)) == ((8, "3班"), (8, "1班"))


@pytest.mark.parametrize("what", ["suspended", "ended", "moved", "changed", "nothing"])
def test_the_blocked_follow_once_their_business_is_done(world, what):
    waits = pupil(world, COUNTY_SCHOOL, 10)
    request = business(world, waits)
    turn = ran(world)
    item = TurnItem.objects.get()
    if what == "suspended":
        set_status(waits, EnrolmentState.SUSPENDED, valid_from=world.day, by=None)
    elif what == "ended":
        end_enrolment(waits, ending=Ending.WITHDRAWN, on=world.day)
    elif what == "moved":
        end_enrolment(waits, ending=Ending.TRANSFERRED, on=world.day)
        new = pupil(world, PREFECTURE_SCHOOL, 10)
        Enrolment.objects.filter(pk=new.pk).update(student=waits.student)
    elif what == "changed":
        set_grade(waits, 11, "2班", valid_from=world.day, by=None)
    assert not follow.ready(turn, world.centre)
    Request.objects.filter(pk=request.pk).update(state="approved", turn_organisation=None)
    assert [i.pk for i in follow.ready(turn, world.county)] == [item.pk]
    assert follow.follow_all(turn, by=world.county) == (1, 0)
    item.refresh_from_db()
    expected = {
        "suspended": (ItemOutcome.FOLLOWED, (11, "1班")), "ended": (ItemOutcome.GONE, None),
        "moved": (ItemOutcome.FOLLOWED, None), "changed": (ItemOutcome.CURRENT, (11, "2班")),
        "nothing": (ItemOutcome.FOLLOWED, (11, "1班")),
    }[what]  # fmt: skip
    assert (item.outcome, place(waits)) == expected
    assert item.settled_by == world.county
    if what == "moved":
        assert place(new) == (11, "1班")
    with pytest.raises(Refusal, match="不必再办"):
        follow.follow(item, by=world.centre)


def test_a_grade_recorded_since_the_first_day_is_looked_at(world):
    late, ahead = pupil(world, COUNTY_SCHOOL, 7), pupil(world, COUNTY_SCHOOL, 7)
    set_grade(late, 7, "2班", valid_from=world.day, by=None)
    set_grade(ahead, 8, "2班", valid_from=world.day, by=None)
    turn = ran(world)
    assert fates(turn) == {Fate.RECENT: 1, Fate.CURRENT: 1}
    item = TurnItem.objects.get()
    assert not follow.ready(turn, world.centre)
    with pytest.raises(Refusal, match="理由"):
        follow.keep(item, note=" ", by=world.centre)
    with pytest.raises(Refusal, match="由主管的县教育局或州学管中心续办"):
        follow.keep(item, note="留级", by=world.registrar())
    follow.follow(item, by=world.county)
    assert (place(late), place(ahead)) == ((8, "2班"), (8, "2班"))
    assert fates(turn) == {Fate.UP: 1, Fate.CURRENT: 1}


def test_confirmed_it_is_final_and_the_rest_can_still_follow(world):
    waits = pupil(world, COUNTY_SCHOOL, 10)
    request = business(world, waits)
    turn = opened(world)
    for deed in (opening.confirm, undoing.ask_undo):
        with pytest.raises(Refusal, match="预览"):
            deed(turn, by=world.centre)
    turn = ran(world, turn)
    with pytest.raises(Refusal, match="由州学管中心办理"):
        opening.confirm(turn, by=world.county)
    with pytest.raises(Refusal, match="起算日不能再改"):
        opening.choose_day(turn, day=FIRST_DAY, by=world.centre)
    opening.confirm(turn, by=world.centre)
    turn.refresh_from_db()
    assert (turn.state, turn.confirmed_by) == (TurnState.CONFIRMED, world.centre)
    with pytest.raises(Refusal, match="已确认，不能撤销"):
        undoing.ask_undo(turn, by=world.centre)
    Request.objects.filter(pk=request.pk).update(state="refused", turn_organisation=None)
    follow.follow(TurnItem.objects.get(), by=world.county)
    assert place(waits) == (11, "1班")


def test_what_cannot_be_opened_or_run(world):
    prefecture = world.organisation(PREFECTURE)
    asked = {"prefecture": prefecture, "school_year": 2026, "day": FIRST_DAY}
    with pytest.raises(Refusal, match="由州学管中心办理"):
        opening.open_turn(**asked, by=world.county)
    with pytest.raises(Refusal, match="超过31天"):
        opening.open_turn(**asked | {"day": FIRST_DAY.replace(month=11)}, by=world.centre)
    turn = opened(world)
    with pytest.raises(Refusal, match="已经开启"):
        opening.open_turn(**asked, by=world.centre)
    with pytest.raises(Refusal, match="确认后才能开启下一学年"):
        opening.open_turn(**asked | {"school_year": 2027, "day": FIRST_DAY.replace(year=2027)}, by=world.centre)
    opening.choose_day(turn, day=FIRST_DAY.replace(day=20), by=world.centre)
    with pytest.raises(Refusal, match="还没有到"):
        running.ask_run(turn, by=world.centre, on=world.day)


def test_completion_is_for_the_school_and_its_last_senior_grade(world):
    senior, junior = pupil(world, COUNTY_SCHOOL, 12), pupil(world, COUNTY_SCHOOL, 9)
    turn, school = opened(world), world.organisation(COUNTY_SCHOOL)
    asked = {"enrolments": [senior.pk], "reason": "考试不合格", "by": world.registrar()}
    for wrong, words in (
        ({"by": world.county}, "由本校学籍管理员"), ({"reason": " "}, "未毕业原因"), ({"enrolments": []}, "请勾选"),
        ({"enrolments": [junior.pk]}, "不在本校"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            completion.mark(turn, school, **asked | wrong)
    assert completion.mark(turn, school, **asked) == 1
    assert [row["reason"] for row in completion.last_graders(turn, school)] == ["考试不合格"]
    completion.unmark(turn, school, enrolment=senior.pk, by=world.registrar())
    turn = ran(world, turn)
    senior.refresh_from_db()
    assert senior.ending == Ending.GRADUATED
    with pytest.raises(Refusal, match="不能再改"):
        completion.mark(turn, school, **asked)


class Killed(Exception):
    """The worker died."""


def killed_after(monkeypatch, schools: int) -> None:
    """The next run breaks off after so many schools, in the middle of the one that follows."""
    left, real = [schools], running.count

    def counting(turn, school=None):
        if not left[0]:
            raise Killed
        left[0] -= 1
        real(turn, school)

    monkeypatch.setattr(running, "count", counting)


KINDS = st.sampled_from(["plain", "plain", "suspended", "blocked", "recent", "entered", "completed"])
PUPILS = st.lists(
    st.tuples(st.sampled_from([COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL]), st.integers(1, 12), KINDS),
    min_size=1,
    max_size=14,
)


def populate(world, people) -> YearTurn:
    """A register of drawn pupils, a teaching point that hands its grade 4 on, and a turn open for preview."""
    for code in (COUNTY_SCHOOL, OTHER_SCHOOL):
        teaches(world, code, Stage.PRIMARY)
    school, receiver = world.organisation(COUNTY_SCHOOL), world.organisation(OTHER_SCHOOL)
    handings.hand_on(
        school=school, receiver=receiver, last_grade=4, to_class="1班", document_number="1号", by=world.centre
    )
    made = [(pupil(world, code, grade), kind) for code, grade, kind in people]
    turn = opened(world)
    for enrolment, kind in made:
        if kind == "suspended":
            set_status(enrolment, EnrolmentState.SUSPENDED, valid_from=FIRST_DAY, by=None)
        elif kind == "blocked":
            business(world, enrolment)
        elif kind == "recent":
            set_grade(enrolment, place(enrolment)[0], "9班", valid_from=world.day, by=None)
        elif kind == "entered":
            Enrolment.objects.filter(pk=enrolment.pk).update(entry_year=2026)
        elif kind == "completed" and place(enrolment)[0] == 12:
            completion.mark(
                turn, enrolment.school, enrolments=[enrolment.pk], reason="x", by=world.registrar(enrolment.school.code)
            )
    return turn


class Back(Exception):
    """Take the example back."""


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize="EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(people=PUPILS, dies=st.integers(0, 2))
def test_undo_restores_what_was_and_breaking_off_changes_nothing(world, people, dies):
    """Run and taken back, the register is as it was, row by row; run again, or run in two pieces, it is as run once."""
    with pytest.raises(Back), transaction.atomic():
        turn = populate(world, people)
        before = register()
        ran(world, turn)
        once = standing()
        undoing.ask_undo(turn, by=world.centre)
        undoing.undo(turn.pk)
        assert register() == before
        turn.refresh_from_db()
        with pytest.MonkeyPatch.context() as patch:
            killed_after(patch, dies)
            running.ask_run(turn, by=world.centre, on=world.day)
            with suppress(Killed):
                running.run(turn.pk)
        tasks.work_turn(turn.pk)
        assert standing() == once
        after = register()
        running.run(turn.pk)
        TurnSchool.objects.filter(turn=turn).update(done_at=None)
        YearTurn.objects.filter(pk=turn.pk).update(state=TurnState.RUNNING)
        running.run(turn.pk)
        assert register() == after
        raise Back


def test_the_register_names_every_table_of_the_turn():
    """What `register` compares is all that hangs on an enrolment by days."""
    dated = {m._meta.db_table for m in apps.get_app_config("registry").get_models() if hasattr(m, "valid_to")}
    assert dated - {"registry_programme"} <= set(REGISTER)
