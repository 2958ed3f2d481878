"""信息核查 on its pages: the centre opens, each school finds its own, authorities look on, nobody else finds anything."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from registry.models import Deviation, Paper, SampledStudent, Verification
from registry.verifying import deeds, sampling
from registry.verifying.noting import Noted
from tests.registry.verifying.support import class_of, noted, opened, pupil_named, school_of
from tests.transfers.support import announce_terms
from tests.world import OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL, id_number


def url(name: str, *args) -> str:
    return reverse(f"registry:{name}", args=args)


LIST = url("verifications")


def text(response) -> str:
    return response.content.decode()


def test_signed_out_and_strangers(world, client):
    made = opened(world)
    one, room, school = noted(world, made, Noted("absent")), class_of(made), school_of(made)
    sample = sampling.draw(verification=made, by=world.county)
    reads = [
        url("school_verification", school.pk), url("verification_class", room.pk), url("verification_extra", room.pk),
        url("verification_student", room.pk, pupil_named("马二").pk), url("deviation", one.pk),
    ]  # fmt: skip
    posts = [
        *reads[1:], url("verification_attest", school.pk), url("verification_sign", school.pk), url("verification_return", school.pk),
        url("deviation_settle", one.pk), url("sample_agrees", sample.pk),
    ]  # fmt: skip
    offices = [url(f"verification_{deed}", made.pk) for deed in ("remind", "report", "file", "sample")]
    for address in (LIST, *reads, url("verification", made.pk), url("verification_schools", made.pk)):
        assert client.get(address).headers["Location"].startswith(reverse("login"))
    for role, code in (
        (Role.REGISTRAR, OTHER_SCHOOL), (Role.HEAD, PREFECTURE_SCHOOL), (Role.COUNTY_HEAD, OTHER_COUNTY), (Role.ACCOUNT_ADMIN, PREFECTURE),
    ):  # fmt: skip
        client.force_login(world.user(role, code))
        assert {client.get(address).status_code for address in reads} == {404}, role
        assert {client.post(address, {"reason": "x", "kind": "absent"}).status_code for address in posts} == {404}, role
        assert client.get(LIST).status_code == (404 if role == Role.ACCOUNT_ADMIN else 200)
        if role not in (Role.COUNTY_HEAD, Role.ACCOUNT_ADMIN):
            assert {client.post(address).status_code for address in offices} == {404}
        assert client.post(LIST, {"term": "2026-autumn", "phase": "end"}).status_code == 404
    assert "马一" not in text(client.get(url("deviations", made.pk)))


def test_the_centre_opens_and_looks_on(world, client):
    announce_terms(world)
    client.force_login(world.centre)
    assert "2026学年秋季学期" in text(client.get(LIST))
    assert client.post(LIST, {"term": "1999-autumn", "phase": "end"}).status_code == 422
    answer = client.post(LIST, {"term": "2026-autumn", "phase": "begin"})
    made = Verification.objects.get()
    assert answer.headers["Location"] == url("verification", made.pk)
    assert "已经发起" in text(client.post(LIST, {"term": "2026-autumn", "phase": "begin"}))
    shown = text(client.get(url("verification", made.pk)))
    assert "广河县" in shown and "州直属" in shown and "合计" in shown and str(made) in shown
    listed = text(client.get(url("verification_schools", made.pk), {"school": "广河", "state": "working"}))
    assert "核查中" in listed
    assert "没有符合条件" in text(client.get(url("verification_schools", made.pk), {"state": "signed"}))
    assert "已催办" in text(client.post(url("verification_remind", made.pk), follow=True))
    assert "没有重复发送" in text(client.post(url("verification_remind", made.pk), follow=True))


def test_a_school_attests_notes_and_signs(world, client):
    made = opened(world)
    school, room = school_of(made), class_of(made)
    client.force_login(world.registrar())
    assert client.get(url("verification", made.pk)).headers["Location"] == url("school_verification", school.pk)
    assert "高二1班" in text(client.get(url("school_verification", school.pk)))
    shown = text(client.get(url("verification_class", room.pk)))
    assert "全班3人在校" in shown and "休学" in shown and "622924" in shown and id_number(1) not in shown
    page = url("verification_student", room.pk, pupil_named("马一").pk)
    assert "哪里不符" in text(client.get(page))
    for wrong, words in (
        ({"kind": "grade"}, "请选择实际年级"),
        ({"kind": "field", "field": "id_number", "value": "12"}, "应为18位"),
        ({"kind": "field", "field": "name", "value": "马一"}, "与学籍登记相同"),
        ({"kind": "field", "field": "birth_date", "value": "昨天"}, "不是有效日期"),
    ):
        answer = client.post(page, wrong)
        assert (answer.status_code, words in text(answer)) == (422, True), wrong
    sent = {"kind": "field", "field": "id_number", "value": id_number(9), "grade": "9", "note": "看过户口簿"}
    assert client.post(page, sent).headers["Location"] == url("verification_class", room.pk)
    one = Deviation.objects.get()
    assert (one.actual.reveal(), one.actual_grade, one.registered.reveal()) == (id_number(9), None, id_number(1))
    extra = url("verification_extra", room.pk)
    assert "请至少填写一项" in text(client.post(extra, {"name": "马生"}))
    assert client.post(extra, {"name": "马 生", "birth_date": "20100305"}).status_code == 302
    shown = text(client.get(url("verification_class", room.pk)))
    assert "马生" in shown and "其余2人在校" in shown
    assert client.post(url("verification_attest", school.pk)).status_code == 422
    assert client.post(url("verification_class", room.pk)).status_code == 302
    assert client.post(url("verification_sign", school.pk)).status_code == 422
    assert client.post(url("verification_attest", school.pk)).status_code == 302
    assert client.post(url("verification_class", room.pk)).status_code == 422
    client.force_login(world.head())
    assert "请校长签字" in text(client.get(url("school_verification", school.pk)))
    assert client.post(url("verification_return", school.pk), {"reason": ""}).status_code == 422
    assert client.post(url("verification_return", school.pk), {"reason": "再核一次"}).status_code == 302
    assert "再核一次" in text(client.get(url("school_verification", school.pk)))
    deeds.attest_school(school, by=world.registrar())
    assert "本校核查完成" in text(client.post(url("verification_sign", school.pk), follow=True))


@pytest.mark.parametrize(
    "found",
    [
        Noted("absent"),
        Noted("grade", grade=12),
        Noted("status", status="suspended"),
        Noted("field", field="name", value="马一鸣"),
    ],
)
def test_a_deviation_leads_into_its_business_and_is_withdrawn_with_a_reason(world, client, found):
    made = opened(world)
    one = noted(world, made, found)
    client.force_login(world.registrar())
    page = url("deviation", one.pk)
    business = {"absent": "退学", "grade": "复学", "status": "休学", "field": "关键信息变更"}[found.kind]
    assert business in text(client.get(page)) and "怎样处理" in text(client.get(page))
    assert "还没有变化" in text(client.post(url("deviation_settle", one.pk), follow=True))
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "点错"}).status_code == 302
    assert "已撤销" in text(client.get(page))
    assert "马一" in text(client.get(url("deviations", made.pk), {"state": "withdrawn", "kind": found.kind}))
    assert "马一" not in text(client.get(url("deviations", made.pk)))


def test_a_county_draws_its_sample_and_checks_it(world, client):
    made = opened(world)
    client.force_login(world.county)
    page = url("verification_sample", made.pk)
    assert "抽取名单" in text(client.get(page))
    assert client.post(page).status_code == 302 and client.post(page).status_code == 422
    shown = text(client.get(page))
    assert "马一" in shown and "种子" in shown
    sample = made.samples.get()
    agrees = url("sample_agrees", sample.pk)
    assert client.post(agrees).status_code == 422
    drawn = SampledStudent.objects.get(enrolment=pupil_named("马二"))
    assert client.post(agrees, {"student": [drawn.pk]}).status_code == 302
    student = url("verification_student", class_of(made).pk, pupil_named("马一").pk)
    assert client.post(student, {"kind": "absent"}).status_code == 302
    shown = text(client.get(page))
    assert "一致" in shown and "有差异" in shown and "1人未核对" in shown


def test_the_report_as_pdf_and_excel(world, client):
    made = opened(world)
    noted(world, made, Noted("field", field="id_number", value=id_number(9)))
    sampling.draw(verification=made, by=world.county)
    for user, first in ((world.county, "广河县示例第一中学"), (world.centre, None)):
        client.force_login(user)
        answer = client.post(url("verification_report", made.pk))
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
        paper = Paper.objects.latest("pk")
        assert paper.report.counts["kinds"] == [["关键信息不符", 1]]
        names = [line[0] for line in paper.report.counts["lines"]]
        assert (first in names) if first else ("广河县" in names and "州直属" in names)
        assert paper.code in text(client.get(reverse("registry:check_code", args=[paper.code])))
        book = load_workbook(BytesIO(client.post(url("verification_file", made.pk)).content))
        assert book.sheetnames == ["完成情况", "核查差异"]
        rows = list(book["核查差异"].iter_rows(min_row=3, values_only=True))
        assert rows[0][2:6] == ("马一", "身份证件号", id_number(1), id_number(9))
    assert TrailEntry.objects.filter(action="导出信息核查").count() == 2
    assert {line[0]: line[3] for line in paper.report.counts["lines"]}["广河县"] == 3
