"""A county school walks the whole chain in the browser: letter, send-back, strike-out, numbers, and both forms."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.office import PROOF, Office, decide, download, notice, open_move
from tests.e2e.paper import annex1_fields, annex2_head, cells_of, pdf_pages, types_of

SCHOOL, CODE, COUNTY, COUNTY_CODE = "广河县示例第一中学", "3462990006", "广河县", "622924"
PLAN, LISTED, GRADUATES, COUNTY_PLAN = 150, 146, 3127, 255
ACTUAL = LISTED - 1
"""One does not come."""
AGREED = ACTUAL - 1
"""One is struck out by the county, after the school has signed."""
NEW_NAME = "马更正"
ISSUERS = {
    "临夏市": "622901", "临夏县": "622921", "康乐县": "622922", "永靖县": "622923",
    "和政县": "622925", "东乡县": "622926", "积石山县": "622927",
}  # fmt: skip


def test_county_school(office: Office, tmp_path: Path):
    registrar = office.page(f"registrar-{CODE}")
    head = office.page(f"head-{CODE}")
    county = office.page(f"county_reviewer-{COUNTY_CODE}")

    batch = open_batch(office, registrar)
    mark(registrar)
    gone = no_show(registrar)
    ready = office.page(f"registrar-{CODE}")
    office.go(ready, batch)
    ready.get_by_role("link", name="提交…").click()
    student, issuer = another_name(office, registrar, batch)
    refused_for_want_of_a_letter(office, registrar, batch, ready)
    ask_for_letter(office, registrar, student)
    issue_letter(office, issuer)

    request = submit(office, registrar, batch)
    confirm(office, head, request)
    reason = "缺一名学生的监护人证明，请补传，9月19日前重新提交"
    office.go(county, request)
    assert "退回" in decide(county, "退回修改", "确认退回", note=reason)
    office.go(registrar, batch)
    expect(registrar.get_by_text(reason)).to_be_visible()
    submit(office, registrar, batch)
    confirm(office, head, request)

    struck = strike(office, county, request)
    decide_as_county(office, county, request)
    centre, province = office.page("centre"), office.page("province")
    for page, words in ((centre, "已上报省厅"), (province, "省厅已批复")):
        office.go(page, request)
        assert words in decide(page, "审核通过", "确认通过")

    numbers = [row[0] for row in issued(office, registrar, batch)]
    assert len(numbers) == AGREED
    assert [int(n) for n in numbers] == list(range(int(numbers[0]), int(numbers[0]) + AGREED))
    compare_forms(office, registrar, batch, numbers, tmp_path, absent=(gone, struck))


def open_batch(office: Office, page: Page) -> str:
    """The registrar finds this year's draft in the list; returns the address of its page."""
    office.go(page, "/")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="新生学籍注册").click()
    page.get_by_role("row").filter(has_text="草稿").get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026")
    return page.url.removeprefix(office.url)


def mark(page: Page) -> None:
    """All came."""
    page.get_by_role("button", name=f"全部登记为已报到（{LISTED}人）").click()
    assert notice(page) == f"已将{LISTED}名学生登记为已报到"


def no_show(page: Page) -> str:
    """But one, who is ticked in the list; returns the 准考证号."""
    row = page.locator("tbody tr").nth(11)
    number = row.locator("td.num").first.inner_text()
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="登记为未报到").click()
    assert notice(page) == "已将1名学生登记为未报到"
    return number


def another_name(office: Office, page: Page, batch: str) -> tuple[str, str]:
    """A student who sat the examination in another county has another name; returns the address and that county."""
    office.go(page, batch)
    for link in page.locator("tbody tr", has_text="已报到").locator("th a").all():
        student = link.get_attribute("href")
        found = re.search(r"录取名单的报名县市：(\S+?)教育局", page.request.get(office.url + student).text())
        if found and found[1] in ISSUERS:
            break
    office.go(page, student)
    page.get_by_label("姓名").fill(NEW_NAME)
    page.get_by_role("button", name="保存报到信息").click()
    expect(page.get_by_text("不一致，须更正便函")).to_be_visible()
    return student, found[1]


def refused_for_want_of_a_letter(office: Office, page: Page, batch: str, ready: Page) -> None:
    """The page says in the words of the rule why it cannot be submitted; a page opened before is refused with them."""
    office.go(page, batch)
    expect(page.get_by_role("link", name="提交…")).to_be_disabled()
    ready.get_by_role("button", name="确认提交").click()
    for words in (page.locator("#why-submit"), ready.get_by_role("alert")):
        expect(words).to_contain_text("与录取名单不一致")
        expect(words).to_contain_text("由学生中考报名所在县市教育局出具信息更正的便函进行更正")
    ready.context.close()


def ask_for_letter(office: Office, page: Page, student: str) -> None:
    """The registrar asks the county of exam registration."""
    office.go(page, student)
    page.get_by_label("申请说明").fill("以户口簿为准")
    page.get_by_role("button", name="申请更正便函").click()
    assert "申请更正便函" in notice(page)


