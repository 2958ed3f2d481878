"""学籍变动 in the browser: a transfer between two counties, a change of name, a withdrawal that cannot be undone."""

from playwright.sync_api import Page, expect

from tests.e2e.changes import (
    BLURRED,
    CLEAR,
    DONGXIANG,
    GUANGHE,
    KANGLE,
    approved_by,
    begin,
    check,
    field,
    fill,
    find,
    save,
    upload,
    upload_all,
)
from tests.e2e.office import Office, decide, notice
from tests.world import id_number

FROM, FROM_COUNTY = DONGXIANG, "622926"
TO, TO_COUNTY = KANGLE, "622922"


def test_transfer_between_two_counties(office: Office, pupils, pictures):
    former, name, number = pupils["moves"]
    archived(office, former)
    page = office.page(f"registrar-{TO}")
    find(office, page, name, number)
    page.get_by_role("link", name="转学条件与申请").click()
    fill(page)
    field(page, "转入年级").select_option("11")
    check(page)
    expect(page.get_by_role("main")).to_contain_text("不在同一城区或本县内")
    request = save(office, page)
    upload_all(page, pictures[CLEAR])
    decide(page, "提交", "确认提交")

    people = (f"head-{TO}", f"county_reviewer-{TO_COUNTY}", f"head-{FROM}", f"county_reviewer-{FROM_COUNTY}", "centre")
    approved_by(office, request, *people)
    office.go(page, request)
    expect(page.get_by_role("heading", level=1).locator("..")).to_contain_text("已转学")
    rows = find(office, page, name, number)
    expect(rows.filter(has_text="康乐县示例第一中学")).to_contain_text("有学籍")
    expect(rows.filter(has_text="民族中学")).to_contain_text("转出")
    archive_received(page, name, number)


def archived(office: Office, enrolment: int) -> None:
    """The school that sends the student has put a paper into the archive."""
    page = office.page(f"registrar-{FROM}")
    office.go(page, f"/archives/{enrolment}/")
    expect(page.get_by_role("main")).to_contain_text("还缺：学籍信息证明材料")
    field(page, "材料名称").fill("居民户口簿复印件")
    field(page, "材料日期").fill("2026-09-01")
    page.get_by_role("button", name="归档", exact=True).click()
    assert notice(page) == "已归档：居民户口簿复印件"


def archive_received(page: Page, name: str, number: str) -> None:
    """The archive came along with the student, as listed; the receiving school says so."""
    page.get_by_role("searchbox").fill(number)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("link", name="学籍档案", exact=True).last.click()
    came = page.get_by_role("region", name="随转学移交")
    expect(came).to_contain_text("居民户口簿复印件")
    field(page, "接收说明").fill("与清单相符")
    page.get_by_role("button", name="登记接收").click()
    expect(came).to_contain_text("登记接收：与清单相符")


def test_change_of_name_with_a_blurred_scan_and_a_wrong_dot(office: Office, pupils, pictures):
    enrolment, *_ = pupils["renamed"]
    page = office.page(f"registrar-{TO}")
    begin(office, page, enrolment, "关键信息变更")
    fill(page, 姓名="马•𬱖")
    page.get_by_role("button", name="保存申请").click()
    expect(page.get_by_role("main")).to_contain_text("即“马·𬱖”")
    field(page, "姓名").fill("马·𬱖")
    request = save(office, page)

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
    begin(office, page, enrolment, "退学")
    fill(page)
    field(page, "退学条件").select_option("guardian_applies")
    request = save(office, page)
    upload_all(page, pictures[CLEAR])
    decide(page, "提交", "确认提交")
    approved_by(office, request, f"head-{TO}", f"county_reviewer-{TO_COUNTY}", "centre")

    office.go(page, f"/students/{enrolment}/")
    expect(page.get_by_role("main")).to_contain_text("退学")
    page.get_by_role("link", name="复学", exact=True).click()
    fill(page)
    field(page, "复学年级").select_option("11")
    check(page)
    expect(page.get_by_role("main")).to_contain_text("一律不得复学")
    page.get_by_role("button", name="保存申请").click()
    expect(page.get_by_role("link", name="提交…")).to_be_disabled()
    expect(page.locator("#why-submit")).to_contain_text("不得复学")


def test_change_of_id_number_whose_birth_date_contradicts_it(office: Office, pupils, pictures):
    enrolment, *_ = pupils["renumbered"]
    number = id_number(701, "1", "20090131", "622924")
    page = office.page(f"registrar-{GUANGHE}")
    begin(office, page, enrolment, "关键信息变更")
    fill(page, 身份证件号=number)
    field(page, "出生日期").fill("2009-02-01")
    field(page, "性别").select_option("1")
    asked = check(page).filter(has_text="待人工核对")
    expect(asked).to_have_count(1)
    for words in ("以实际户籍信息为准", "通知三（一）1", "2009-01-31", "2009-02-01"):
        expect(asked).to_contain_text(words)
    field(page, "身份证件号").fill(number)
    request = save(office, page)
    upload_all(page, pictures[CLEAR])
    why = "户口簿登记出生日期为2009年2月1日，公安机关已书面说明"
    decide(page, "提交", "确认提交", note=why)
    people = (f"head-{GUANGHE}", "county_reviewer-622924", "centre")
    page = approved_by(office, request, *people, note="以户籍信息为准，同意变更")
    expect(page.get_by_role("main")).to_contain_text(why)
    office.go(page, f"/students/{enrolment}/")
    expect(page.get_by_role("main")).to_contain_text(number[-4:])
