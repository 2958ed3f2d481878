"""转学办理期 by document, and what the pages say while the national system stands still."""

from datetime import date

import pytest
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.models import PolicyValue, TrailEntry
from linxia_xueji.refusal import Refusal
from tests.transfers.support import APPLIED, suspension, through
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, PREFECTURE
from transfers.models import EnteredWindow
from transfers.terms import windows_entered
from transfers.windows import enter_window

WINDOWS, YEAR = reverse("transfers:windows"), reverse("registry:year")
NATIONAL, CHANGES = reverse("transfers:nationals"), reverse("transfers:changes")


def typed(world, **other) -> dict:
    return {
        "organisation": world.organisation(COUNTY).pk, "stages": ["junior", "senior"], "first": "20271101", "last": "2027-11-12",
        "document_number": "广教发〔2027〕5号",
    } | other  # fmt: skip


def test_signed_out_goes_to_the_sign_in_page(world, client):
    assert client.get(WINDOWS).url.startswith("/login/") and client.post(WINDOWS, typed(world)).url.startswith(
        "/login/"
    )


@pytest.mark.parametrize(("role", "code"), [(Role.REGISTRAR, COUNTY_SCHOOL), (Role.COUNTY_REVIEWER, COUNTY)])
def test_who_keeps_no_calendar_only_reads(world, client, role, code):
    client.force_login(world.user(role, code))
    assert "登记办理期" not in client.get(WINDOWS).content.decode()
    assert client.post(WINDOWS, typed(world)).status_code == 404
    assert not EnteredWindow.objects.exists()


def test_another_county_cannot_name_this_one(world, client):
    client.force_login(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    assert client.post(WINDOWS, typed(world)).status_code == 422 and not EnteredWindow.objects.exists()
    with pytest.raises(Refusal, match="由其主管部门登记"):
        enter_window(
            organisation=world.organisation(COUNTY), stages=["junior"], first=world.day, last=world.day, document_number="x",
            by=world.user(Role.COUNTY_HEAD, OTHER_COUNTY),
        )  # fmt: skip


def test_it_is_entered_with_its_document_and_counts_for_the_schools(world, client):
    client.force_login(world.user(Role.COUNTY_HEAD, COUNTY))
    page = client.post(WINDOWS, typed(world), follow=True).content.decode()
    assert "已登记广河县" in page and "未开始" in page and page.count("广教发〔2027〕5号") == 2
    school = world.organisation(COUNTY_SCHOOL)
    assert windows_entered(school, "senior", APPLIED) == ((date(2027, 11, 1), date(2027, 11, 12)),)
    assert windows_entered(school, "primary", APPLIED) == ()
    assert TrailEntry.objects.filter(action="登记转学办理期").count() == 2
    client.force_login(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    assert "广教发" not in client.get(WINDOWS).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"last": "2027-10-31"}, "最后一天早于第一天"),
        ({"last": "2028-11-12"}, "不超过183天"),
        ({"document_number": " "}, "文号"),
        ({"stages": []}, "学段"),
    ],
)
def test_what_is_no_window_is_refused(world, client, wrong, sentence):
    client.force_login(world.centre)
    answer = client.post(WINDOWS, typed(world) | wrong)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not EnteredWindow.objects.exists()


def test_the_year_and_the_windows_lead_to_each_other(world, client):
    client.force_login(world.registrar())
    assert WINDOWS in client.get(YEAR).content.decode() and YEAR in client.get(WINDOWS).content.decode()


@pytest.mark.parametrize(
    ("value", "day", "said"),
    [("7-8", date(2026, 8, 31), True), ("7-8", date(2026, 9, 1), False), ("none", date(2026, 7, 1), False)],
)
def test_the_summer_stop_is_said_while_it_lasts(world, client, settings, value, day, said):
    request = through(world, suspension(world), steps=0)
    PolicyValue.objects.create(
        organisation=world.organisation(PREFECTURE), key="national.freeze", value=value, effective_from=date(2026, 1, 1),
        document_number="x", entered_by=world.centre,
    )  # fmt: skip
    settings.DEMO_TODAY = day
    client.force_login(world.head())
    pages = (NATIONAL, CHANGES, reverse("approvals:request", args=[request.pk]))
    assert [("停办学籍异动" in client.get(page).content.decode()) for page in pages] == [said] * 3
