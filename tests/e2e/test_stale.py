"""Two at one decision, two clicks on one button, and a page from the browser's memory: one effect, and words for it."""

from playwright.sync_api import Page, expect

from tests.e2e.office import Office, notice, open_move

REVIEWER, COUNTY_HEAD = "county_reviewer-622922", "county_head-622922"
"""Two people of 康乐县, where a batch waits for the county."""


def only_request(office: Office, page: Page) -> str:
    """Open the first file of the desk and wait until it is all there, for what is counted next; returns its address."""
    office.go(page, "/")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="审核操作")).to_be_visible()
    return page.url.removeprefix(office.url)


def test_the_second_of_two_is_told_who_was_first(office: Office):
    first, second = office.page(REVIEWER), office.page(COUNTY_HEAD)
    request = only_request(office, first)
    for page in (first, second):
        office.go(page, request)
        open_move(page, "审核通过").get_by_label("初中毕业生总人数").fill("2801")
    first.get_by_role("button", name="确认通过").click()
    assert "待州级审核" in notice(first)
    second.get_by_role("button", name="确认通过").click()
    expect(second.locator("[data-notice]")).to_be_visible()
    name = first.locator(".me").inner_text().split()[-1]
    assert name in notice(second) and "审核通过" in notice(second) and "未生效" in notice(second)
    assert second.url.removeprefix(office.url) == request
    expect(second.locator("ol.tl").get_by_text("审核通过")).to_have_count(2)


def test_a_double_click_has_one_effect_and_going_back_another_none(office: Office):
    page = office.page("centre")
    request = only_request(office, page)
    before = page.locator("ol.tl > li:not(.now)").count()
    dialog = open_move(page, "审核通过")
    dialog.get_by_role("button", name="确认通过").dblclick()
    expect(page.locator("[data-notice]").first).to_be_visible()
    assert "审核通过" in notice(page)
    office.go(page, request)
    expect(page.locator("ol.tl > li:not(.now)")).to_have_count(before + 1)

    other = only_request(office, page)
    assert other != request
    tab = office.page("centre")
    for place in (tab, page):
        office.go(place, f"{other}send_back/")
        place.get_by_role("textbox", name="说明").fill("请补盖学校公章")
    page.get_by_role("button", name="确认退回").click()
    assert "退回待修改" in notice(page)
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text("不能退回修改")
    expect(page.get_by_role("button", name="确认退回")).to_have_count(0)
    tab.get_by_role("button", name="确认退回").click()
    assert "已办理" in notice(tab)
    office.go(page, other)
    expect(page.locator("ol.tl").get_by_text("请补盖学校公章")).to_have_count(1)
