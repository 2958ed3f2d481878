"""转学 in the browser: within a county in compulsory schooling, and every forbidden circumstance by its own clause."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.changes import (
    CLEAR,
    COUNTY_MIDDLE,
    GUANGHE_SECOND,
    JUNIOR,
    KANGLE,
    LINXIA_HUI,
    approved_by,
    check,
    field,
    fill,
    find,
    save,
    upload_all,
)
from tests.e2e.office import Office, decide

COUNTY = "622921"
CLAUSE = "通知三（二）1"


@dataclass(frozen=True)
class Case:
    """Who asks for what at which school, and what the page quotes and finds."""

    who: str
    to: str
    grade: str
    says: str
    fact: str
    day: str = "2026-09-14"


FORBIDDEN = {
    "initial_grade": Case("first_year", COUNTY_MIDDLE, "7", "初始年级和毕业年级不予转学", "现读七年级"),
    "final_grade": Case("last_year", COUNTY_MIDDLE, "9", "初始年级和毕业年级不予转学", "现读九年级"),
    "cross_grade": Case("across", COUNTY_MIDDLE, "9", "跨年级不予转学", "现读八年级，转入九年级"),
    "suspended": Case("ill", KANGLE, "11", "休学期间不予转学", "休学"),
    "same_county": Case("neighbour", GUANGHE_SECOND, "11", "在同一城市城区内或本县范围内不予转学", "同在一个县（市）"),
    "same_town": Case("in_town", LINXIA_HUI, "11", "在同一城市城区内或本县范围内不予转学", "同在临夏城区"),
    "vocational_to_general": Case("vocational", KANGLE, "11", "职业高中学生不得转入普通高中就读", "职业高中"),
    "window": Case("late", KANGLE, "11", "应在学期结束前或开学后10个工作日内办理", "2026-09-16", day="2026-09-16"),
}
"""Each circumstance the notice names, alone."""


def apply_for(office: Office, page: Page, pupil, *, grade: str, day: str) -> None:
    """The receiving school finds the student and fills in the application."""
    _, name, number = pupil
    find(office, page, name, number)
    page.get_by_role("link", name="转学条件与申请").click()
    fill(page, 申请日期=day)
    field(page, "转入年级").select_option(grade)


@pytest.mark.parametrize("circumstance", FORBIDDEN)
def test_each_forbidden_circumstance_is_told_by_its_clause_and_cannot_be_submitted(office, pupils, circumstance):
    case = FORBIDDEN[circumstance]
    page = office.page(f"registrar-{case.to}")
    apply_for(office, page, pupils[case.who], grade=case.grade, day=case.day)
    broken = check(page).filter(has_text="不符合")
    expect(broken).to_have_count(1)
    for words in (case.says, case.fact, CLAUSE):
        expect(broken).to_contain_text(words)
    save(office, page)
    expect(page.get_by_role("link", name="提交…")).to_be_disabled()
    expect(page.locator("#why-submit")).to_contain_text(case.says)


def test_with_another_request_open_nothing_is_filed(office: Office, pupils):
    page = office.page(f"registrar-{KANGLE}")
    apply_for(office, page, pupils["busy"], grade="11", day="2026-09-14")
    broken = check(page).filter(has_text="不符合")
    expect(broken).to_contain_text("在办业务")
    page.get_by_role("button", name="保存申请").click()
    expect(page.get_by_role("main")).to_contain_text("该生有在办业务")


def test_a_compulsory_transfer_within_a_county(office: Office, pupils, pictures):
    page = office.page(f"registrar-{COUNTY_MIDDLE}")
    apply_for(office, page, pupils["junior"], grade="8", day="2026-09-14")
    expect(check(page).filter(has_text="不符合")).to_have_count(0)
    request = save(office, page)
    upload_all(page, pictures[CLEAR])
    decide(page, "提交", "确认提交")
    approved_by(office, request, f"head-{COUNTY_MIDDLE}", f"head-{JUNIOR}", f"county_reviewer-{COUNTY}")
    _, name, number = pupils["junior"]
    rows = find(office, page, name, number)
    expect(rows.filter(has_text="临夏县示例中学")).to_contain_text("有学籍")
    expect(rows.filter(has_text="初级中学")).to_contain_text("转出")
