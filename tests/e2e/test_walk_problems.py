"""A 问题学籍 to each of its exits at the browser: proved right, corrected, deleted, not the same person."""

import re

from playwright.sync_api import Page, expect

from registry.problems.chapter import ONE, OTHER
from tests.e2e.changes import CLEAR, approved_by, field, fill, save, upload_all
from tests.e2e.office import Office, decide, notice

COUNTY = "622926"


def open_problem(office: Office, page: Page, kind: str, words: str) -> str:
    """From the list by kind, the first that names these words; its path."""
    office.go(page, f"/problems/?kind={kind}")
    row = page.get_by_role("table").locator("tbody tr").filter(has_text=words).first
    row.locator("th a").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page.url.removeprefix(office.url)


def apply(office: Office, page: Page, way: str, picture, **values: str) -> str:
    """From the problem, through the application and its papers, into the chain; the path of the request."""
    page.get_by_role("link", name=re.compile(f"^{way}：")).first.click()
    fill(page, **values)
    if way == "变更":
        field(page, "性别").select_option("2")
    request = save(office, page)
    upload_all(page, picture)
    decide(page, "提交", "确认提交")
    return request


def settled(office: Office, page: Page, problem: str, words: str) -> None:
    """How the problem stands in the end."""
    office.go(page, problem)
    expect(page.get_by_role("heading", level=1).locator("..")).to_contain_text(words)


def test_a_problem_to_each_of_its_exits(office: Office, pictures):
    page, people = office.page(f"registrar-{ONE}"), (f"head-{ONE}", f"county_reviewer-{COUNTY}")

    proved = open_problem(office, page, "bad_number", "马桂芳")
    request = apply(office, page, "佐证", pictures[CLEAR])
    office.go(page, proved)
    expect(page.get_by_role("main")).to_contain_text("办理中")
    approved_by(office, request, *people)
    settled(office, page, proved, "已佐证")

    mended = open_problem(office, page, "contradiction", "马小龙")
    approved_by(office, apply(office, page, "变更", pictures[CLEAR]), *people)
    settled(office, page, mended, "不再符合")

    doubled = open_problem(office, page, "namesake", "马玉兰")
    expect(page.get_by_role("main")).to_contain_text("他校学生只显示学校和县市")
    approved_by(office, apply(office, page, "删除", pictures[CLEAR]), *people)
    settled(office, page, doubled, "不再符合")
    expect(page.get_by_role("main")).to_contain_text("问题学籍删除办结")

    head = office.page(f"head-{OTHER}")
    open_problem(office, head, "namesake", "马秀花")
    field(head, "理由").fill("两家户口簿、监护人均不同")
    head.get_by_role("button", name="判定不是同一人").click()
    assert "已判定不是同一人" in notice(head)
    assert office.complaints == []
