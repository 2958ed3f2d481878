"""Every page for every role: axe finds nothing, nothing scrolls sideways, the browser has nothing to complain about."""

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, expect

from tests.e2e.office import Office, notice
from tests.e2e.pages import ALL, ROLES, Survey

LIST = Path(__file__).resolve().parents[1] / "registry" / "data" / "admissions-2022.xlsx"
DESK, PHONE, NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}, {"width": 320, "height": 640}
AXE = AXE_FILE_PATH.read_text()
VIOLATIONS = """([around, rules, colours]) => axe.run(around ? {include: [around]} : document,
  {resultTypes: ["violations"], rules: {"color-contrast": {enabled: colours}}, ...(rules.length ? {runOnly: {type: "rule", values: rules}} : {})}).then(
  told => told.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join("; ")))"""
OF_WIDTH = ["target-size", "scrollable-region-focusable", "aria-hidden-focus"]
"""The rules whose answer hangs on the width: on the phone these, of a page that axe has looked through whole at the desk's width."""
TWICE = """() => {
  const met = new Set(), twice = new Set();
  document.querySelectorAll("[id]").forEach(e => met.has(e.id) ? twice.add(e.id) : met.add(e.id));
  return [...twice];
}"""
THIN = """() => {
  const told = ["class", "role", "type", "scope", "data-dlg"];
  const value = a => told.includes(a.name) || a.name.startsWith("aria-") && !/\\d/.test(a.value) ? a.value : !a.value;
  const shape = e => e.tagName + [...e.attributes].map(a => a.name + value(a)).sort()
    + !e.textContent.trim() + "(" + [...e.children].map(shape) + ")";
  for (const list of document.querySelectorAll("tbody, ul, ol, select")) {
    const met = {};
    for (const part of [...list.children]) {
      const form = shape(part);
      met[form] = (met[form] || 0) + 1;
      if (met[form] > 2) part.remove();
    }
  }
}"""
"""Of rows, items and choices built alike two stay: axe asks how they are built, and says no more of a hundred."""


