"""The turn of a school year in the browser: taken back and run again, a teaching point hands on, an open suspension in the way, decided,
followed, confirmed.
"""

from playwright.sync_api import Page, expect

from tests.e2e.office import Office, notice, open_move

TURN, COUNTY = "/turn/2026/", "county_reviewer-622924"
OF_POINT, POINT, TAKER = "积石山县", "积石山县示例教学点", "积石山县示例小学"
"""A county with a teaching point, and the school that takes its last grade."""


def press(page: Page, link: str, button: str) -> str:
    """Open a deed of the turn and do it; what the next page says."""
    page.get_by_role("main").get_by_role("link", name=link).click()
    if (keep := page.get_by_label("这些学生保持现状")).count():
        keep.check()
    page.get_by_role("button", name=button).click()
    expect(page.locator("[data-notice]").first).to_be_visible()
    return notice(page)


def settled(office: Office, page: Page) -> None:
    """The worker is through; the overview afterwards."""
    expect(page.get_by_role("progressbar")).to_have_count(0)
    office.go(page, TURN)


def handed_on(office: Office, page: Page) -> list[str]:
    """Who goes on from the teaching point, as its page names them; the list of schools says where."""
    office.go(page, TURN)
    page.get_by_role("main").get_by_role("link", name=OF_POINT).click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=POINT))
    expect(row).to_contain_text(f"升入{TAKER}")
    row.get_by_role("link", name=POINT).click()
    rows = page.get_by_role("region", name="升入接收校").get_by_role("row").filter(has_text=TAKER)
    return rows.all_inner_texts()


def test_a_year_turn_with_an_open_suspension_in_the_way(office: Office):
    page = office.page("centre")
    office.go(page, TURN)
    expect(page.get_by_role("heading", level=1).locator("..")).to_contain_text("待确认")
    assert "已开始撤销" in press(page, "撤销…", "确认撤销")
    settled(office, page)
    page.get_by_role("link", name="未随班名单").click()
    row = page.get_by_role("row").filter(has_text="休学").filter(has_text="广河县").first
    expect(row).to_contain_text("有在办业务")
    name = row.get_by_role("rowheader").inner_text()
    request = row.get_by_role("link", name="休学").get_attribute("href")

    assert (going := handed_on(office, page))
    office.go(page, TURN)
    assert "已开始处理" in press(page, "开始处理…", "开始处理")
    settled(office, page)
    expect(page.get_by_role("heading", level=1).locator("..")).to_contain_text("待确认")
    assert handed_on(office, page) == going

    county = office.page(COUNTY)
    office.go(county, request)
    dialog = open_move(county, "不予休学")
    dialog.get_by_label("医院证明").check()
    dialog.get_by_label("说明").fill("诊断证明不属实")
    dialog.get_by_role("button", name="确认不予休学").click()
    expect(county.locator("[data-notice]").first).to_be_visible()
    office.go(county, TURN)
    county.get_by_role("link", name="未随班名单").click()
    expect(county.get_by_role("row").filter(has_text=name)).to_contain_text("可续办")
    county.get_by_role("button", name="全部续办").click()
    assert "已续办" in notice(county)

    office.go(page, TURN)
    assert "已确认，不能再撤销" in press(page, "确认…", "确认学年处理")
    expect(page.get_by_role("link", name="撤销…")).to_have_count(0)
