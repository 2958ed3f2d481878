"""Takes pictures instead of testing: collected by bin/photograph alone, because its name is no test's."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.office import Office
from tests.e2e.pages import ROLES, Survey
from tests.registry.roster.export import export, pupil

README = Path(__file__).resolve().parents[2] / ".readme"
LIST = Path(__file__).resolve().parents[1] / "registry" / "data" / "admissions-2022.xlsx"
SIZES = ((1366, 768), (1366, 625), (390, 844))
COLOURS = 256
MANUAL = Path(__file__).resolve().parents[2] / "linxia_xueji" / "static" / "help"
ON_THE_PAGE = (960, 540)
"""Width and height of the manual's pictures, as templates/help/_shot.html draws them."""
FIRST = "first of the list"
SHOTS = {
    "registrar-3462990006": {"desk": "/", "batch": "/batches/", "roster": "/rosters/"},
    "head-3462990002": {"desk": "/", "request": FIRST},
    "county_reviewer-622922": {"desk": "/", "request": FIRST, "move": "退回修改", "letters": "/letters/?state=issued"},
    "county_head-622927": {"overdue": "/overdue/", "plans": "/plans/", "year": "/year/"},
    "centre": {"desk": "/", "uploads": "/admissions/", "year": "/year/", "policy": "/policy/"},
    "province": {"desk": "/", "request": FIRST},
    "auditor": {"trail": "/trail/", "request": "/overdue/"},
    "account_admin": {"posts": "/staff/"},
}
"""User → picture → address, or what is done on the page before."""


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


def _keep_small(page: Page, target: Path) -> None:
    """One screen as the manual shows it."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        width, height = ON_THE_PAGE
        small = picture.convert("RGB").resize(
            (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
        )
        small.crop((0, 0, width, height)).save(target, "WEBP", quality=72, method=6)


def _open_shot(office: Office, page: Page, what: str) -> None:
    if what == FIRST:
        office.go(page, "/")
        page.get_by_role("rowheader").get_by_role("link").first.click()
    elif what.startswith("/"):
        office.go(page, what)
    else:
        page.get_by_role("region", name="审核操作").get_by_role("link", name=f"{what}…").click()
        expect(page.get_by_role("dialog")).to_be_visible()


def _upload_a_roster(page: Page, folder: Path) -> None:
    """A roster with a few faults, checked."""
    file = folder / "2026年秋季在校生.xlsx"
    faulty = {2: {"性别": "?"}, 5: {"身份证件号": "62292420100305"}, 7: {"年级": "高三"}, 9: {"入学年月": "202609"}}
    file.write_bytes(export([pupil(n, **faulty.get(n, {})) for n in range(1, 13)]))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name="错误行")).to_be_visible(timeout=60_000)


def test_manual(office: Office, tmp_path: Path):
    MANUAL.mkdir(exist_ok=True)
    for username, shots in SHOTS.items():
        page = office.page(username)
        for name, what in shots.items():
            _open_shot(office, page, what)
            if name == "batch":
                page.get_by_role("row").filter(has_text="2026级").get_by_role("rowheader").get_by_role(
                    "link"
                ).first.click()
            elif name == "roster":
                _upload_a_roster(page, tmp_path)
            elif what == "/overdue/" and name == "request":
                page.get_by_role("rowheader").get_by_role("link").first.click()
            _keep_small(page, MANUAL / f"{username.split('-')[0]}-{name}.webp")


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
