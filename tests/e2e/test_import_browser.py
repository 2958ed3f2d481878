"""The centre uploads an admission list with faults, gets it back marked, and imports the clean rows alone."""

import json
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.e2e.office import Office, download, notice

DATA = Path(__file__).resolve().parents[1] / "registry" / "data"
LIST = DATA / "admissions-2022.xlsx"
SLOW = 60_000
"""Milliseconds: the worker checks and imports in the background."""


def upload(office: Office, page: Page) -> None:
    """Upload the list of 2022 and wait for its check."""
    office.go(page, "/")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="录取名单").click()
    page.get_by_label("招生年份").fill("2022")
    page.get_by_label("录取名单", exact=False).last.set_input_files(LIST)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name="错误行")).to_be_visible(timeout=SLOW)


def made_by_the_worker(page: Page, button: str, folder: Path, name: str) -> Path:
    """A large file: ordered, waited for, fetched; then back to where it was asked for."""
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="文件已做好")).to_be_visible(timeout=SLOW)
    target = download(page, "下载", folder, name)
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("heading", name="错误行")).to_be_visible()
    return target


def test_faults_marked_file_and_clean_rows(office: Office, tmp_path: Path):
    expected = json.loads((DATA / "admissions-2022.faults.json").read_text())
    page = office.page("centre")
    upload(office, page)
    errors = [fault for fault in expected["faults"] if fault["severity"] == "error"]
    bad = expected["rows"] - expected["valid"]
    expect(page.get_by_text(f"{bad}行有{len(errors)}处错误，不能导入")).to_be_visible()
    rows = page.get_by_role("table", name="检查出的问题").locator("tbody tr")
    shown = [(int(r.locator("td").first.inner_text()), r.locator("td").nth(1).inner_text()) for r in rows.all()]
    assert sorted(shown) == sorted((fault["row"], fault["column"]) for fault in expected["faults"])

    marked = openpyxl.load_workbook(made_by_the_worker(page, "下载原文件（已标注）", tmp_path, "marked.xlsx")).active
    heads = [cell.value for cell in marked[1]]
    for fault in errors:
        cell = marked.cell(fault["row"], heads.index(fault["column"]) + 1)
        assert cell.fill.fill_type == "solid"
    rest = openpyxl.load_workbook(made_by_the_worker(page, "只下载错误行", tmp_path, "rest.xlsx")).active
    assert rest.max_row - 1 == bad

    page.get_by_role("button", name=f"只导入无误的{expected['valid']}行").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label(f"其余{bad}行不导入").check()
    page.get_by_role("button", name=f"只导入无误的{expected['valid']}行").click()
    assert "已开始导入" in notice(page)
    expect(page.get_by_text(f"新增{expected['valid']}人，变更0人，无变化0人")).to_be_visible(timeout=SLOW)

    upload(office, page)
    expect(page.get_by_text("没有需要导入的变化")).to_be_visible()
    expect(page.get_by_role("button", name="只导入")).to_have_count(0)
