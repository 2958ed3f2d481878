"""The papers of 学籍变动: what each says, that it can be checked, who may take it out, and when it no longer holds."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
from django.urls import reverse

from approvals.chain import advance
from approvals.enums import State
from approvals.models import Entry, Request
from linxia_xueji.files import read
from linxia_xueji.models import Organisation, OrganisationName, TrailEntry
from linxia_xueji.secrets import Secret
from registry.models import KeyFacts, Paper
from registry.paper_kinds import sort_of
from tests.registry.documents.scan import scanned
from tests.registry.test_paper_files import equipped
from tests.registry.test_printed import check
from tests.registry.typed import said
from tests.transfers.support import (
    announce_terms,
    decider,
    filed,
    pupil,
    suspension,
    through,
    with_papers,
)
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL, World, id_number
from transfers.business import business_named
from transfers.documents.gather import approval_of, base_info_of, due_words
from transfers.documents.sheets import Line, approval_pdf, in_rows
from transfers.models import Change, Departure, Expulsion, KeyInfoChange, Resumption, Transfer, Withdrawal
from transfers.papers import papers_of

LONG_NAME = "买买提·" * 12 + "𬱖䶮"


def school(code: str) -> Organisation:
    return Organisation.objects.select_related("profile", "parent__parent__parent").get(code=code)


def address(change: Change, kind: str) -> str:
    return reverse("transfers:print", args=[change.pk, kind])


def text_of(pdf: bytes) -> str:
    """The words of a paper of one page, without blanks."""
    (page,) = list(pypdfium2.PdfDocument(pdf))
    return re.sub(r"\s+", "", page.get_textpage().get_text_bounded())


def taken(client, url: str) -> tuple[Paper, bytes]:
    """The paper taken out by whoever is signed in, and its record."""
    response = client.post(url)
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    return Paper.objects.get(code=TrailEntry.objects.filter(action__startswith="导出").latest("pk").after["code"]), (
        response.content
    )


def refused(world: World, change: Change) -> Request:
    """Refused by the county, on the first rule of the book."""
    request = through(world, change, steps=1)
    finding = request.entries.latest("pk").findings[0]
    rule = business_named(request.kind).book.by_id(finding["rule"])
    reason = f"{rule.label}：{finding['fact']}（三（二）2）"
    return advance(
        request=request,
        move="refuse",
        by=decider(world, request),
        note="病历与申请不符",
        reasons=(reason,),
        on=world.day,
    )


def is_signed(client, paper: Paper, pdf: bytes) -> bool:
    """Whether the file handed out is the one kept as signed by the school, and the check says so."""
    signature = paper.signatures.get()
    kept = read(signature.file) == pdf and signature.file.school.code == COUNTY_SCHOOL
    return kept and f"已用{school(COUNTY_SCHOOL).name}的证书签名" in check(client, paper)


def test_the_sheet_is_signed_along_the_chain_and_holds_after_it(client, world):
    equipped(world)
    change = suspension(world)
    client.force_login(world.registrar())
    paper, pdf = taken(client, address(change, "approval"))
    words = text_of(pdf)
    number = id_number(1)
    for told in (
        "学生休学申请审批表", change.request.number, "马小明", number, "因病", "家庭原因", "马父（父亲）", "医院证明（已上传）", "校长确认",
        "县级审批", "州级审核", "附表样，本件样式为假定", "负责人（签名）单位盖章年月日", paper.code[:5],
    ):  # fmt: skip
        assert told in words, told
    assert scanned(pdf) == [[f"http://testserver/check/{paper.code}/"]]
    assert is_signed(client, paper, pdf)
    assert "现行" in check(client, paper) and change.request.number in check(client, paper)
    through(world, change)
    assert KeyFacts.objects.filter(valid_to=None).count() == 1 and "现行" in check(client, paper)
    assert taken(client, address(change, "approval"))[0] == paper
    client.logout()
    assert "现行" in check(client, paper) and change.request.number not in check(client, paper)


def test_the_acknowledgement_tells_the_last_day_until_that_moves(client, world):
    change = suspension(world)
    request = through(world, change, steps=1)
    client.force_login(world.county)
    paper, pdf = taken(client, address(change, "notice"))
    words, due = text_of(pdf), request.due_on
    for told in (
        "受理通知书", request.number, f"10个工作日，至{due.year}年{due.month}月{due.day}日", "马小明的休学申请", "2026年9月14日提出",
        f"可凭受理号向{school(COUNTY_SCHOOL).name}或{school(COUNTY_SCHOOL).parent.name}询问",
    ):  # fmt: skip
        assert told in words, told
    assert "现行" in check(client, paper)
    advance(request=request, move="send_back", by=world.county, note="补材料", on=world.day)
    assert "已被更替申请已退回修改" in check(client, paper)
    Request.objects.filter(pk=request.pk).update(state=State.PENDING, due_on=due + timedelta(days=1))
    assert "已被更替导出以后数据有变化" in check(client, paper)


def test_the_page_says_whether_a_paper_is_signed_and_the_sheet_of_which_day_it_is(client, world):
    change = suspension(world)
    client.force_login(world.registrar())
    page = client.get(reverse("approvals:request", args=[change.request_id])).content.decode()
    assert "未设单位证书，导出的PDF不签名，由单位盖章" in page
    assert approval_of(change.request, world.day).note.startswith("学生信息为")


def test_a_last_day_nobody_can_know_is_not_made_up(world):
    request = Request(kind="suspension", policy={"clock.days": 10}, due_on=None)
    assert due_words(request) == "10个工作日，到期日待国务院办公厅公布"
    request.due_on, request.due_review = date(2026, 12, 30), True
    assert due_words(request) == "10个工作日，至2026年12月30日（2027年放假安排公布后可能变动，待复核）"


def test_the_refusal_tells_fact_and_clause(client, world):
    change = suspension(world)
    client.force_login(world.registrar())
    sheet, _ = taken(client, address(change, "approval"))
    Change.objects.filter(pk=change.pk).update(reason="另有原因")
    assert "已被更替导出以后数据有变化" in check(client, sheet)
    Change.objects.filter(pk=change.pk).update(reason="家庭原因")
    assert "现行" in check(client, sheet)
    request = refused(world, change)
    paper, pdf = taken(client, address(change, "refusal"))
    entry, words = Entry.objects.filter(request=request, move="refuse").get(), text_of(pdf)
    rule = business_named(request.kind).book.by_id(entry.findings[0]["rule"])
    for told in (
        "不予休学通知书",
        "决定不予休学",
        rule.label,
        entry.findings[0]["fact"],
        rule.ground,
        "病历与申请不符",
        "教育局（盖章）",
    ):
        assert re.sub(r"\s+", "", told) in words, told
    assert "现行" in check(client, paper) and "已被更替申请不予办理" in check(client, sheet)
    assert paper.subject == request and sort_of(paper.kind).office(request).code == COUNTY
    change.request = Request.objects.get(pk=request.pk)
    change.request.change = change
    assert [p["label"] for p in papers_of(change.request)] == ["不予办理通知书"]


def test_the_base_information_is_printed_by_the_school_alone(client, world):
    enrolment = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", name=LONG_NAME)
    url = reverse("transfers:base_info", args=[enrolment.pk])
    equipped(world)
    client.force_login(world.head())
    paper, pdf = taken(client, url)
    words = text_of(pdf)
    for told in (
        "学生学籍基础信息表", LONG_NAME, id_number(1), f"G{id_number(1)}", "高二1班", "在读", "学籍所在学校", "转入学校意见",
        "2025年9月1日至今",
    ):  # fmt: skip
        assert told in words, told
    assert "现行" in check(client, paper) and is_signed(client, paper, pdf)
    KeyFacts.objects.update(name="马改")
    assert "已被更替导出以后数据有变化" in check(client, paper)
    client.force_login(world.county)
    response = client.post(url)
    assert "打印并盖章，请向该校索取" in said(response) and Paper.objects.count() == 1
    assert url not in client.get(reverse("transfers:student", args=[enrolment.pk])).content.decode()
    client.force_login(world.registrar())
    assert url in client.get(reverse("transfers:student", args=[enrolment.pk])).content.decode()
    client.force_login(world.registrar(OTHER_SCHOOL))
    assert client.post(url).status_code == 404
    client.logout()
    assert client.post(url).url.startswith("/login/")


def test_both_principals_sign_only_beyond_compulsory_schooling(world):
    junior = base_info_of(pupil(world, COUNTY_SCHOOL, grade=8, stage="junior"), world.day)
    assert [box.label for box in junior.boxes] == ["学籍所在学校"]


def test_strangers_and_who_is_not_signed_in(client, world):
    change = suspension(world)
    for kind in ("approval", "notice", "refusal"):
        assert client.post(address(change, kind)).url.startswith("/login/")
    client.force_login(world.registrar())
    for kind in ("annex1", "base_info", "x"):
        assert client.post(address(change, kind)).status_code == 404
    response = client.post(address(change, "notice"))
    assert "现在没有受理通知书" in said(response)
    assert client.get(address(change, "approval")).status_code == 405
    client.force_login(world.registrar(PREFECTURE_SCHOOL))
    filed(
        world,
        "death",
        pupil(world, PREFECTURE_SCHOOL, grade=11, stage="senior", serial=9),
        Departure(happened_on=world.day),
    )
    assert client.post(address(change, "approval")).status_code == 404
    assert not Paper.objects.exists()


def test_the_other_side_of_a_transfer_takes_out_the_sheet_and_a_reviewer_sees_the_papers(client, world):
    announce_terms(world)
    for organisation in Organisation.objects.filter(level__in=("county", "school")):
        OrganisationName.objects.filter(organisation=organisation).update(
            name=f"积石山保安族东乡族撒拉族自治县{organisation.short_name}"
        )
    former = pupil(world, OTHER_SCHOOL, grade=11, stage="senior", name=LONG_NAME)
    detail = Transfer(
        to_school=school(COUNTY_SCHOOL), to_stage="senior", to_grade=11, to_class="3班", agreed_on=world.day
    )
    change = with_papers(world, filed(world, "transfer", former, detail, school=COUNTY_SCHOOL))
    Change.objects.filter(pk=change.pk).update(reason="因父母工作调动随迁，" * 19)
    through(world, change, steps=2)
    client.force_login(world.registrar(OTHER_SCHOOL))
    paper, pdf = taken(client, address(change, "approval"))
    words = text_of(pdf)
    assert LONG_NAME in words and words.count("负责人（签名）") == 5 and "转出地县级审核" in words
    through(world, change, submit=False)
    assert "现行" in check(client, paper)  # what it says of the student is as it was filed
    page = client.get(reverse("approvals:request", args=[change.request_id])).content.decode()
    assert address(change, "approval") in page and address(change, "notice") not in page


DETAILS = {
    "withdrawal": (Withdrawal(ground="guardian_applies"), "附件格式未随通知下发，本表样式为假定"),
    "expulsion": (Expulsion(document_number="校〔2026〕1号", issued_on=date(2026, 9, 1)), "除名审批表"),
    "resumption": (Resumption(grade=11, school_class="2班"), "学生复学申请审批表"),
    "death": (Departure(happened_on=date(2026, 9, 1)), "学生死亡报告审批表"),
    "abroad": (Departure(happened_on=date(2026, 9, 1), place="法国"), "出国（境）报告审批表"),
}


@pytest.mark.parametrize("kind", DETAILS)
def test_every_business_has_its_sheet(world, kind):
    detail, told = DETAILS[kind]
    detail.pk = None
    change = filed(world, kind, pupil(world, COUNTY_SCHOOL, grade=11, stage="senior"), detail)
    sheet = approval_of(change.request, world.day)
    assert told in f"{sheet.title}{sheet.note}" and len(sheet.boxes) == 3 and sheet.papers
    assert all(not paper.present for paper in sheet.papers)


def test_key_information_stands_side_by_side_with_whole_numbers(world):
    enrolment = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")
    before = KeyFacts.objects.get(student=enrolment.student, valid_to=None)
    new = KeyInfoChange(
        before=before, name="马·小明", sex="1", birth_date=before.birth_date, id_number=Secret(id_number(77))
    )
    change = filed(world, "key_info", enrolment, new)
    sheet = approval_of(change.request, world.day)
    assert (sheet.sides[0].now, sheet.sides[0].new) == ("马小明", "马·小明")
    assert (sheet.sides[-1].now, sheet.sides[-1].new) == (id_number(1), id_number(77))
    assert "变更为" in text_of(approval_pdf(replace(sheet, reason="更正" * 100)))


def test_cells_stand_two_by_two():
    lines = (Line("甲", "一"), Line("乙", "二" * 15), Line("丙", "三"), Line("丁", "四"), Line("戊", "五"))
    assert [[line.label for line in row] for row in in_rows(lines)] == [["甲"], ["乙"], ["丙", "丁"], ["戊"]]
