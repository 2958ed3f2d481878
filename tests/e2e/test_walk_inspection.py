"""专项督查 on a telephone: planned, seen on site while the line is missing, found, answered, not put right, 通报."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.office import Office, download, notice
from tests.e2e.paper import pdf_pages

PHONE = {"width": 390, "height": 844}
REVIEWER, CHIEF, HEAD = "county_reviewer-622924", "county_head-622924", "head-3462990006"
SCHOOL = "广河县示例第一中学"


def phone(office: Office, username: str, **options) -> Page:
    """A telephone on which somebody is signed in."""
    page = office.page(username, **options)
    page.set_viewport_size(PHONE)
    return page


def plan(office: Office, page: Page, title: str) -> str:
    """Plan a round of one school; path of its visit."""
    office.go(page, "/inspections/plan/")
    page.get_by_label("名称（必填）").fill(title)
    page.get_by_label("开始日期").fill("20260916")
    page.get_by_label("结束日期").fill("20260930")
    page.get_by_label("每校抽查班级数").fill("1")
    page.get_by_label("每班抽查学生数").fill("3")
    page.get_by_label("抽样种子").fill("42")
    page.get_by_label(SCHOOL).check()
    for box in page.get_by_role("group", name="检查组（本单位账号）").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="制定并抽样").click()
    assert "共抽取3名学生" in notice(page)
    page.get_by_role("rowheader").get_by_role("link", name=SCHOOL).click()
    return page.url.removeprefix(office.url)


def act(page: Page, words: str, choice: str = "") -> None:
    """Make a move about a finding."""
    if choice:
        page.get_by_label(choice, exact=True).check()
    page.locator("form[data-draft] textarea").fill(words)
    page.get_by_role("button", name="提交", exact=True).click()
    assert "已登记" in notice(page)


def test_an_inspection_to_its_end(office: Office, tmp_path: Path):
    page = phone(office, REVIEWER)
    visit = plan(office, page, "手机督查")
    page.get_by_role("button", name="开始检查").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("现场登记")
    boxes = page.locator("fieldset[data-student]")
    expect(boxes).to_have_count(3)
    names = [box.locator("b").first.inner_text() for box in boxes.all()]

    boxes.nth(0).locator("label.btn").first.click()
    expect(boxes.nth(0).locator("[data-state]")).to_have_text("已保存")

    # The line is gone: ticks and words are kept, and outlast the page.
    page.context.set_offline(True)
    boxes.nth(1).locator("label.btn").nth(1).click()
    boxes.nth(1).locator("input.in").fill("班主任称外出务工")
    boxes.nth(2).locator("label.btn").nth(2).click()
    expect(page.locator("[data-unsent]")).to_contain_text("2人未送出")
    expect(boxes.nth(1).locator("[data-state]")).to_have_text("未送出")
    kept = page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('inspection:')).length")
    assert kept == 2
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("[data-unsent]")).to_have_text("全部已保存")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('inspection:')).length") == 0
    # The page before may have sent them while this one was being made: then this one is of a moment before.
    page.reload()
    expect(boxes.nth(1).locator("input.in")).to_have_value("班主任称外出务工")
    expect(boxes.nth(1).get_by_label("不在")).to_be_checked()
    expect(boxes.nth(2).get_by_label("非本人")).to_be_checked()
    office.go(page, visit)
    expect(page.get_by_role("row").filter(has_text=names[1])).to_contain_text("班主任称外出务工")
    page.get_by_role("button", name="结束现场检查").click()
    assert "已结束" in notice(page)

    # A finding, half of it typed without a line.
    page.get_by_role("link", name="提出问题…").click()
    page.context.set_offline(True)
    page.get_by_label("问题（必填）").fill("学籍在册，学生不在校就读")
    page.get_by_role("button", name="提出问题").click()
    expect(page.get_by_text("没有网络，内容已保存在本机")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("问题（必填）")).to_have_value("学籍在册，学生不在校就读")
    page.get_by_role("button", name="提出问题").click()
    assert "已提出问题" in notice(page)
    page.get_by_role("rowheader").get_by_role("link", name="学籍在册").click()
    finding = page.url.removeprefix(office.url)

    head = phone(office, HEAD)
    office.go(head, finding)
    act(head, "情况属实，正在联系家长")
    act(head, "已通知返校")
    office.go(page, finding)
    act(page, "复查时仍未返校", "复查认定整改不到位")
    expect(page.get_by_role("main")).to_contain_text("整改不到位")

    chief = phone(office, CHIEF)
    office.go(chief, visit)
    chief.get_by_role("link", name="签发通报…").click()
    chief.get_by_label("文号").fill("广教发〔2026〕88号")
    chief.get_by_label("学籍在册，学生不在校就读").check()
    chief.get_by_label("责任追究意见").fill("责令限期整改，追究校长责任")
    chief.get_by_label("校长").first.check()
    chief.get_by_role("button", name="签发通报").click()
    assert "已签发" in notice(chief)
    office.go(head, visit)
    text = "".join(pdf_pages(download(head, "导出PDF", tmp_path, "notice.pdf")))
    assert "广教发〔2026〕88号" in text and "复查时仍未返校" in text and "校长" in text
    office.complaints[:] = [c for c in office.complaints if "ERR_INTERNET_DISCONNECTED" not in c]


def test_without_script_the_page_is_sent_whole(office: Office):
    planner = office.page(REVIEWER)
    visit = plan(office, planner, "无脚本督查")
    page = phone(office, REVIEWER, java_script_enabled=False)
    office.go(page, visit)
    page.get_by_role("button", name="开始检查").click()
    page.locator("fieldset[data-student]").first.wait_for()  # `all` takes what is there, and waits for nothing
    for box in page.locator("fieldset[data-student]").all():
        box.locator("label.btn").first.click()
    page.get_by_role("button", name="保存本页").click()
    assert "已登记3名学生" in notice(page)
