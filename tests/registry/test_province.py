"""Where the province does not use the portal: its reply recorded by the centre, its numbers win, gaps allowed."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from approvals.enums import State
from approvals.permission import why_not
from linxia_xueji.access import access_of, revoke
from linxia_xueji.enums import Permission
from linxia_xueji.policy import decide
from linxia_xueji.refusal import Refusal
from registry.models import Intake, IssuedNumber, ProvinceReply
from registry.province import differences, read_numbers
from tests.registry.support import another_batch, first, paper, workbook
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE


@pytest.fixture
def outside(world):
    """The province works on paper."""
    decide(
        organisation=world.organisation(PREFECTURE), key="province.in_portal", value=False,
        effective_from=date(2026, 1, 1), document_number="临州教发〔2026〕2号", by=world.centre,
    )  # fmt: skip
    return world


def sheet(batch, *numbers: str) -> bytes:
    people = batch.candidates.order_by("exam_number")
    return workbook(*((p.exam_number, n) for p, n in zip(people, numbers, strict=False) if n))


def record(world, batch, content: bytes, by=None, **changed):
    inputs = {
        "numbers": read_numbers(batch, content),
        "scan": paper(world, COUNTY_SCHOOL),
        "sheet": paper(world, COUNTY_SCHOOL, content=content),
        "document_number": "甘教基函〔2026〕88号",
        "replied_on": world.day,
        **changed,
    }
    with transaction.atomic():
        return world.advance(batch, "record", by or world.centre, "按批复登记", **inputs)


def test_its_numbers_win_gaps_and_all_and_the_differences_are_kept(outside):
    batch = outside.to(outside.batch(3), 3)
    given = ("261324010001", "261324010005", "261324010009")
    record(outside, batch, sheet(batch, *given))
    assert batch.request.state == State.APPROVED
    by_exam = batch.candidates.order_by("exam_number").values_list("enrolment__student_number__number", flat=True)
    assert tuple(by_exam) == given
    reply = ProvinceReply.objects.get()
    assert [(d["proposed"], d["given"]) for d in reply.differences] == [
        ("261324010002", "261324010005"),
        ("261324010003", "261324010009"),
    ]
    assert (reply.recorded_by, reply.document_number) == (outside.centre, "甘教基函〔2026〕88号")


def test_the_next_batch_goes_on_after_the_highest_given(outside):
    batch = outside.to(outside.batch(1, plan=3), 3)
    record(outside, batch, sheet(batch, "261324010040"))
    assert Intake.objects.get().last_serial == 40
    outside.admit(1, first=9)
    second = another_batch(outside, batch)
    second.candidates.update(arrival="reported")
    outside.to(second, 3)
    assert differences(second, {first(second).pk: "261324010041"}) == []


def test_recording_is_no_decision_of_the_recorder(outside):
    """The centre took its own step before; it signs nothing here."""
    batch = outside.to(outside.batch(1), 3)
    record(outside, batch, sheet(batch, "261324010001"))
    last = batch.request.steps.last()
    assert (last.level, last.decided_by) == ("province", None)
    assert batch.request.entries.last().move == "record"


def test_who_is_left_out_is_held_back_and_keeps_the_seat(outside):
    batch = outside.to(outside.batch(2), 3)
    left = batch.candidates.order_by("exam_number").last()
    record(outside, batch, sheet(batch, "261324010001", ""))
    left.refresh_from_db()
    assert (left.enrolment, left.seat, left.held_back) == (None, True, "省厅批复甘教基函〔2026〕88号未列入")
    assert Intake.objects.get().held == 2
    assert left in another_batch(outside, batch).candidates.all()


def test_nobody_but_the_centre_records(outside):
    batch = outside.to(outside.batch(1), 3)
    content = sheet(batch, "261324010001")
    for by in (outside.province, outside.county, outside.head(), outside.registrar(OTHER_SCHOOL)):
        with pytest.raises(Refusal, match="州学管中心"):
            record(outside, batch, content, by=by)
    post = access_of(outside.centre).post
    revoke(post=post, permission=Permission.RECORD_PROVINCE_REPLY, organisation=post.organisation)
    with pytest.raises(Refusal, match="州学管中心"):
        record(outside, batch, content)


def test_the_province_does_not_decide_in_the_portal_then(outside):
    batch = outside.to(outside.batch(1), 3)
    assert "不在本门户审批" in why_not(outside.province, batch.request, "approve", outside.day)


def test_and_nothing_is_recorded_where_it_decides_in_the_portal(world):
    batch = world.to(world.batch(1), 3)
    with pytest.raises(Refusal, match="不登记批复"):
        record(world, batch, sheet(batch, "261324010001"))


def test_not_before_it_was_sent_up(outside):
    batch = outside.to(outside.batch(1), 2)
    with pytest.raises(Refusal, match="已上报省厅"):
        record(outside, batch, sheet(batch, "261324010001"))


def test_a_reply_of_tomorrow_is_refused(outside):
    batch = outside.to(outside.batch(1), 3)
    with pytest.raises(Refusal, match="不能晚于今天"):
        record(outside, batch, sheet(batch, "261324010001"), replied_on=outside.day + timedelta(days=1))


def test_a_number_already_issued_elsewhere_is_refused_whole(outside):
    batch = outside.to(outside.batch(1, plan=3), 3)
    record(outside, batch, sheet(batch, "261324010001"))
    outside.admit(2, first=8)
    second = another_batch(outside, batch)
    second.candidates.update(arrival="reported")
    outside.to(second, 3)
    with pytest.raises(Refusal, match="没有下发任何学号"):
        record(outside, second, sheet(second, "261324010002", "261324010001"))
    assert IssuedNumber.objects.count() == 1
    assert not ProvinceReply.objects.filter(batch=second).exists()


def test_every_line_that_does_not_fit_is_told(outside):
    batch = outside.to(outside.batch(3), 3)
    one, two, three = batch.candidates.order_by("exam_number").values_list("exam_number", flat=True)
    content = workbook(
        ("999", "261324010001"), (one, "26132401"), (two, "261324010002"), (two, "261324010003"), (three, "261324010002")
    )  # fmt: skip
    with pytest.raises(Refusal) as refusal:
        read_numbers(batch, content)
    assert [i.split("：")[0] for i in refusal.value.items] == ["第2行", "第3行", "第5行", "第6行"]


@pytest.mark.parametrize("content", [b"", b"no workbook", workbook(header=("准考证号", "姓名")), workbook()])
def test_what_is_no_list_of_numbers_is_told(outside, content):
    batch = outside.to(outside.batch(1), 3)
    with pytest.raises(Refusal):
        read_numbers(batch, content)


def test_what_the_law_forbids_is_not_recorded_either(outside):
    from registry.models import Admission

    batch = outside.to(outside.batch(1), 3)
    content = sheet(batch, "261324010001")
    Admission.objects.update(superseded_at="2026-09-16T00:00Z")
    with pytest.raises(Refusal) as refusal:
        record(outside, batch, content)
    assert refusal.value.rule == "enrolment.not_admitted"