def violations(page: Page, around: str = "", rules: list[str] | None = None, colours: bool = True) -> list[str]:
    """What axe finds on the page as it stands, or within the part that a selector names; by all rules, or by these.

    :param colours: compare the colours too, which takes three quarters of axe's time.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    width = page.viewport_size["width"]
    return [f"{width} {page.url} {item}" for item in page.evaluate(VIOLATIONS, [around, rules or [], colours])]


def sideways(page: Page) -> list[str]:
    """Whether the page as it stands is wider than its window."""
    width, window = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"]
    return [f"{window} {page.url} is {width} wide"] if width > window else []


def faults(page: Page, *, whole: bool = True, colours: bool = True) -> list[str]:
    """What is wrong with the page as it stands; it is left at the desk's width, of its long lists the first of each kind.

    :param whole: ask axe on the phone too.
    :param colours: compare the colours; not needed where every part of the page was compared on others.
    """
    found = [f"{page.url} has #{name} twice" for name in page.evaluate(TWICE)]
    for size in (NARROW, PHONE, DESK):
        page.set_viewport_size(size)
        found += sideways(page)
    page.evaluate(THIN)
    found += violations(page, colours=colours)
    if whole:
        page.set_viewport_size(PHONE)
        found += violations(page, rules=OF_WIDTH)
        page.set_viewport_size(DESK)
    return found


def dialog_faults(page: Page) -> list[str]:
    """What is wrong with the open dialog; what lies behind it has been looked at."""
    found = violations(page, "dialog[open]")
    for size in (NARROW, PHONE, DESK):
        page.set_viewport_size(size)
        found += sideways(page)
    return found


@pytest.fixture(scope="module")
def survey_parts() -> dict[str, set[str]]:
    """What pages were made of that have been looked at, over all roles."""
    return {}


@pytest.fixture(scope="module")
def dialogs() -> set[str]:
    """The dialogs that have been looked at."""
    return set()


@pytest.mark.parametrize("username", ROLES)
def test_pages(office: Office, survey_parts: dict[str, set[str]], dialogs: set[str], username: str):
    page = office.page(username)
    if username == "centre":
        _upload(office, page)
    survey, found = Survey(office, survey_parts), []
    for path, first, new in survey.pages_of(page):
        office.go(page, path)
        found += faults(page, whole=first, colours=new or ALL)
        for opener in page.locator("[data-dlg]:visible").all():
            if (name := opener.get_attribute("data-dlg")) not in dialogs:
                dialogs.add(name)
                opener.click()
                found += dialog_faults(page)
                page.keyboard.press("Escape")
    assert not found, "\n".join(found)
    assert {path: status for path, status in survey.statuses.items() if status != 200} == {}


def _upload(office: Office, page: Page) -> None:
    office.go(page, "/admissions/")
    page.get_by_label("招生年份").fill("2022")
    page.locator("input[type=file]").set_input_files(LIST)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name="错误行")).to_be_visible(timeout=60_000)


def test_pages_of_strangers_and_of_errors(office: Office):
    page, found = office.page(), []
    for path, status in (("/login/", 200), ("/batches/", 200), ("/nothing/here/", 404)):
        response = office.go(page, path)
        assert response.status == status
        found += faults(page)
    office.go(page, "/login/")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_focused()
    found += faults(page)
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(e => e.remove())")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("登录")
    found += faults(page)
    assert not found, "\n".join(found)


def test_answers_to_forms(office: Office):
    """Search results, a student with whole numbers, and forms with errors."""
    page, found = office.page("centre"), []
    for term in ("马", "ZC-622922", "没有这样的人"):
        office.go(page, "/")
        page.get_by_role("searchbox").fill(term)
        page.get_by_role("search").get_by_role("button", name="查找").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("查找结果")
        found += faults(page)
    office.go(page, "/plans/")
    page.get_by_role("button", name="下达计划").click()
    found += faults(page)
    office.go(page, "/admissions/")
    page.get_by_role("button", name="上传并检查").click()
    found += faults(page)
    page = office.page("registrar-3462990006")
    office.go(page, "/batches/")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.locator("tbody th a").first.click()
    page.get_by_role("button", name="显示完整身份证号").click()
    expect(page.get_by_text("已记入操作留痕")).to_be_visible()
    found += faults(page)
    page.get_by_role("button", name="保存并送校长同意").click()
    found += faults(page)
    assert not found, "\n".join(found)


def test_large_type(office: Office):
    """大字 is kept for the person and breaks no page."""
    page, found = office.page("head-3462990002"), []
    office.go(page, "/")
    for pressed in ("true", "false"):
        page.get_by_role("button", name="大字").click()
        expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", pressed)
        found += faults(page)
    assert not found, "\n".join(found)


def test_what_is_folded_stands_open_on_paper(office: Office):
    """The rules that were met, and older entries: a browser of the offices does not unfold them by the style sheet."""
    page = office.page("county_reviewer-622924")
    office.go(page, "/")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    folded = page.locator("main details[data-paper]")
    expect(folded.first).not_to_have_attribute("open", "")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == page.locator("main details[data-paper][open]").count() > 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("main details[data-paper][open]")).to_have_count(0)


def test_without_javascript(office: Office):
    """Sign in, desk, request, one decision on its own page; every place of the frame answers."""
    page = office.page(java_script_enabled=False)
    office.sign_in(page, "head-3462990002")
    for link in page.get_by_role("navigation", name="主导航").get_by_role("link").all():
        assert page.request.get(office.url + link.get_attribute("href")).status == 200
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("region", name="审核操作").get_by_role("link", name="审核通过…").click()
    assert page.url.endswith("/approve/")
    page.get_by_role("button", name="确认通过").click()
    assert "待县级审批" in notice(page)


def test_a_blocked_action_says_why(office: Office):
    """It stays in reach of the keyboard and explains itself."""
    page = office.page("registrar-3462990007")
    office.go(page, "/batches/")
    page.get_by_role("row").filter(has_text="草稿").get_by_role("rowheader").get_by_role("link").click()
    page.get_by_role("link", name="提交…").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#why-submit")).to_contain_text("暂不能提交")