def issue_letter(office: Office, issuer: str) -> None:
    """That county finds the letter and issues it, with its number and the copy of the proof."""
    page = office.page(f"county_reviewer-{ISSUERS[issuer]}")
    office.go(page, "/letters/")
    page.get_by_role("row").filter(has_text=SCHOOL).filter(has_text=NEW_NAME).get_by_role("link", name="出具").click()
    expect(page.get_by_text("学生页面")).to_have_count(0)
    page.get_by_label("便函编号").fill("临教函〔2026〕88号")
    page.get_by_role("button", name="出具更正便函").click()
    expect(page.get_by_role("alert")).to_contain_text("证明材料")
    page.get_by_label("便函编号").fill("临教函〔2026〕88号")
    page.get_by_label("证明材料").set_input_files(
        {"name": "户口簿.pdf", "mimeType": "application/pdf", "buffer": PROOF}
    )
    page.get_by_role("button", name="出具更正便函").click()
    assert notice(page) == "已出具更正便函"


def submit(office: Office, page: Page, batch: str) -> str:
    """The registrar submits; returns the address of the request."""
    office.go(page, batch)
    page.get_by_role("link", name="提交…").click()
    request = page.url.removeprefix(office.url).removesuffix("submit/")
    page.get_by_role("button", name="确认提交").click()
    assert "待校长确认" in notice(page)
    return request


def confirm(office: Office, page: Page, request: str) -> None:
    """The head signs for the school."""
    office.go(page, request)
    assert "待县级审批" in decide(page, "审核通过", "确认通过")


def strike(office: Office, page: Page, request: str) -> str:
    """The county strikes one student out, with clause and reason; returns the 准考证号."""
    office.go(page, request)
    row = page.get_by_role("table", name=re.compile("学号")).last.locator("tbody tr").nth(4)
    name, number = row.get_by_role("rowheader").inner_text(), row.locator("td.num").nth(1).inner_text()
    row.get_by_role("link", name="核减").click()
    page.get_by_label("依据").select_option("enrolment.no_show")
    page.get_by_label("核减理由").fill("经核实未到校就读")
    page.get_by_role("button", name="核减").click()
    assert notice(page).startswith(f"已核减{name}")
    return number


def decide_as_county(office: Office, page: Page, request: str) -> None:
    """The figures of the county's box; a number that is not that of the students is refused, what was typed stays."""
    office.go(page, request)
    dialog = open_move(page, "审核通过")
    dialog.get_by_label("初中毕业生总人数").fill(str(GRADUATES))
    expect(dialog.get_by_label("教育局下达普通高中招生计划")).to_have_value(str(COUNTY_PLAN))
    dialog.get_by_label("同意申请注册学籍人数").fill(str(ACTUAL))
    dialog.get_by_role("button", name="确认通过").click()
    expect(page.get_by_role("alert")).to_contain_text(f"同意注册人数{ACTUAL}超过申请人数{AGREED}，请改为{AGREED}")
    expect(page.get_by_label("初中毕业生总人数")).to_have_value(str(GRADUATES))
    page.get_by_label("同意申请注册学籍人数").fill(str(AGREED))
    page.get_by_role("button", name="确认通过").click()
    assert "待州级审核" in notice(page)


def issued(office: Office, page: Page, batch: str) -> list[tuple[str, str]]:
    """Number and name of every student who has one, ascending, read from the batch's pages."""
    found: list[tuple[str, str]] = []
    for number in (1, 2):
        office.go(page, f"{batch}?page={number}")
        for row in page.locator("tbody tr").all():
            cells = row.locator("td, th").all_inner_texts()
            digits = next((c.strip() for c in cells if re.fullmatch(r"\d{12}", c.strip())), "")
            if digits:
                found.append((digits, row.get_by_role("rowheader").inner_text()))
    return sorted(set(found))


def compare_forms(
    office: Office, page: Page, batch: str, numbers: list[str], folder: Path, absent: tuple[str, ...]
) -> None:
    """附件1 and 附件2 as downloaded, PDF and Excel, against the notice and against what was entered."""
    first, last = numbers[0], numbers[-1]
    signed_last = str(int(first) + ACTUAL - 1)
    fields = annex1_fields(
        year=2026, place=COUNTY, school=SCHOOL,
        values=[PLAN, ACTUAL, ACTUAL, first, signed_last, GRADUATES, COUNTY_PLAN, AGREED, AGREED, first, last],
    )  # fmt: skip
    office.go(page, f"{batch}annex1/")
    pages = pdf_pages(download(page, "导出PDF", folder, "annex1.pdf"))
    assert len(pages) == 1
    assert [field for field in fields if field not in pages[0]] == []
    cells = [cell for row in cells_of(download(page, "导出Excel", folder, "annex1.xlsx")) for cell in row]
    assert cells == fields

    office.go(page, f"{batch}annex2/")
    fields = annex2_head(year=2026, place="临夏州", unit=SCHOOL)
    heads = fields[3:12]
    pages = pdf_pages(download(page, "导出PDF", folder, "annex2.pdf"))
    for number, text in enumerate(pages, 1):
        assert "".join(heads) in text
        assert f"第{number}页，共{len(pages)}页" in text or f"第{number}页共{len(pages)}页" in text
    whole = "".join(pages)
    assert [field for field in fields if field not in whole] == []
    assert re.findall(rf"{first[:8]}\d{{4}}", whole) == numbers
    book = download(page, "导出Excel", folder, "annex2.xlsx")
    rows = cells_of(book)
    assert heads in rows
    people = [row for row in rows if row[0] in numbers]
    assert [row[0] for row in people] == numbers
    assert types_of(book, "学号") == {str} == types_of(book, "身份证号")
    assert NEW_NAME in [row[1] for row in people]
    assert not set(absent) & {row[2] for row in people}
    assert [row[2] for row in people] == sorted(row[2] for row in people)
    assert all(len(row[6]) == 18 and row[7] == SCHOOL for row in people)
