"""学籍变动 at the browser: who walks, what is filled in, what is uploaded, and how one office after the other agrees."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.office import Office, decide, notice
from tests.registry.proof_pictures import file

COUNTY_MIDDLE, JUNIOR, VOCATIONAL = "3462990002", "3162990002", "3662990001"
"""临夏县: 示例中学 (junior and senior), 示例初级中学, 示例职业中学."""
KANGLE, GUANGHE, GUANGHE_SECOND, DONGXIANG = "3462990003", "3462990006", "3462990007", "3462990010"
LINXIA, LINXIA_HUI = "3462900001", "3462900002"
"""临夏中学 and 临夏回中, both in 临夏城区."""
WALKERS = {
    "moves": (DONGXIANG, 11, 20),
    "renamed": (KANGLE, 11, 20),
    "leaves": (KANGLE, 11, 21),
    "renumbered": (GUANGHE, 11, 20),
    "junior": (JUNIOR, 8, 8),
    "first_year": (JUNIOR, 7, 8),
    "last_year": (JUNIOR, 9, 8),
    "across": (JUNIOR, 8, 9),
    "neighbour": (GUANGHE, 11, 21),
    "in_town": (LINXIA, 11, 20),
    "vocational": (VOCATIONAL, 11, 2),
    "away": (JUNIOR, 7, 5),
    "late": (GUANGHE, 11, 22),
    "busy": (GUANGHE, 11, 4),
    "ill": (DONGXIANG, 11, 1),
    "resting": (GUANGHE, 11, 26),
    "back_down": (GUANGHE, 11, 27),
    "back_up": (GUANGHE, 11, 28),
    "spring": (GUANGHE, 12, 20),
    "broken": (GUANGHE, 12, 21),
}
"""Who walks: school, grade of the class and place, as the demonstration counts its pupils. `ill` and 26 to 28 are suspended."""
FOUND = """
import json
from linxia_xueji.dates import today
from registry.demo.chapters import Scene
from registry.models import KeyFacts
from transfers.demo.pupils import pupil
scene, found = Scene(today().year, today(), dict(), None), dict()
for who, (school, grade, place) in WALKERS.items():
    enrolment = pupil(school, grade, place, scene)
    facts = KeyFacts.objects.get(student=enrolment.student, valid_to=None)
    found[who] = [enrolment.pk, facts.name, facts.id_number.reveal()]
print(json.dumps(found))
"""
CLEAR, BLURRED = ("scan", 1), ("blur", 1)
COMMON = {"申请日期": "2026-09-14", "申请人": "马国强"}


@pytest.fixture(scope="session")
def pupils(portal) -> dict[str, tuple[int, str, str]]:
    """Who walks: enrolment, name and ID number."""
    return json.loads(portal.manage("shell", "-v", "0", "-c", f"WALKERS = {WALKERS!r}\n{FOUND}").stdout)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> dict[tuple[str, int], Path]:
    """A clear scan and a blurred one, as files."""
    folder, found = tmp_path_factory.mktemp("pictures"), {}
    for kind in (CLEAR, BLURRED):
        found[kind] = folder / f"{kind[0]}.jpg"
        found[kind].write_bytes(file(*kind, width=1000))
    return found


def field(page: Page, label: str) -> Locator:
    """The control whose label begins with these words; whether it is required comes after them."""
    return page.get_by_label(re.compile(f"^{label}")).and_(page.locator("input, select, textarea"))


def fill(page: Page, **values: str) -> None:
    """Who applies, and the particulars: text into fields, choices by their label."""
    for label, value in (COMMON | values).items():
        field(page, label).fill(value)
    field(page, "与学生关系").select_option("father")


def begin(office: Office, page: Page, enrolment: int, business: str) -> None:
    """From the page of one's own student to the application."""
    office.go(page, f"/students/{enrolment}/")
    page.get_by_role("link", name=business, exact=True).click()


def find(office: Office, page: Page, name: str, number: str) -> Locator:
    """Name and number as on the papers of the parents; the rows found."""
    office.go(page, "/changes/find/")
    field(page, "姓名").fill(name)
    field(page, "身份证件号、全国学籍号或学号").fill(number)
    page.get_by_role("main").get_by_role("button", name="查找", exact=True).click()
    return page.get_by_role("table").locator("tbody tr")


def check(page: Page) -> Locator:
    """Ask for the verdicts; the rows of their tables, problems first, what is in order folded away."""
    page.get_by_role("button", name="核验条件").click()
    verdicts = page.get_by_role("region", name="办理条件", exact=True)
    expect(verdicts.get_by_role("heading")).to_be_visible()
    return verdicts.locator("tbody tr")


def save(office: Office, page: Page) -> str:
    """Save the application; the path of its request."""
    page.get_by_role("button", name="保存申请").click()
    assert "请上传材料后提交" in notice(page)
    return page.url.removeprefix(office.url)


def upload(page: Page, picture: Path, paper: str) -> None:
    """From the request, put the picture into the slot of that paper."""
    page.get_by_role("link", name=f"上传 {paper}").click()
    field(page, "材料图像").set_input_files(picture)
    page.get_by_role("button", name="上传", exact=True).click()


def upload_all(page: Page, picture: Path) -> None:
    """Every slot that is empty; the clear scan goes back to the request at once."""
    empty = page.get_by_role("link", name=re.compile("^上传 "))
    for left in range(empty.count(), 0, -1):
        expect(empty).to_have_count(left)
        upload(page, picture, empty.first.inner_text().removeprefix("上传").strip())
        assert "图像清晰完整" in notice(page)


def see_originals(page: Page) -> None:
    """A head attests each paper that must be an original, or signed and sealed."""
    seen = page.get_by_role("button", name="已核对")
    for left in range(seen.count(), 0, -1):
        seen.first.click()
        expect(seen).to_have_count(left - 1)


def approved_by(office: Office, request: str, *people: str, note: str = "") -> Page:
    """Each in turn lets it go on, the last one with a note; the page of the last."""
    for who in people:
        page = office.page(who)
        office.go(page, request)
        see_originals(page)
        decide(page, "审核通过", "确认通过", note=note if who == people[-1] else "")
    office.go(page, request)
    return page
