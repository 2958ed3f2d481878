"""临夏中学 has no county step; a plan one seat too small stops the batch until the centre amends it in the browser."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.office import Office, decide, download, notice
from tests.e2e.paper import annex1_fields, annex2_head, bare, cells_of, pdf_pages

SCHOOL, CODE = "临夏中学", "3462900001"
STUDENTS, TOO_SMALL, ENOUGH = 182, 181, 185


def test_prefecture_school_over_the_plan(office: Office, tmp_path: Path):
    centre, registrar = office.page("centre"), office.page(f"registrar-{CODE}")
    issue_plan(office, centre, TOO_SMALL, "临州教发〔2026〕41号")
    batch = open_batch(office, registrar)
    registrar.get_by_role("button", name=f"全部登记为已报到（{STUDENTS}人）").click()
    expect(registrar.get_by_text(f"招生计划{TOO_SMALL}人（临州教发〔2026〕41号）")).to_be_visible()
    expect(registrar.get_by_role("link", name="提交…")).to_be_disabled()
    request = registrar.get_by_role("link", name="办理情况").get_attribute("href")
    office.go(registrar, f"{request}submit/")
    expect(registrar.get_by_role("button", name="确认提交")).to_have_count(0)
    for words in ("计划外不招一名学生、计划外不建一个学籍", f"计划{TOO_SMALL}人，此前已占{TOO_SMALL}人"):
        expect(registrar.get_by_role("main")).to_contain_text(words)

    issue_plan(office, centre, ENOUGH, "临州教发〔2026〕47号")
    office.go(registrar, f"{request}submit/")
    registrar.get_by_role("button", name="确认提交").click()
    assert "待校长确认" in notice(registrar)
    cut_below_what_is_submitted(office, centre)

    people = [(f"head-{CODE}", "待州级审核"), ("centre", "已上报省厅"), ("province", "省厅已批复")]
    for username, words in people:
        page = office.page(username)
        office.go(page, request)
        expect(page.get_by_text("县级审批")).to_have_count(0)
        assert words in decide(page, "审核通过", "确认通过")
    compare_forms(office, registrar, batch, tmp_path)


def open_batch(office: Office, page: Page) -> str:
    """This year's draft; returns the address of its page."""
    office.go(page, "/batches/")
    page.get_by_role("row").filter(has_text="草稿").get_by_role("rowheader").get_by_role("link").click()
    return page.url.removeprefix(office.url)


def issue_plan(office: Office, page: Page, count: int, document: str) -> None:
    """The centre issues or amends the plan."""
    fill_plan(office, page, count, document)
    assert notice(page) == f"已下达{SCHOOL}2026年招生计划{count}人"


def fill_plan(office: Office, page: Page, count: int, document: str) -> None:
    """The form of the plans, filled in and sent."""
    office.go(page, "/plans/?year=2026")
    page.get_by_label("学校", exact=False).first.select_option(label=SCHOOL)
    page.get_by_label("计划人数").fill(str(count))
    page.get_by_label("文号").fill(document)
    page.get_by_label("下达日期").fill("20260916")
    page.get_by_role("button", name="下达计划").click()


def cut_below_what_is_submitted(office: Office, page: Page) -> None:
    """A plan below the seats held is refused with the list, and what was typed stays."""
    fill_plan(office, page, 100, "临州教发〔2026〕50号")
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text(str(STUDENTS))
    expect(refusal).to_contain_text("ZC-622901-2026-0001")
    expect(page.get_by_label("文号")).to_have_value("临州教发〔2026〕50号")


def compare_forms(office: Office, page: Page, batch: str, folder: Path) -> None:
    """Heading 临夏州直属, the county's box blank, the rest as entered."""
    office.go(page, f"{batch}annex1/")
    expect(page.get_by_role("main")).to_contain_text("临夏州直属")
    book = cells_of(download(page, "导出Excel", folder, "annex1.xlsx"))
    text = pdf_pages(download(page, "导出PDF", folder, "annex1.pdf"))
    office.go(page, f"{batch}annex2/")
    rows = cells_of(download(page, "导出Excel", folder, "annex2.xlsx"))
    people = [row[0] for row in rows if row[0].isdigit()]
    assert [int(n) for n in people] == list(range(int(people[0]), int(people[0]) + STUDENTS))
    fields = annex1_fields(
        year=2026, place="临夏州直属", school=SCHOOL,
        values=[ENOUGH, STUDENTS, STUDENTS, people[0], people[-1], "", "", "", STUDENTS, people[0], people[-1]],
    )  # fmt: skip
    assert [cell for row in book for cell in row] == fields
    assert len(text) == 1 and [field for field in fields if field not in text[0]] == []
    assert [f for f in annex2_head(year=2026, place="临夏州", unit=SCHOOL) if f not in sum(rows, [])] == []
    whole = "".join(pdf_pages(download(page, "导出PDF", folder, "annex2.pdf")))
    assert all(bare(row[1]) in whole for row in rows if row[0].isdigit())
