"""信息核查 to its end, the school on a phone: classes, a deviation, two signatures, the sample, the business that settles it."""

from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from tests.e2e.changes import CLEAR, JUNIOR, approved_by, begin, field, fill, save, upload_all
from tests.e2e.office import Office, decide, download, notice

PHONE = {"width": 390, "height": 844}
REGISTRAR, HEAD, COUNTY = f"registrar-{JUNIOR}", f"head-{JUNIOR}", "county_reviewer-622921"


def test_a_campaign_to_its_end(office: Office, pupils, pictures, tmp_path: Path):
    enrolment, name, _ = pupils["away"]
    phone = office.page(REGISTRAR)
    phone.set_viewport_size(PHONE)
    office.go(phone, "/verifications/")
    phone.get_by_role("main").get_by_role("link", name="新生注册后").click()
    school = phone.url.removeprefix(office.url)
    noted = False
    left = phone.locator("td.op a").filter(has_text="核查")
    while left.count():
        left.first.click()
        row = phone.get_by_role("link", name=f"登记差异 {name}")
        if row.count() and not noted:
            row.click()
            phone.get_by_label("学籍状态不符").check()
            field(phone, "实际状态").select_option("suspended")
            field(phone, "说明").fill("住院，家长已来校请假")
            phone.get_by_role("button", name="登记差异").click()
            assert f"已登记{name}" in notice(phone)
            phone.get_by_role("link", name=f"学籍状态不符 {name}").click()
            deviation = phone.url.removeprefix(office.url)
            expect(phone.get_by_role("heading", level=1)).to_contain_text(name)
            phone.go_back()
            noted = True
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        phone.get_by_role("button", name="确认本班").click()
        assert "已核查" in notice(phone)
        expect(phone.get_by_role("heading", name="各班")).to_be_visible()
    assert noted
    phone.get_by_role("button", name="提交校长").click()
    assert "已提交校长" in notice(phone)

    head = office.page(HEAD)
    head.set_viewport_size(PHONE)
    office.go(head, school)
    head.get_by_role("button", name="签字", exact=True).click()
    assert "本校核查完成" in notice(head)

    county = office.page(COUNTY)
    office.go(county, "/verifications/")
    county.get_by_role("main").get_by_role("link", name="新生注册后").click()
    campaign = county.url.removeprefix(office.url)
    county.get_by_role("link", name="抽查", exact=True).click()
    county.get_by_role("button", name="抽取名单").click()
    county.get_by_role("checkbox").first.check()
    county.get_by_role("button", name="登记所选学生核对一致").click()
    assert "已登记1人核对一致" in notice(county)

    page = office.page(REGISTRAR)
    office.go(page, deviation)
    expect(page.get_by_role("link", name="休学", exact=True)).to_be_visible()
    page.get_by_role("button", name="现在核对").click()
    assert "还没有变化" in notice(page)
    begin(office, page, enrolment, "休学")
    fill(page, 休学开始日期="2026-09-16", 休学结束日期="2027-07-09")
    field(page, "休学原因").select_option("illness")
    request = save(office, page)
    upload_all(page, pictures[CLEAR])
    decide(page, "提交", "确认提交")
    approved_by(office, request, HEAD, COUNTY)
    page = office.page(REGISTRAR)
    office.go(page, deviation)
    page.get_by_role("button", name="现在核对").click()
    assert "差异已消除" in notice(page)

    centre = office.page("centre")
    office.go(centre, campaign)
    centre.get_by_role("button", name="催办未完成学校").click()
    assert "已催办" in notice(centre)
    report = download(centre, "核查报告", tmp_path, "report.pdf")
    assert report.read_bytes().startswith(b"%PDF")
    book = openpyxl.load_workbook(download(centre, "导出Excel", tmp_path, "list.xlsx"))
    rows = list(book["核查差异"].iter_rows(min_row=3, values_only=True))
    assert [row[-1] for row in rows if row[2] == name and row[3] == "学籍状态不符"] == ["学籍已一致"]
    assert office.complaints == []
