"""Each role's morning: a full inbox, opened from the desk and emptied file by file without going back to it.

MORNING says how many files and accounts (4 here; bin/prove empties inboxes of twenty).
"""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.office import Office, notice, open_move

MANY = int(os.environ.get("MORNING", "4"))
SCHOOL, COUNTY = "3462990006", "622924"
"""广河县示例第一中学, whose numbers of last year are voided one by one."""
OTHER = "3462990005"
"""The school of the other county, whose head sends as many back."""
DESK = "/?kind=number_voiding"
PREPARE = f"""
from datetime import timedelta
from approvals.chain import advance
from linxia_xueji.access import make_post
from linxia_xueji.dates import now, today
from linxia_xueji.models import Appointment, Organisation, User
from registry.models import IssuedNumber
from registry.voiding import open_voiding

def voidings(school):
    registrar = User.objects.get(username=f"registrar-{{school}}")
    numbers = IssuedNumber.objects.filter(batch__school__code=school, voided_on=None).order_by("number")
    for number in numbers[:{MANY}]:
        request = open_voiding(number=number, reason="经核实为重复注册", by=registrar).request
        yield advance(request=request, move="submit", by=registrar)

def heads(school, move, note=""):
    head = User.objects.get(username=f"head-{{school}}")
    for request in voidings(school):
        advance(request=request, move=move, by=head, note=note)

def sleeper(n, office, long_ago):
    # Somebody appointed who has not signed in since.
    user = User.objects.create(username=f"sleeper-{{n}}", full_name=f"马{{chr(0x4E00 + n)}}")
    User.objects.filter(pk=user.pk).update(created_at=long_ago, last_login=long_ago)
    post = make_post(organisation=office, role="registrar", title=f"{{n}}")
    Appointment.objects.create(user=user, post=post, starts_on=today() - timedelta(days=300))

office = Organisation.objects.get(code="{OTHER}")
for n in range({MANY}):
    sleeper(n, office, now() - timedelta(days=200 + n))
heads("{SCHOOL}", "send_back", "请补盖学校公章")
heads("{OTHER}", "approve")
print(IssuedNumber.objects.filter(batch__school__code="{OTHER}").values_list("batch__school__parent__code", flat=True).first())
"""


@pytest.fixture(scope="module")
def other_county(portal) -> str:
    """Everybody has something to do; the county of the other school."""
    return portal.manage("shell", "-v", "0", "-c", PREPARE).stdout.strip()


def morning(office: Office, username: str, deed: Callable[[Page], None]) -> Page:
    """Open the first from the desk; each deed leads to the next file, the last one back to an empty desk."""
    page = office.page(username)
    office.go(page, DESK)
    expect(page.get_by_role("rowheader")).to_have_count(MANY)
    page.get_by_role("rowheader").get_by_role("link").first.click()
    heading = page.get_by_role("heading", level=1)
    for _ in range(MANY):
        expect(heading).to_contain_text("作废学号")
        subject = heading.inner_text()
        with page.expect_navigation():
            deed(page)
        expect(heading).not_to_have_text(subject)
    expect(heading).to_have_text("待办")
    office.go(page, DESK)
    expect(page.get_by_role("rowheader")).to_have_count(0)
    return page


def deed(label: str, confirm: str, phrase: str = "") -> Callable[[Page], None]:
    """One decision in its dialog, the opinion taken from the office's 常用语 where one is named."""

    def take(page: Page) -> None:
        dialog = open_move(page, label)
        if phrase:
            dialog.get_by_role("button", name=phrase).click()
        dialog.get_by_role("button", name=confirm).click()

    return take


def test_files_from_the_registrar_to_the_province(other_county: str, office: Office):
    """The school resubmits what its head sent back; each level above empties its desk; another county sends back."""
    approve = deed("审核通过", "确认通过")
    morning(office, f"registrar-{SCHOOL}", deed("提交", "确认提交"))
    for username in (f"head-{SCHOOL}", f"county_reviewer-{COUNTY}", "centre", "province"):
        morning(office, username, approve)
    morning(office, f"county_head-{other_county}", deed("退回修改", "确认退回", "请补盖学校公章"))

    province = office.page("province")
    office.go(province, "/done/?since=month")
    expect(province.get_by_role("rowheader").filter(has_text="作废学号")).to_have_count(MANY)
    auditor = office.page("auditor")
    office.go(auditor, "/trail/")
    expect(auditor.get_by_role("main")).to_contain_text("审核通过")


def test_accounts_of_the_account_administrator(other_county: str, office: Office):
    """From the desk to the accounts nobody used: each sealed with its reason; then a post handed over to somebody new."""
    page = office.page("account_admin")
    office.go(page, "/")
    page.get_by_role("link", name="查看账号").click()
    rows = page.get_by_role("table").locator("tbody tr").filter(has_text="sleeper-")
    for left in range(MANY, 0, -1):
        expect(rows).to_have_count(left)
        rows.first.get_by_role("link", name="封存…").click()
        page.get_by_label("理由").fill("超过90日未登录，经核实不再使用")
        page.get_by_role("button", name="确认封存账号").click()
        assert "账号已封存" in notice(page)
        if left > 1:
            page.get_by_role("link", name="人员与岗位").last.click()
            page.get_by_role("link", name="长期未登录").click()
    page.get_by_role("main").get_by_role("row").filter(has_text="学籍管理员").get_by_role("link").first.click()
    page.get_by_role("link", name="交接…").click()
    page.get_by_label("姓名").fill("马新")
    page.get_by_label("文号").fill("示教任〔2026〕9号")
    page.get_by_role("button", name="确认交接").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("初始密码")
