"""小学一年级新生 in the browser: a deferral, a no-show urged until the letter to the township, and the county's decision."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.office import PROOF, Office, decide, download, notice
from tests.registry.entry.children import number

SCHOOL, COUNTY = "2162990003", "622926"
"""东乡县示例小学 of the demonstration: people, and no list yet."""
CHILDREN = {"马小明": 11, "马小兰": 12, "马小龙": 13}


def field(page: Page, label: str):
    """The control whose label begins with these words."""
    return page.get_by_label(re.compile(f"^{label}")).and_(page.locator("input, select, textarea"))


def opened(office: Office, page: Page, batch: str, name: str) -> Page:
    """The page of one child, from the list."""
    office.go(page, batch)
    page.get_by_role("rowheader", name=name).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page


def urge(page: Page, day: str, said: str) -> None:
    """One time, on a day."""
    for label, value in (("督促日期", day), ("督促人", "马老师"), ("对象", "祖母"), ("情况", said)):
        field(page, label).fill(value)
    page.get_by_role("button", name="登记督促").click()
    expect(page.locator("[data-notice]").first).to_contain_text("已登记督促记录")


def test_a_list_of_grade_one_from_the_first_child_to_the_county(office: Office, tmp_path: Path):
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(PROOF)
    page = office.page(f"registrar-{SCHOOL}")
    office.go(page, "/entry/")
    page.get_by_role("button", name="新建2026年小学一年级批次").click()
    batch = page.url.removeprefix(office.url)
    page.get_by_role("link", name="录入学生…").click()
    for name, serial in CHILDREN.items():
        for label, value in (("姓名", name), ("证件号码", number(serial)), ("乡镇", "锁南镇")):
            field(page, label).fill(value)
        field(page, "民族").select_option("26")
        page.get_by_role("button", name="保存并录入下一个").click()
        assert f"已录入{name}" in notice(page)

    opened(office, page, batch, "马小兰")
    for label, value in (
        ("申请人", "马国强"),
        ("申请日期", "2026-09-15"),
        ("原因", "住院"),
        ("返校入学日期", "2026-10-20"),
    ):
        field(page, label).fill(value)
    field(page, "证明材料").set_input_files(proof)
    page.get_by_role("button", name="登记申请").click()
    assert "待东乡县教育局决定" in notice(page)
    opened(office, page, batch, "马小龙").get_by_role("button", name="登记为未报到").click()
    urge(page, "2026-09-14", "电话无人接听")
    urge(page, "2026-09-15", "祖母称随父母在外地")
    field(page, "乡镇人民政府或街道办事处").fill("东乡族自治县锁南镇人民政府")
    field(page, "文号").fill("校函〔2026〕1号")
    page.get_by_role("button", name="出具提请责令入学函").click()
    assert "导出PDF" in notice(page)
    assert download(page, "导出函件PDF", tmp_path, "letter.pdf").read_bytes().startswith(b"%PDF")

    office.go(page, batch)
    page.get_by_role("button", name="全部登记为已报到（1人）").click()
    request = page.get_by_role("link", name="办理情况").get_attribute("href")
    page.get_by_role("link", name="提交…").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.locator("[data-notice]").first).to_be_visible()
    head = office.page(f"head-{SCHOOL}")
    office.go(head, request)
    decide(head, "审核通过", "确认通过")

    county = office.page(f"county_reviewer-{COUNTY}")
    office.go(county, request)
    expect(county.get_by_role("region", name="审核操作")).to_contain_text("1件延缓入学申请尚未决定")
    office.go(county, "/entry/deferrals/")
    county.get_by_role("link", name="马小兰", exact=True).click()
    county.get_by_role("button", name="同意延缓").click()
    assert "已同意" in notice(county)
    office.go(county, request)
    decide(county, "审核通过", "确认通过")
    office.go(county, batch)
    for words in ("人已注册", "人延缓入学", "人已提请责令"):
        expect(county.get_by_role("link", name=f"1{words}")).to_be_visible()
    office.go(county, "/entry/urging/")
    expect(county.get_by_role("rowheader", name="马小龙")).to_be_visible()
