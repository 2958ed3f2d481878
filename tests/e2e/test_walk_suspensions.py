"""休学 and 复学 in the browser: in the spring of 高三 with its discretion, extended, and back into either grade."""

import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.databases import free_port
from tests.e2e.changes import (
    CLEAR,
    GUANGHE,
    approved_by,
    begin,
    check,
    field,
    fill,
    save,
    upload_all,
)
from tests.e2e.conftest import ROOT, _wait_for
from tests.e2e.office import Office, decide, open_move

REGISTRAR, HEAD, COUNTY = f"registrar-{GUANGHE}", f"head-{GUANGHE}", "county_reviewer-622924"
WHY = "主治医院要求立即住院，无法参加第二学期学习"


@pytest.fixture
def spring(portal, office: Office, tmp_path) -> Office:
    """The same portal half a year later: one more process on the same database, on a day in the spring term.

    Whoever signs in there is signed out here: a person has one session.
    """
    port, log = free_port(), tmp_path / "spring.log"
    environment = {**portal.environment, "DB_ROLE": "web", "DEMO_TODAY": "2027-03-10"}
    gunicorn = ["-m", "gunicorn", "linxia_xueji.wsgi:application", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    with log.open("ab") as output:
        web = subprocess.Popen([sys.executable, *gunicorn], cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        _wait_for(f"http://127.0.0.1:{port}", web, log)
        later = replace(office, url=f"http://127.0.0.1:{port}", states={})
        yield later
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(30)
    for username in later.states:
        office.states.pop(username, None)


def test_a_suspension_in_the_spring_of_the_last_year_needs_reasons(spring: Office, pupils, pictures):
    enrolment, *_ = pupils["spring"]
    page = spring.page(REGISTRAR)
    begin(spring, page, enrolment, "休学")
    fill(page, 申请日期="2027-03-09", 休学开始日期="2027-03-10", 休学结束日期="2028-03-09")
    field(page, "休学原因").select_option("illness")
    asked = check(page).filter(has_text="待人工核对")
    expect(asked).to_have_count(1)
    for words in ("初三和高三年级学生第二学期原则上不予休学", "高三", "通知三（二）2"):
        expect(asked).to_contain_text(words)
    request = save(spring, page)
    upload_all(page, pictures[CLEAR])
    dialog = open_move(page, "提交")
    dialog.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("main")).to_contain_text("须写明理由")
    spring.go(page, request)
    decide(page, "提交", "确认提交", note=WHY)

    approved_by(spring, request, HEAD, COUNTY)
    page = spring.page("centre")
    spring.go(page, request)
    expect(page.get_by_role("main")).to_contain_text(WHY)
    decide(page, "审核通过", "确认通过", note="经核实，病情属实，同意休学")
    spring.go(page, f"/students/{enrolment}/")
    expect(page.get_by_role("main")).to_contain_text("休学（到2028-03-09）")


def test_an_extension_follows_the_present_period(office: Office, pupils, pictures):
    enrolment, *_ = pupils["resting"]
    page = office.page(REGISTRAR)
    begin(office, page, enrolment, "延长休学期")
    fill(page, 休学开始日期="2026-10-08", 休学结束日期="2027-07-09")
    field(page, "休学原因").select_option("illness")
    gap = check(page).filter(has_text="不符合")
    expect(gap).to_contain_text("现休学期到2026-09-30，申请自2026-10-08起")
    field(page, "休学开始日期").fill("2026-10-01")
    request = save(office, page)
    upload_all(page, pictures[CLEAR])
    decide(page, "提交", "确认提交")
    page = approved_by(office, request, HEAD, COUNTY, "centre")
    expect(page.get_by_role("main")).to_contain_text("延长休学期")
    office.go(page, f"/students/{enrolment}/")
    expect(page.get_by_role("main")).to_contain_text("休学（到2027-07-09）")


@pytest.mark.parametrize(("who", "grade", "words"), [("back_down", "10", "高一"), ("back_up", "11", "高二")])
def test_resumption_into_the_grade_left_or_that_of_the_class(office: Office, pupils, pictures, who, grade, words):
    enrolment, *_ = pupils[who]
    page = office.page(REGISTRAR)
    begin(office, page, enrolment, "复学")
    fill(page)
    field(page, "复学年级").select_option("12")
    expect(check(page).filter(has_text="不符合")).to_contain_text("可以复学到高一或高二")
    field(page, "复学年级").select_option(grade)
    request = save(office, page)
    upload_all(page, pictures[CLEAR])
    decide(page, "提交", "确认提交")
    approved_by(office, request, HEAD, COUNTY, "centre")
    page = office.page(REGISTRAR)
    office.go(page, f"/students/{enrolment}/")
    expect(page.get_by_role("main")).to_contain_text(words)
    expect(page.get_by_role("heading", level=1).locator("..")).to_contain_text("在读")
