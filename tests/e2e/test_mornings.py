"""Each role's morning: an inbox of twenty, opened from the desk and emptied file by file without going back to it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.office import Office, open_move

TWENTY = 20
SCHOOL, COUNTY = "3462990006", "622924"
"""广河县示例第一中学, whose numbers of last year are voided one by one."""
OTHER = "3462990005"
"""The school of the other county, whose head sends twenty back."""
DESK = "/?kind=number_voiding"
PREPARE = f"""
from approvals.chain import advance
from linxia_xueji.models import User
from registry.models import IssuedNumber
from registry.voiding import open_voiding

def voidings(school):
    registrar = User.objects.get(username=f"registrar-{{school}}")
    numbers = IssuedNumber.objects.filter(batch__school__code=school, voided_on=None).order_by("number")
    for number in numbers[:{TWENTY}]:
        request = open_voiding(number=number, reason="经核实为重复注册", by=registrar).request
        yield advance(request=request, move="submit", by=registrar)

def heads(school, move, note=""):
    head = User.objects.get(username=f"head-{{school}}")
    for request in voidings(school):
        advance(request=request, move=move, by=head, note=note)

heads("{SCHOOL}", "send_back", "请补盖学校公章")
heads("{OTHER}", "approve")
print(IssuedNumber.objects.filter(batch__school__code="{OTHER}").values_list("batch__school__parent__code", flat=True).first())
"""


def morning(office: Office, username: str, deed: Callable[[Page], None]) -> Page:
    """Open the first of twenty from the desk; each deed leads to the next file, the last one back to an empty desk."""
    page = office.page(username)
    office.go(page, DESK)
    expect(page.get_by_role("rowheader")).to_have_count(TWENTY)
    page.get_by_role("rowheader").get_by_role("link").first.click()
    for _ in range(TWENTY):
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text("作废学号")
        subject = heading.inner_text()
        deed(page)
        expect(heading).not_to_have_text(subject)
    expect(page.get_by_role("heading", level=1)).to_have_text("待办")
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


def test_twenty_files_from_the_registrar_to_the_province(portal, office: Office):
    """The school resubmits what its head sent back; each level above empties its desk; another county sends back."""
    other_county = portal.manage("shell", "-v", "0", "-c", PREPARE).stdout.strip()
    approve = deed("审核通过", "确认通过")
    morning(office, f"registrar-{SCHOOL}", deed("提交", "确认提交"))
    for username in (f"head-{SCHOOL}", f"county_reviewer-{COUNTY}", "centre", "province"):
        morning(office, username, approve)
    morning(office, f"county_head-{other_county}", deed("退回修改", "确认退回", "请补盖学校公章"))

    province = office.page("province")
    office.go(province, "/done/?since=month")
    expect(province.get_by_role("rowheader").filter(has_text="作废学号")).to_have_count(TWENTY)
    auditor = office.page("auditor")
    office.go(auditor, "/trail/")
    expect(auditor.get_by_role("main")).to_contain_text("审核通过")
