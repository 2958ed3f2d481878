"""The page of the calendar: read by all, kept by those who may, by document number."""

from datetime import date

import pytest
from django.urls import reverse

from approvals.calendar_entry import enter_local_day
from approvals.models import CalendarNotice, LocalDay, Request
from linxia_xueji.enums import Role
from tests.world import COUNTY, DAY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE

URL = reverse("approvals:calendar")
FORMS = ("local_day_form", "revoke_form", "notice_form")
NOTICE = {
    "deed": "load_notice", "document": "国办发明电〔2026〕9号", "issued_on": "2026.9.10", "year": "2027",
    "free": "2027-01-01至2027-01-03\n\n20270206—20270212", "work": "2027年1月9日",
}  # fmt: skip


def day(world, **more) -> dict:
    """A local day of the county as it is typed."""
    return {
        "deed": "enter_day",
        "organisation": world.organisation(COUNTY).pk,
        "day": "20260918",
        "kind": "free",
        "document_number": "广教发1号",
    } | more


@pytest.fixture
def keeper(world, client):
    """The head of the county bureau, signed in."""
    user = world.user(Role.COUNTY_HEAD, COUNTY)
    client.force_login(user)
    return user


def test_signed_out_goes_to_the_sign_in_page(db, client):
    assert client.get(URL).headers["Location"].startswith(reverse("login"))
    assert client.post(URL).headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize(
    ("role", "code", "forms"),
    [(Role.CENTRE, PREFECTURE, {"local_day_form", "notice_form"}), (Role.COUNTY_HEAD, COUNTY, {"local_day_form"}),
     (Role.COUNTY_REVIEWER, COUNTY, set()), (Role.REGISTRAR, OTHER_SCHOOL, set())],
)  # fmt: skip
def test_all_read_and_some_keep(world, client, role, code, forms):
    client.force_login(world.user(role, code))
    response = client.get(URL)
    assert "国办发明电〔2025〕7号" in response.content.decode()
    assert {name for name in FORMS if response.context[name]} == forms


@pytest.mark.parametrize("deed", ["enter_day", "revoke_day", "load_notice", "nonsense", ""])
def test_without_the_right_nothing_is_entered(world, client, deed):
    client.force_login(world.registrar(OTHER_SCHOOL))
    before = CalendarNotice.objects.count()
    assert client.post(URL, day(world) | NOTICE | {"deed": deed}).status_code == 400
    assert (LocalDay.objects.count(), CalendarNotice.objects.count()) == (0, before)


def test_a_local_day_moves_open_due_dates_and_the_request_says_why(world, keeper, client):
    batch = world.to(world.batch(2), 1)
    response = client.post(URL, day(world), follow=True)
    assert response.redirect_chain == [(URL, 302)] and "广教发1号" in response.content.decode()
    moved = Request.objects.get()
    assert moved.due_on > batch.request.due_on
    page = client.get(reverse("approvals:request", args=[moved.pk])).content.decode()
    assert "广教发1号：2026年9月18日放假，期限由" in page


def test_what_cannot_be_read_is_asked_again_with_what_was_typed(world, keeper, client):
    response = client.post(URL, day(world, day="9月18日"))
    assert (response.status_code, LocalDay.objects.count()) == (422, 0)
    text = response.content.decode()
    assert "不是有效日期" in text and 'value="9月18日"' in text and 'href="#day-day"' in text


def test_a_refusal_stands_on_the_page(world, keeper, client):
    response = client.post(URL, day(world, kind="cancelled"))
    assert response.status_code == 422
    assert "不是国家安排的调休上班日" in response.content.decode()


def test_a_day_of_another_county_cannot_be_chosen(world, keeper, client):
    assert client.post(URL, day(world, organisation=world.organisation(OTHER_COUNTY).pk)).status_code == 422
    other = world.user(Role.COUNTY_HEAD, OTHER_COUNTY)
    entered = enter_local_day(
        organisation=world.organisation(OTHER_COUNTY), day=DAY, kind="free", document_number="1号", by=other
    )
    client.post(URL, day(world))
    sent = {"deed": "revoke_day", "local_day": entered.pk, "document_number": "2号"}
    assert client.post(URL, sent).status_code == 422
    assert LocalDay.objects.filter(revoked_at=None).count() == 2


def test_a_local_day_is_taken_back_by_document(world, keeper, client):
    client.post(URL, day(world))
    entered = LocalDay.objects.get()
    sent = {"deed": "revoke_day", "local_day": entered.pk}
    assert client.post(URL, sent).status_code == 422
    assert client.post(URL, sent | {"document_number": "广教发2号"}).status_code == 302
    entered.refresh_from_db()
    assert (entered.revoked_by, entered.revoked_document_number) == (keeper, "广教发2号")


def test_the_prefecture_loads_a_notice(world, client):
    client.force_login(world.centre)
    assert client.post(URL, NOTICE).status_code == 302
    row = CalendarNotice.objects.get(document=NOTICE["document"])
    assert (row.issued_on, row.year, row.entered_by) == (date(2026, 9, 10), 2027, world.centre)
    assert row.free == [["2027-01-01", "2027-01-03"], ["2027-02-06", "2027-02-12"]] and row.work == ["2027-01-09"]


def test_a_notice_is_refused_with_what_was_typed(world, client):
    client.force_login(world.centre)
    typed = client.post(URL, NOTICE | {"free": "2027-01-01至1月3日\n春节"})
    assert typed.status_code == 422
    assert "第1行：" in typed.content.decode() and "第2行：" in typed.content.decode()
    reversed_range = client.post(URL, NOTICE | {"free": "2027-01-03至2027-01-01"})
    assert reversed_range.status_code == 422 and "颠倒" in reversed_range.content.decode()
    assert not CalendarNotice.objects.filter(document=NOTICE["document"]).exists()
