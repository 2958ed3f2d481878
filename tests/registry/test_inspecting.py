"""专项督查: what is drawn, what is written once, how a finding moves, who may do what."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from pypdfium2 import PdfDocument

from approvals.models import Message
from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal, Stale
from registry.deeds import set_status
from registry.enums import EnrolmentState
from registry.inspecting import findings, notice, onsite, planning
from registry.inspecting.enums import FindingAct, FindingState
from registry.inspecting.sampling import draw
from registry.inspecting.states import STEPS, Side
from registry.models import (
    Enrolment,
    Finding,
    FindingEvent,
    InspectedStudent,
    InspectionPhoto,
    InspectionRound,
    InspectionTick,
    InspectionVisit,
    Paper,
)
from registry.paper_enums import PaperKind
from registry.paper_files import paper_file
from registry.scans import Proof
from tests.registry.inspections import answered, chief, failed, found, move, noticed, planned, pupils, tick, underway
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL


def drawn_of(made: InspectionRound, school: str = COUNTY_SCHOOL) -> list[int]:
    return list(
        InspectedStudent.objects.filter(visit__round=made, visit__school__code=school)
        .order_by("enrolment")
        .values_list("enrolment", flat=True)
    )


class TestSampling:
    def test_the_same_seed_and_day_draw_the_same(self, world):
        pupils(world)
        first, again, other = (planned(world, seed=seed, title=t) for seed, t in ((7, "一"), (7, "二"), (8, "三")))
        assert drawn_of(first) == drawn_of(again) and len(drawn_of(first)) == 4
        assert any(drawn_of(first) != drawn_of(planned(world, seed=n, title=f"再{n}")) for n in range(20, 26))
        assert len(set(InspectedStudent.objects.filter(visit__round=other).values_list("school_class", flat=True))) == 2

    def test_what_is_drawn_at_a_school_does_not_hang_on_the_others(self, world):
        pupils(world)
        pupils(world, PREFECTURE_SCHOOL)
        alone = planned(world, COUNTY_SCHOOL, title="一", office=PREFECTURE, by=world.centre)
        both = planned(world, PREFECTURE_SCHOOL, COUNTY_SCHOOL, title="二", office=PREFECTURE, by=world.centre)
        assert drawn_of(alone) == drawn_of(both) and drawn_of(both, PREFECTURE_SCHOOL)

    def test_it_is_written_down_and_changes_no_more(self, world):
        pupils(world)
        made = planned(world)
        before = drawn_of(made)
        pupils(world, classes=5)
        assert drawn_of(made) == before

    def test_the_suspended_and_those_who_left_are_not_drawn(self, world):
        pupils(world, classes=1, each=3)
        one, two, three = Enrolment.objects.order_by("pk")
        set_status(one, EnrolmentState.SUSPENDED, valid_from=date(2026, 9, 1), by=None)
        Enrolment.objects.filter(pk=two.pk).update(
            ends_on=date(2026, 9, 1), ending="withdrawn", closed_at="2026-09-01T00:00+08:00"
        )
        school = world.organisation(COUNTY_SCHOOL)
        assert [d.enrolment for d in draw(school, on=world.day, seed=1, classes=9, students=9)] == [three.pk]
        assert len(draw(school, on=date(2026, 8, 1), seed=1, classes=9, students=9)) == 3


class TestPlanning:
    def test_who_may_not_and_what_is_wrong(self, world):
        pupils(world)
        pupils(world, OTHER_SCHOOL)
        for by in (
            world.registrar(),
            world.head(),
            world.user(Role.COUNTY_HEAD, OTHER_COUNTY),
            world.user(Role.AUDITOR, PREFECTURE),
        ):
            with pytest.raises(Refusal, match="制定督查"):
                planned(world, by=by)
        with pytest.raises(Refusal, match="至少一所"):
            planned(world, OTHER_SCHOOL)
        with pytest.raises(Refusal, match="每校|至少一名"):
            planning.plan(
                office=world.organisation(COUNTY), title="x", starts_on=world.day, ends_on=world.day, others=[], by=world.county, on=world.day,
                schools=[world.organisation(COUNTY_SCHOOL).pk], team=[world.registrar().pk], sample=planning.Sample(world.day, 1, 1, 1),
            )  # fmt: skip
        planned(world)
        with pytest.raises(Refusal, match="已制定"):
            planned(world)
        assert InspectionRound.objects.count() == 1

    def test_days_out_of_order_and_a_roster_to_come(self, world):
        pupils(world)
        plan = {
            "office": world.organisation(COUNTY), "title": "x", "starts_on": world.day, "schools": [], "team": [], "others": [],
            "by": world.county, "on": world.day,
        }  # fmt: skip
        with pytest.raises(Refusal, match="早于"):
            planning.plan(**plan, ends_on=world.day - timedelta(1), sample=planning.Sample(world.day, 1, 1, 1))
        with pytest.raises(Refusal, match="名册日期"):
            planning.plan(**plan, ends_on=world.day, sample=planning.Sample(world.day + timedelta(1), 1, 1, 1))

    def test_the_prefecture_may_visit_any_school(self, world):
        pupils(world)
        pupils(world, OTHER_SCHOOL)
        made = planned(world, COUNTY_SCHOOL, OTHER_SCHOOL, office=PREFECTURE, by=world.centre)
        assert made.visits.count() == 2

    def test_the_team_is_told_and_it_stands_in_the_trail(self, world):
        pupils(world)
        made = planned(world)
        assert list(Message.objects.values_list("to", flat=True)) == [chief(world).pk]
        assert TrailEntry.objects.get(action="制定专项督查").after["抽样种子"] == 7
        assert [m.user_id is None for m in made.members.order_by("pk")] == [False, False, True]

    def test_calling_off(self, world):
        pupils(world)
        made = planned(world)
        for by, reason, words in ((world.head(), "x", "撤销"), (world.county, " ", "说明理由")):
            with pytest.raises(Refusal, match=words):
                planning.call_off(found=made, reason=reason, by=by)
        planning.call_off(found=made, reason="改期", by=world.county)
        with pytest.raises(Refusal, match="已撤销"):
            onsite.begin(visit=made.visits.get(), by=world.county)
        other = planned(world)  # the title is free again
        onsite.begin(visit=other.visits.get(), by=world.county)
        with pytest.raises(Refusal, match="已有学校"):
            planning.call_off(found=other, reason="x", by=world.county)


class TestSeeing:
    def test_a_school_sees_its_visit_once_it_has_begun(self, world):
        pupils(world)
        visit = planned(world).visits.get()
        seen = [world.registrar(), world.head()]
        for user in seen:
            assert not InspectionVisit.objects.visible_to(user).exists()
            assert not InspectionRound.objects.visible_to(user).exists()
            assert not InspectedStudent.objects.visible_to(user).exists()
        onsite.begin(visit=visit, by=world.county)
        for user in seen:
            assert InspectionVisit.objects.visible_to(user).get() == visit
            assert InspectionRound.objects.visible_to(user).exists()
        for user in (
            world.head(OTHER_SCHOOL),
            world.user(Role.COUNTY_HEAD, OTHER_COUNTY),
            world.user(Role.ACCOUNT_ADMIN, PREFECTURE),
        ):
            assert not InspectionVisit.objects.visible_to(user).exists()
        assert InspectionVisit.objects.visible_to(world.centre).exists()

    def test_a_county_sees_the_round_of_the_prefecture_once_it_is_there(self, world):
        pupils(world)
        visit = planned(world, office=PREFECTURE, by=world.centre).visits.get()
        assert not InspectionVisit.objects.visible_to(world.county).exists()
        onsite.begin(visit=visit, by=world.centre)
        assert InspectionVisit.objects.visible_to(world.county).exists()
        with pytest.raises(Refusal, match="提出问题"):
            found(world, visit)


class TestOnSite:
    def test_the_same_key_is_written_once(self, world):
        student, key = underway(world).people.first(), uuid4()
        tick(student, world.county, "absent", "请假", key=key)
        again = tick(student, world.county, "absent", "请假", key=key)
        assert (again.version, InspectionTick.objects.count()) == (1, 1)
        tick(student, world.county, "present", "", seen=1)
        late = tick(student, world.county, "absent", "请假", key=key)  # the answer to the first was lost on the way
        assert (late.result, late.version) == ("present", 2)
        with pytest.raises(Refusal, match="编号已用过"):
            tick(student, chief(world), key=key)

    def test_two_members_and_one_student(self, world):
        student = underway(world).people.first()
        tick(student, world.county, "absent")
        with pytest.raises(Stale, match="已于.*登记为“不在”"):
            tick(student, chief(world), "present")
        assert tick(student, chief(world), "absent").version == 1  # the same answer is no quarrel
        assert tick(student, chief(world), "present", seen=1).recorded_by == chief(world)

    def test_who_may_not(self, world):
        visit = underway(world)
        student = visit.people.first()
        for by in (world.registrar(), world.head(), world.centre, world.user(Role.COUNTY_HEAD, OTHER_COUNTY)):
            with pytest.raises(Refusal, match="检查组"):
                tick(student, by)
        with pytest.raises(Refusal, match="列出的结果"):
            tick(student, world.county, "gone")
        with pytest.raises(Stale, match="已开始"):
            onsite.begin(visit=visit, by=world.county)
        with pytest.raises(Refusal, match="检查组"):
            onsite.begin(visit=visit, by=world.head())

    def test_the_visit_ends_when_all_are_looked_at(self, world):
        visit = underway(world)
        with pytest.raises(Refusal, match="还有4名"):
            onsite.finish(visit=visit, by=world.county)
        for student in visit.people.all():
            tick(student, world.county)
        onsite.finish(visit=visit, by=world.county)
        with pytest.raises(Refusal, match="已结束"):
            tick(visit.people.first(), world.county, "absent", seen=1)
        assert TrailEntry.objects.filter(action="登记抽查学生").count() == 4

    def test_nothing_is_recorded_before_it_begins(self, world):
        pupils(world)
        with pytest.raises(Refusal, match="开始检查"):
            tick(planned(world).visits.get().people.first(), world.county)

    def test_a_page_without_script(self, world):
        visit = underway(world)
        one, two, three, _ = visit.people.order_by("pk")
        tick(two, chief(world), "absent")
        tick(three, chief(world), "absent")
        rows = [
            {"student": s, "result": r, "note": "", "seen": 0, "key": uuid4()} for s, r in ((one, "present"), (two, ""), (three, "present"))
        ]  # fmt: skip
        written, clashes = onsite.tick_page(visit=visit, rows=rows, by=world.county)
        assert written == 1 and len(clashes) == 1 and three.name in clashes[0]
        assert InspectedStudent.objects.get(pk=two.pk).result == "absent"

    def test_a_picture_sent_twice_is_kept_once(self, world):
        visit, key = underway(world), uuid4()
        photo = Proof(b"\xff\xd8\xff x", "image/jpeg", "x.jpg", {})
        for _ in range(2):
            onsite.add_photo(visit=visit, student=None, photo=photo, caption="校门", key=key, by=world.county)
        assert InspectionPhoto.objects.get().file.school == visit.school
        with pytest.raises(Refusal, match="检查组"):
            onsite.add_photo(visit=visit, student=None, photo=photo, caption="", key=uuid4(), by=world.head())

    def test_the_database_holds_it_too(self, world):
        visit = underway(world)
        student = visit.people.first()
        for make in (
            lambda: InspectionVisit.objects.create(round=visit.round, school=visit.school),
            lambda: InspectedStudent.objects.create(visit=visit, enrolment=student.enrolment, name="x", grade=11),
            lambda: InspectionVisit.objects.filter(pk=visit.pk).update(state="finished"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                make()


class TestFindings:
    def test_the_way_to_the_end(self, world):
        visit = underway(world)
        one = found(world, visit)
        for act, by, state in (
            ("answer", world.head(), "answered"), ("report", world.head(), "reported"), ("fail", world.county, "failed"),
            ("report", world.head(), "reported"), ("pass", world.county, "rectified"),
        ):  # fmt: skip
            assert move(one, act, by).state == state
        assert list(one.events.values_list("act", flat=True)) == ["found", "answer", "report", "fail", "report", "pass"]
        assert Message.objects.filter(link=f"/findings/{one.pk}/").count() >= 6

    def test_the_table_is_all_there_is(self, world):
        """Every act in every state by every side: what the table does not list is refused and changes nothing."""
        one, allowed = (
            found(world, underway(world)),
            {(s.begins, s.act, s.side) for s in STEPS if not s.overdue and s.act != "notice"},
        )
        people = {Side.SCHOOL: world.head(), Side.OFFICE: world.county}
        for state in FindingState:
            for act in FindingAct:
                for side, by in people.items():
                    Finding.objects.filter(pk=one.pk).update(state=state)
                    try:
                        move(one, act, by)
                        done = True
                    except Refusal:
                        done = False
                        assert Finding.objects.get(pk=one.pk).state == state
                    assert done == ((state, act, side) in allowed), (state, act, side)

    def test_who_never_answers_can_be_noticed_once_the_day_has_passed(self, world, settings):
        one = found(world, underway(world), due=world.day)
        with pytest.raises(Refusal, match="未到"):
            move(one, "fail", world.county)
        settings.DEMO_TODAY = world.day + timedelta(1)
        assert Finding.objects.get(pk=one.pk).state == "open"  # no day moves it
        assert findings.is_late(one, world.day + timedelta(1)) and not findings.is_late(one, world.day)
        assert move(one, "fail", world.county).state == "failed"

    def test_refusals(self, world):
        visit = underway(world)
        for by in (world.head(), world.user(Role.COUNTY_HEAD, OTHER_COUNTY), world.centre):
            if by == world.centre:
                continue
            with pytest.raises(Refusal):
                findings.find(visit=visit, written=findings.Written("x", "一（二）", world.day), key=uuid4(), by=by)
        for written, words in (
            (findings.Written(" ", "一（二）", world.day), "写明问题"), (findings.Written("x", "九", world.day), "条款"),
            (findings.Written("x", "一（二）", world.day - timedelta(1)), "早于"),
        ):  # fmt: skip
            with pytest.raises(Refusal, match=words):
                findings.find(visit=visit, written=written, key=uuid4(), by=world.county)
        one = found(world, visit)
        with pytest.raises(Stale, match="页面已更新"):
            findings.act(finding=one, act="answer", words="x", seen="answered", by=world.head())
        with pytest.raises(Refusal, match="写明"):
            move(one, "answer", world.head(), " ")
        with pytest.raises(Refusal, match="校长"):
            move(one, "answer", world.registrar())
        key = uuid4()
        made = [
            findings.find(visit=visit, written=findings.Written("y", "一（二）", world.day), key=key, by=world.county)
            for _ in range(2)
        ]
        assert made[0] == made[1]

    def test_the_day_is_counted_by_the_calendar(self, world):
        assert findings.due_by(world.organisation(COUNTY), date(2026, 9, 16)) > date(2026, 10, 8)


class TestNotice:
    def test_issued_by_the_head_of_the_county(self, world):
        visit = underway(world)
        one = failed(world, visit)
        named = {"number": "1号", "words": "x", "findings": [one.pk], "people": [], "on": world.day}
        for by in (world.county, world.head(), world.user(Role.COUNTY_HEAD, OTHER_COUNTY)):
            with pytest.raises(Refusal, match="负责人签发"):
                notice.issue(visit=visit, **named, by=by)
        for wrong, words in (
            ({"findings": []}, "至少一项"),
            ({"number": " "}, "文号"),
            ({"findings": [one.pk, 0]}, "至少一项"),
        ):
            with pytest.raises(Refusal, match=words):
                notice.issue(visit=visit, **named | wrong, by=chief(world))
        made = notice.issue(visit=visit, **named, by=chief(world))
        assert Finding.objects.get(pk=one.pk).state == "noticed"
        with pytest.raises(Stale, match="状态已变"):
            notice.issue(visit=visit, **named | {"number": "2号"}, by=chief(world))
        other = failed(world, visit)
        with pytest.raises(Refusal, match="已用过"):
            notice.issue(visit=visit, **named | {"findings": [other.pk]}, by=chief(world))
        assert made.findings.get().reason == "仍未整改"

    def test_the_paper_names_what_and_whom(self, world):
        made = noticed(world, underway(world))
        paper = notice.paper_of(made)
        assert paper == notice.paper_of(made)
        pdf = paper_file(PaperKind.INSPECTION, "pdf", made, paper, by=None).content
        with PdfDocument(pdf) as document:
            text = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")
            assert len(document) == 1
        for words in (
            "广教发〔2026〕9号",
            "学生不在校",
            "仍未整改",
            "马校长",
            "予以通报并追究学校及相关人员责任",
            "样式和签发人为假定",
        ):
            assert words in text
        assert Paper.objects.get().subject == made
        assert paper_file(PaperKind.INSPECTION, "pdf", made, paper, by=None).code == Paper.objects.get().code

    def test_who_holds_the_posts_of_a_school_is_offered(self, world):
        assert {p.post for p in notice.people_of(world.organisation(COUNTY_SCHOOL), world.day)} == {
            "校长",
            "学籍管理员",
        }


def test_an_event_is_never_lost(world):
    one = answered(world)
    assert FindingEvent.objects.filter(finding=one).count() == 2
