"""Loading notices and entering local days: who may, what is refused, and that open due dates follow."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from approvals.calendar_entry import enter_local_day, load_national_notices, load_notice, revoke_local_day
from approvals.calendar_queries import calendar_for, local_days, reference_notices
from approvals.enums import Move, State
from approvals.models import CalendarNotice, DueChange, Entry, LocalDay, Request
from linxia_xueji import access
from linxia_xueji.dates import SHANGHAI, today
from linxia_xueji.enums import Permission, Role
from linxia_xueji.models import Appointment, Organisation, TrailEntry, User, scope_of
from linxia_xueji.organisations import load_organisations
from linxia_xueji.refusal import Refusal

pytestmark = pytest.mark.django_db
DOCUMENT = "临州办发〔2026〕8号"
THURSDAY, FRIDAY, SATURDAY = date(2026, 9, 17), date(2026, 9, 18), date(2026, 9, 19)
MAKE_UP = date(2026, 9, 20)
NOTICE_2027 = {
    "document": "国办发明电〔2026〕99号",
    "issued_on": date(2026, 9, 10),
    "year": 2027,
    "free": [(date(2027, 1, 1), date(2027, 1, 3))],
}


@pytest.fixture(autouse=True)
def present(settings):
    settings.DEMO_TODAY = date(2026, 9, 16)
    load_organisations(today())
    load_national_notices()


def organisation(code):
    return Organisation.objects.get(code=code)


@pytest.fixture
def prefecture():
    return organisation("622900")


@pytest.fixture
def county():
    return organisation("622924")


@pytest.fixture
def school():
    return organisation("3462990006")


def appoint(at, role):
    user = User.objects.create_user(f"{role}-{at.code}", "x", full_name="某人")
    Appointment.objects.create(user=user, post=access.make_post(organisation=at, role=role), starts_on=date(2026, 1, 1))
    return user


@pytest.fixture
def centre(prefecture):
    return appoint(prefecture, Role.CENTRE)


@pytest.fixture
def county_head(county):
    return appoint(county, Role.COUNTY_HEAD)


def pending(school, on, by, number="A1"):
    """A request submitted on a day, its due date not yet computed."""
    request = Request.objects.create(
        **scope_of(school),
        kind="enrolment_batch",
        number=number,
        subject="事项",
        state=State.PENDING,
        applied_on=on,
        submitted_on=on,
        lock_key=number,
        rule_version="1",
        created_at=datetime(2026, 9, 1, 9, tzinfo=SHANGHAI),
    )
    at = datetime(on.year, on.month, on.day, 9, tzinfo=SHANGHAI)
    Entry.objects.create(request=request, round=1, move=Move.SUBMIT, by=by, at=at, on=on, rule_version="1")
    return request


def enter(at, day, kind, by, document_number=DOCUMENT):
    return enter_local_day(organisation=at, day=day, kind=kind, document_number=document_number, by=by)


def test_the_reference_notices_are_loaded_once():
    assert CalendarNotice.objects.count() == len(reference_notices()) == 11
    assert load_national_notices() == 0
    CalendarNotice.objects.filter(year=2026).update(work=[])
    assert load_national_notices() == 1
    assert CalendarNotice.objects.filter(year=2026, revoked_at=None).get().work


def test_a_correction_by_a_person_outlives_the_reference_file(prefecture, centre):
    row = CalendarNotice.objects.get(year=2026)
    fields = {"document": row.document, "issued_on": row.issued_on, "year": 2026, "free": [(date(2026, 1, 1),) * 2]}
    with pytest.raises(Refusal, match="已载入，内容不同"):
        load_notice(organisation=prefecture, by=centre, **fields)
    load_notice(organisation=prefecture, by=centre, correct=True, **fields)
    assert load_national_notices() == 0
    row.refresh_from_db()
    assert row.revoked_by == centre
    assert calendar_for(prefecture).is_working(date(2026, 10, 1))


def test_a_notice_gives_provisional_requests_their_date(prefecture, school, centre):
    request = pending(school, date(2026, 9, 1), centre)
    request.entries.update(on=date(2026, 12, 24))
    Request.objects.filter(pk=request.pk).update(applied_on=date(2026, 12, 24))
    load_notice(organisation=prefecture, by=centre, **NOTICE_2027)
    change = DueChange.objects.get(request=request)
    assert (change.before, change.after) == (None, date(2027, 1, 8))
    assert change.why == "国办发明电〔2026〕99号载入，2027年放假安排公布"
    entry = TrailEntry.objects.get(action="calendar.load_notice")
    assert entry.by == centre and entry.after["free"] == [["2027-01-01", "2027-01-03"]]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"document": "  "}, "文号"),
        ({"document": "号" * 61}, "超过60个字"),
        ({"amends": "国办发明电〔2026〕98号"}, "没有载入"),
        ({"issued_on": date(2026, 9, 17)}, "晚于今日"),
        ({"free": [(date(2027, 1, 3), date(2027, 1, 1))]}, "颠倒"),
        ({"work": [date(2027, 1, 5)]}, "不是周六周日"),
        ({"free": []}, "至少填写一项"),
    ],
)
def test_a_notice_that_is_refused(prefecture, centre, changed, says):
    with pytest.raises(Refusal, match=says):
        load_notice(organisation=prefecture, by=centre, **{**NOTICE_2027, **changed})
    assert not CalendarNotice.objects.filter(year=2027).exists()


def test_a_notice_is_loaded_once_and_by_the_prefecture(prefecture, county, centre, county_head):
    load_notice(organisation=prefecture, by=centre, **NOTICE_2027)
    with pytest.raises(Refusal, match="内容相同"):
        load_notice(organisation=prefecture, by=centre, **NOTICE_2027)
    with pytest.raises(Refusal, match="由州教育局统一载入"):
        load_notice(organisation=county, by=county_head, **NOTICE_2027)
    with pytest.raises(Refusal, match="没有维护临夏州教育局工作日历的权限"):
        load_notice(organisation=prefecture, by=county_head, **NOTICE_2027)


def test_a_local_day_holds_below_and_due_dates_follow(prefecture, county, school, centre):
    elsewhere = organisation("3462990001")
    here, there = pending(school, date(2026, 9, 16), centre), pending(elsewhere, date(2026, 9, 16), centre, "A2")
    before = calendar_for(school).working_days_after(date(2026, 9, 16), 10).day
    Request.objects.update(due_on=before)
    enter(county, THURSDAY, "free", centre)
    change = DueChange.objects.get()
    assert change.request == here and change.before == before and change.after > before
    assert change.why == f"广河县教育局{DOCUMENT}：2026年9月17日放假"
    there.refresh_from_db()
    assert there.due_on == before
    assert [calendar_for(o).is_working(THURSDAY) for o in (school, county, prefecture, elsewhere)] == [
        False, False, True, True,
    ]  # fmt: skip
    assert TrailEntry.objects.get(action="calendar.enter_local_day").organisation == county


def test_the_nearer_organisation_wins(prefecture, county, school, centre, county_head):
    enter(county, THURSDAY, "working", county_head)
    enter(prefecture, THURSDAY, "free", centre)
    assert calendar_for(school).is_working(THURSDAY)
    assert not calendar_for(organisation("3462900001")).is_working(THURSDAY)


def test_each_kind_does_what_it_says(prefecture, centre):
    enter(prefecture, SATURDAY, "working", centre)
    enter(prefecture, MAKE_UP, "cancelled", centre)
    calendar = calendar_for(prefecture)
    assert calendar.is_working(SATURDAY) and not calendar.is_working(MAKE_UP)
    with pytest.raises(Refusal, match="不是国家安排的调休上班日"):
        enter(prefecture, FRIDAY, "cancelled", centre)
    with pytest.raises(Refusal, match="2027年放假安排待国务院办公厅公布，公布并载入后才能取消调休"):
        enter(prefecture, date(2027, 1, 2), "cancelled", centre)


def test_a_later_entry_closes_the_earlier_one(prefecture, centre):
    first = enter(prefecture, THURSDAY, "free", centre)
    with pytest.raises(Refusal, match="已按临州办发〔2026〕8号登记为放假"):
        enter(prefecture, THURSDAY, "free", centre, "临州办发〔2026〕9号")
    second = enter(prefecture, THURSDAY, "working", centre, "临州办发〔2026〕9号")
    first.refresh_from_db()
    assert (first.kind, first.revoked_by, first.revoked_document_number) == ("free", centre, "临州办发〔2026〕9号")
    assert local_days(prefecture) == [second]
    revoke_local_day(local_day=second, document_number="临州办发〔2026〕10号", by=centre)
    assert local_days(prefecture) == []
    with pytest.raises(Refusal, match="已停用"):
        revoke_local_day(local_day=second, document_number="临州办发〔2026〕10号", by=centre)


def test_what_was_known_on_a_day(prefecture, centre, settings):
    row = enter(prefecture, THURSDAY, "free", centre)
    settings.DEMO_TODAY = date(2026, 9, 21)
    revoke_local_day(local_day=row, document_number=DOCUMENT, by=centre)
    known = [date(2026, 9, 15), date(2026, 9, 16), date(2026, 9, 20), date(2026, 9, 21), None]
    assert [calendar_for(prefecture, on).is_working(THURSDAY) for on in known] == [True, False, False, True, True]


def test_without_the_right_nothing_is_entered(prefecture, county, centre, county_head, school):
    for who, where in ((county_head, prefecture), (appoint(school, Role.HEAD), county)):
        with pytest.raises(Refusal, match="没有维护"):
            enter(where, THURSDAY, "free", who)
    with pytest.raises(Refusal, match="没有填写文号"):
        enter(county, THURSDAY, "free", county_head, " ")
    post = county_head.appointments.get().post
    row = enter(county, THURSDAY, "free", county_head)
    access.revoke(post=post, permission=Permission.MANAGE_CALENDAR, organisation=county)
    with pytest.raises(Refusal, match="没有维护广河县教育局工作日历的权限"):
        revoke_local_day(local_day=row, document_number=DOCUMENT, by=county_head)


def test_the_database_keeps_one_entry_a_day(prefecture, centre):
    row = enter(prefecture, THURSDAY, "free", centre)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    assert LocalDay.objects.count() == 1


def test_a_calendar_takes_three_queries(school, django_assert_max_num_queries):
    school = organisation(school.code)
    with django_assert_max_num_queries(3):
        calendar_for(school)
