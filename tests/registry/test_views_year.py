"""学年安排: everybody of their own organisation, nothing invented, terms entered by whoever keeps the calendar."""

from datetime import date

import pytest
from django.urls import reverse

from approvals.models import CalendarNotice, Term
from approvals.terms_entry import enter_terms
from linxia_xueji.enums import Role
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PROVINCE

URL = reverse("registry:year")
OF_2026 = reverse("registry:year_of", args=[2026])


def typed(world, **more) -> dict:
    return {
        "deed": "enter_terms", "organisation": world.organisation(COUNTY).pk, "season": "autumn", "stages": ["senior"],
        "starts_on": "2026.9.3", "ends_on": "20270115", "document_number": "广教发1号",
    } | more  # fmt: skip


def test_signed_out_goes_to_the_sign_in_page(db, client):
    assert client.get(URL).headers["Location"].startswith(reverse("login"))
    assert client.post(OF_2026).headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.REGISTRAR, COUNTY_SCHOOL), (Role.COUNTY_REVIEWER, COUNTY), (Role.ACCOUNT_ADMIN, PREFECTURE),
     (Role.AUDITOR, PREFECTURE), (Role.PROVINCE, PROVINCE)],
)  # fmt: skip
def test_everybody_reads_and_what_is_not_there_is_said(world, client, role, code):
    client.force_login(world.user(role, code))
    response = client.get(URL)
    text = response.content.decode()
    assert "2026–2027学年" in text and "2027年放假安排没有载入（待国务院办公厅公布）" in text
    assert "由州学管中心在工作日历载入" in text and "剩" in text
    assert response.context["terms_form"] is None and "登记学期" not in text
    assert ("春季学期没有登记起止日期" in text) == (code != PROVINCE)
    assert client.post(OF_2026, typed(world)).status_code == 404


def test_terms_windows_and_today(world, client):
    enter_terms(
        organisation=world.organisation(PREFECTURE), stages=["senior"], school_year=2026, season="autumn",
        starts_on=date(2026, 9, 3), ends_on=date(2027, 1, 15), document_number="临州教基发18号", by=world.centre,
    )  # fmt: skip
    client.force_login(world.registrar())
    text = client.get(OF_2026).content.decode()
    assert "临州教基发18号" in text and "今日可以申请" in text and "最后10个工作日" in text
    assert "2027年待公布" in text, "the window before the end of term is not counted"
    assert "国办发明电〔2025〕7号" in text and "9月30日前" in text


def test_a_year_without_any_calendar_and_one_out_of_reach(world, client):
    client.force_login(world.registrar())
    far = client.get(reverse("registry:year_of", args=[2031])).content.decode()
    assert "2031年放假安排没有载入" in far and "2032年放假安排没有载入" in far
    assert client.get(reverse("registry:year_of", args=[1999])).status_code == 404


def test_when_nothing_is_missing_it_says_so(world, client):
    CalendarNotice.objects.create(
        document="国办发明电〔2026〕9号", issued_on=world.day, year=2027, free=[["2027-01-01", "2027-01-03"]],
        recorded_at="2026-09-10T08:00:00+08:00",
    )  # fmt: skip
    world.plan(3)
    world.admit(3)
    for season, first, last in (("autumn", (2026, 9, 1), (2027, 1, 15)), ("spring", (2027, 3, 1), (2027, 7, 9))):
        enter_terms(
            organisation=world.organisation(PREFECTURE), stages=["senior"], school_year=2026, season=season,
            starts_on=date(*first), ends_on=date(*last), document_number="18号", by=world.centre,
        )  # fmt: skip
    client.force_login(world.registrar())
    response = client.get(OF_2026)
    assert response.context["missing"] == [] and "都已齐备" in response.content.decode()
    assert "3人" in response.content.decode()
    client.force_login(world.registrar(OTHER_SCHOOL))
    assert client.get(OF_2026).context["admissions"]["count"] == 0


def test_whoever_keeps_the_calendar_enters_and_takes_back(world, client):
    client.force_login(world.user(Role.COUNTY_HEAD, COUNTY))
    response = client.post(OF_2026, typed(world), follow=True)
    assert response.redirect_chain == [(OF_2026, 302)] and "学期已登记" in response.content.decode()
    term = Term.objects.get()
    assert (term.starts_on, term.ends_on) == (date(2026, 9, 3), date(2027, 1, 15))
    sent = {"deed": "revoke_term", "term": term.pk}
    assert client.post(OF_2026, sent).status_code == 422
    client.force_login(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    assert client.post(OF_2026, sent | {"document_number": "2号"}).status_code == 404, "no form: nothing of theirs"
    assert client.post(OF_2026, typed(world)).status_code == 422, "not a county of theirs"
    client.force_login(world.user(Role.COUNTY_HEAD, COUNTY))
    assert client.post(OF_2026, sent | {"document_number": "2号"}).status_code == 302
    term.refresh_from_db()
    assert term.revoked_document_number == "2号"


def test_a_refusal_keeps_what_was_typed(world, client):
    client.force_login(world.centre)
    response = client.post(OF_2026, typed(world, ends_on="20270901"))
    text = response.content.decode()
    assert response.status_code == 422 and "请核对学年和日期" in text and 'value="20270901"' in text
    faulty = client.post(OF_2026, typed(world, starts_on="九月"))
    assert faulty.status_code == 422 and "不是有效日期" in faulty.content.decode()
