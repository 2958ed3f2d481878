"""Takes pictures instead of testing: collected by bin/photograph alone, because its name is no test's."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.office import Office
from tests.e2e.pages import ROLES, Survey

README = Path(__file__).resolve().parents[2] / ".readme"
LIST = Path(__file__).resolve().parents[1] / "registry" / "data" / "admissions-2022.xlsx"
SIZES = ((1366, 768), (1366, 625), (390, 844))
COLOURS = 256


def _keep(page: Page, target: Path) -> None:
    """One screen, in as few colours as the eye does not miss."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            target, optimize=True
        )


def test_readme(office: Office):
    README.mkdir(exist_ok=True)
    centre = office.page("centre")
    office.go(centre, "/")
    _keep(centre, README / "desk.png")
    county = office.page("county_reviewer-622922")
    office.go(county, "/")
    county.get_by_role("rowheader").get_by_role("link").first.click()
    _keep(county, README / "request.png")
    registrar = office.page("registrar-3462990007")
    office.go(registrar, "/batches/")
    registrar.get_by_role("row").filter(has_text="草稿").get_by_role("rowheader").get_by_role("link").click()
    _keep(registrar, README / "batch.png")
    registrar = office.page("registrar-3462990006")
    office.go(registrar, "/batches/")
    registrar.get_by_role("row").filter(has_text="2025级").get_by_role("rowheader").get_by_role("link").click()
    registrar.get_by_role("main").get_by_role("link", name="附件1", exact=True).click()
    _keep(registrar, README / "annex1.png")
    office.go(centre, "/admissions/")
    centre.get_by_label("招生年份").fill("2022")
    centre.locator("input[type=file]").set_input_files(LIST)
    centre.get_by_role("button", name="上传并检查").click()
    expect(centre.get_by_role("heading", name="错误行")).to_be_visible(timeout=60_000)
    _keep(centre, README / "import.png")


@pytest.mark.skipif(not os.environ.get("PHOTOGRAPHS"), reason="no folder given")
def test_every_page(office: Office):
    folder, survey = Path(os.environ["PHOTOGRAPHS"]), Survey(office)
    folder.mkdir(parents=True, exist_ok=True)
    for username in ROLES:
        page = office.page(username)
        for path, first in survey.pages_of(page):
            office.go(page, path)
            for width, height in SIZES if first else SIZES[:1]:
                page.set_viewport_size({"width": width, "height": height})
                _keep(page, folder / f"{username}{path.replace('/', '_')}{width}x{height}.png")
