"""A comparison of both systems to its end: files, columns, run, a county's list, letter and Excel; the second one closes."""

from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.e2e.office import Office, download, notice
from tests.registry.comparing.small import files

COUNTY, SLOW = "county_reviewer-622924", 60_000


def compare(office: Office, page: Page, national: bytes, provincial: bytes, folder: Path, *, mapped: bool) -> tuple[str, str]:
    """Open, upload both, say which columns are which unless they are known, run; path and name of the comparison."""
    office.go(page, "/comparisons/")
    page.get_by_label("学期").select_option("2026-autumn")
    page.get_by_role("button", name="发起比对").click()
    path, name = page.url.removeprefix(office.url), page.get_by_role("heading", level=1).inner_text()
    for system, content in (("国网", national), ("省网", provincial)):
        (target := folder / f"{system}.xlsx").write_bytes(content)
        button = page.get_by_role("button", name=f"上传{system}名册")
        page.locator("form").filter(has=button).get_by_label("名册").set_input_files(target)
        button.click()
        if not mapped:
            expect(page.get_by_role("heading", level=1)).to_have_text(f"核对{system}名册的列")
            page.get_by_role("button", name="保存列对应").click()
        assert f"{system}名册" in notice(page)
    page.get_by_role("button", name="开始比对").click()
    expect(page.get_by_role("heading", name="结果")).to_be_visible(timeout=SLOW)
    return path, name


def test_a_comparison_to_its_end(office: Office, tmp_path: Path):
    page = office.page("centre")
    first, name = compare(office, page, *files(), tmp_path, mapped=False)

    county = office.page(COUNTY)
    office.go(county, "/comparisons/")
    county.get_by_role("main").get_by_role("link", name=name).click()
    county.get_by_role("link", name="信息不一致").click()
    row = county.get_by_role("row").filter(has_text="马错名")
    expect(row).to_contain_text("待处理")
    row.get_by_role("link").first.click()
    difference = county.url.removeprefix(office.url)
    county.get_by_label("在哪个系统中改正").select_option("provincial")
    county.get_by_label("处理情况（必填）").fill("已在省网提交更正")
    county.get_by_role("button", name="登记处理").click()
    assert "已登记" in notice(county)

    office.go(county, first)
    letter = download(county, "反馈函 广河县", tmp_path, "letter.pdf")
    assert letter.read_bytes().startswith(b"%PDF")
    sheet = openpyxl.load_workbook(download(county, "Excel 广河县", tmp_path, "list.xlsx")).active
    assert any("马错名" in row and "已在省网提交更正" in row for row in sheet.iter_rows(min_row=3, values_only=True))

    _, later = compare(office, page, *files({}), tmp_path, mapped=True)
    expect(page.get_by_text("项本次消除")).to_be_visible()
    office.go(county, difference)
    expect(county.get_by_role("main")).to_contain_text("已消除")
    expect(county.get_by_role("main")).to_contain_text(later)
    assert office.complaints == []
