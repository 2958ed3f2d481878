"""学籍变动 in the browser: a transfer between two counties, a change of name, a withdrawal that cannot be undone."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.office import Office, decide, notice
from tests.registry.proof_pictures import file

FROM, FROM_COUNTY = "3462990010", "622926"
TO, TO_COUNTY = "3462990003", "622922"
"""东乡族自治县示例民族中学 and 康乐县示例第一中学."""
PUPILS = f"""
import json
from linxia_xueji.dates import today
from registry.models import KeyFacts
from transfers.demo.pupils import pupil
from registry.demo.chapters import Scene
scene = Scene(today().year, today(), dict(), None)
found = dict()
for who, school, place in (("moves", "{FROM}", 20), ("renamed", "{TO}", 20), ("leaves", "{TO}", 21)):
    enrolment = pupil(school, 11, place, scene)
    facts = KeyFacts.objects.get(student=enrolment.student, valid_to=None)
    found[who] = [enrolment.pk, facts.name, facts.id_number.reveal()]
print(json.dumps(found))
"""
CLEAR, BLURRED = ("scan", 1), ("blur", 1)
COMMON = {"申请日期": "2026-09-14", "申请人": "马国强"}


@pytest.fixture(scope="module")
def pupils(portal) -> dict[str, tuple[int, str, str]]:
    """Three pupils of 高二 with nothing under way: enrolment, name and ID number."""
    return json.loads(portal.manage("shell", "-v", "0", "-c", PUPILS).stdout)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> dict[tuple[str, int], Path]:
    """A clear scan and a blurred one, as files."""
    folder, found = tmp_path_factory.mktemp("pictures"), {}
    for kind in (CLEAR, BLURRED):
        found[kind] = folder / f"{kind[0]}.jpg"
        found[kind].write_bytes(file(*kind, width=1000))
    return found


def field(page: Page, label: str):
    """The control whose label begins with these words; whether it is required comes after them."""
    return page.get_by_label(re.compile(f"^{label}")).and_(page.locator("input, select, textarea"))


def fill(page: Page, **values: str) -> None:
    """Who applies, and the particulars: text into fields, choices by their label."""
    for label, value in (COMMON | values).items():
        field(page, label).fill(value)
    field(page, "与学生关系").select_option("father")


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


def approved_by(office: Office, request: str, *people: str) -> Page:
    """Each in turn lets it go on; the page of the last."""
    for who in people:
        page = office.page(who)
        office.go(page, request)
        see_originals(page)
        decide(page, "审核通过", "确认通过")
    office.go(page, request)
    return page


def test_transfer_between_two_counties(office: Office, pupils, pictures):
    _, name, number = pupils["moves"]
    page = office.page(f"registrar-{TO}")
    office.go(page, "/changes/find/")
    find(page, name, number)
    page.get_by_role("link", name="转学条件与申请").click()
    fill(page)
    field(page, "转入年级").select_option("11")
    page.get_by_role("button", name="核验条件").click()
    expect(page.get_by_role("main")).to_contain_text("不在同一城区或本县内")
    page.get_by_role("button", name="保存申请").click()
    assert "请上传材料后提交" in notice(page)
    request = page.url.removeprefix(office.url)
    upload_all(page, pictures[CLEAR])
    decide(page, "提交", "确认提交")

    people = (f"head-{TO}", f"county_reviewer-{TO_COUNTY}", f"head-{FROM}", f"county_reviewer-{FROM_COUNTY}", "centre")
    approved_by(office, request, *people)
    office.go(page, request)
    expect(page.get_by_role("heading", level=1).locator("..")).to_contain_text("已转学")
    office.go(page, "/changes/find/")
    find(page, name, number)
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows.filter(has_text="康乐县示例第一中学")).to_contain_text("有学籍")
    expect(rows.filter(has_text="民族中学")).to_contain_text("转出")


def find(page: Page, name: str, number: str) -> None:
    """Name and number as on the papers of the parents."""
    field(page, "姓名").fill(name)
    field(page, "身份证件号、全国学籍号或学号").fill(number)
    page.get_by_role("main").get_by_role("button", name="查找", exact=True).click()


def test_change_of_name_with_a_blurred_scan_and_a_wrong_dot(office: Office, pupils, pictures):
    enrolment, *_ = pupils["renamed"]
    page = office.page(f"registrar-{TO}")
    office.go(page, f"/students/{enrolment}/")
    page.get_by_role("link", name="关键信息变更").click()
    fill(page, 姓名="马•𬱖")
    page.get_by_role("button", name="保存申请").click()
    expect(page.get_by_role("main")).to_contain_text("即“马·𬱖”")
    field(page, "姓名").fill("马·𬱖")
    page.get_by_role("button", name="保存申请").click()
    assert "请上传材料后提交" in notice(page)
    request = page.url.removeprefix(office.url)

    paper = "户籍主管部门出具的证明（原件）"
    upload(page, pictures[BLURRED], paper)
    main = page.get_by_role("main")
    expect(main).to_contain_text("图像存疑")
    expect(main).to_contain_text("字迹模糊")
    page.get_by_role("link", name="更换图像").click()
    field(page, "材料图像").set_input_files(pictures[CLEAR])
    page.get_by_role("button", name="上传", exact=True).click()
    assert "图像清晰完整" in notice(page)
    decide(page, "提交", "确认提交")
    approved_by(office, request, f"head-{TO}", f"county_reviewer-{TO_COUNTY}", "centre")
    office.go(page, f"/students/{enrolment}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("马·𬱖")


def test_withdrawal_and_the_resumption_that_fails_after_it(office: Office, pupils, pictures):
    enrolment, *_ = pupils["leaves"]
    page = office.page(f"registrar-{TO}")
    office.go(page, f"/students/{enrolment}/")
    page.get_by_role("link", name="退学", exact=True).click()
    fill(page)
    field(page, "退学条件").select_option("guardian_applies")
    page.get_by_role("button", name="保存申请").click()
    request = page.url.removeprefix(office.url)
    upload_all(page, pictures[CLEAR])
    decide(page, "提交", "确认提交")
    approved_by(office, request, f"head-{TO}", f"county_reviewer-{TO_COUNTY}", "centre")

    office.go(page, f"/students/{enrolment}/")
    expect(page.get_by_role("main")).to_contain_text("退学")
    page.get_by_role("link", name="复学", exact=True).click()
    fill(page)
    field(page, "复学年级").select_option("11")
    page.get_by_role("button", name="核验条件").click()
    expect(page.get_by_role("main")).to_contain_text("一律不得复学")
    page.get_by_role("button", name="保存申请").click()
    expect(page.get_by_role("link", name="提交…")).to_be_disabled()
    expect(page.locator("#why-submit")).to_contain_text("不得复学")
