"""What one may do is asked at the click: a grant or an appointment that ended while the page was open closes it."""

import pytest
from playwright.sync_api import expect

from tests.e2e.office import Office, decide, open_move

REVIEWER, COUNTY = "county_reviewer-622927", "622927"
"""The reviewer of 积石山县, where a batch waits for the county."""

GRANT = """
from linxia_xueji.access import {deed}
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation, Post
post = Post.objects.get(organisation__code="{county}", role="county_reviewer")
{deed}(post=post, permission=Permission.DECIDE_AS_COUNTY, organisation=post.organisation)
"""
APPOINTMENT = """
from datetime import date
from linxia_xueji.models import Appointment
Appointment.objects.filter(user__username="{reviewer}").update(ends_on={day})
"""
TAKEN = {"the grant is revoked": GRANT.format(deed="revoke", county=COUNTY),
         "the appointment has ended": APPOINTMENT.format(reviewer=REVIEWER, day="date(2026, 9, 15)")}  # fmt: skip
GIVEN_BACK = {"the grant is revoked": GRANT.format(deed="grant", county=COUNTY),
              "the appointment has ended": APPOINTMENT.format(reviewer=REVIEWER, day="None")}  # fmt: skip


@pytest.mark.parametrize("what", TAKEN)
def test_the_next_click_is_refused(portal, office: Office, what: str):
    page = office.page(REVIEWER)
    office.go(page, "/")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    request = page.url.removeprefix(office.url)
    dialog = open_move(page, "退回修改")
    dialog.get_by_label("说明").fill("请补盖学校公章")
    portal.manage("shell", "-c", TAKEN[what])
    try:
        dialog.get_by_role("button", name="确认退回").click()
        if what == "the grant is revoked":
            expect(page.get_by_role("alert")).to_contain_text("现由积石山县教育局办理（县级审批）")
            expect(page.get_by_role("textbox", name="说明")).to_have_value("请补盖学校公章")
        else:
            expect(page.get_by_role("heading", level=1)).to_have_text("找不到页面")
        auditor = office.page("auditor")
        office.go(auditor, request)
        expect(auditor.get_by_text("待县级审批")).not_to_have_count(0)
    finally:
        portal.manage("shell", "-c", GIVEN_BACK[what])
    if what == "the appointment has ended":
        office.go(page, request)
        assert "退回待修改" in decide(page, "退回修改", "确认退回", note="请补盖学校公章")
