"""专项督查 on its pages: who finds them, what they do, what they refuse; and that they ask little."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from registry.demo.proofs import proof
from registry.inspecting import onsite
from registry.models import Finding, InspectedStudent, InspectionNotice, InspectionPhoto, InspectionRound, Paper
from tests.registry.inspections import chief, failed, found, inspected, planned, pupils, tick, underway
from tests.world import COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL

LIST, PLAN = reverse("registry:inspections"), reverse("registry:plan_inspection")


def url(name: str, *args) -> str:
    return reverse(f"registry:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def visit(world):
    return underway(world)


def addresses(visit) -> tuple[list[str], list[str]]:
    """(pages to read, deeds) of a visit with all there is."""
    one, photo, finding = visit.people.first(), visit.photos.first(), visit.findings.first()
    reads = [
        url("inspection", visit.round_id),
        url("visit", visit.pk),
        url("finding", finding.pk),
        url("inspection_photo", photo.pk),
    ]
    deeds = [
        url("call_off_inspection", visit.round_id), url("inspection_file", visit.round_id), url("begin_visit", visit.pk), url("finish_visit", visit.pk),
        url("visit_site", visit.pk), url("visit_photo", visit.pk), url("new_finding", visit.pk), url("visit_notice", visit.pk), url("inspected", one.pk),
    ]  # fmt: skip
    return reads, deeds


def test_signed_out_and_strangers(world, client):
    visit = inspected(world)
    reads, deeds = addresses(visit)
    paper = url("notice_paper", visit.notices.get().pk)
    for address in (LIST, PLAN, *reads, *deeds, paper):
        assert client.get(address).headers["Location"].startswith(reverse("login"))
    pupils(world, OTHER_SCHOOL)
    planned(world, OTHER_SCHOOL, office=OTHER_COUNTY, by=world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    for role, code in (
        (Role.REGISTRAR, OTHER_SCHOOL),
        (Role.HEAD, PREFECTURE_SCHOOL),
        (Role.COUNTY_HEAD, OTHER_COUNTY),
        (Role.ACCOUNT_ADMIN, PREFECTURE),
    ):
        client.force_login(world.user(role, code))
        assert {client.get(address).status_code for address in reads} == {404}, role
        assert {
            client.post(address, {"note": "x", "result": "present"}).status_code for address in (*deeds, paper)
        } == {404}, role
        assert client.get(PLAN).status_code == (200 if role == Role.COUNTY_HEAD else 404)
        assert client.get(LIST).status_code == (404 if role == Role.ACCOUNT_ADMIN else 200)
    client.force_login(world.head())
    assert {client.get(address).status_code for address in reads} == {200}
    assert {client.post(address, {"note": "x"}).status_code for address in deeds} == {404}
    assert client.get(PLAN).status_code == client.post(PLAN).status_code == 404


def test_a_round_is_planned(world, client):
    pupils(world)
    client.force_login(world.county)
    shown = text(client.get(PLAN))
    assert "广河县" in shown and "假定" in shown and "予以通报" not in shown
    data = {
        "title": "秋季督查", "starts_on": "20260916", "ends_on": "20260930", "roster_on": "20260916", "classes": "2", "students": "2",
        "seed": "7", "team": [world.county.pk], "others": "马某 督导室", "schools": [world.organisation(COUNTY_SCHOOL).pk],
    }  # fmt: skip
    wrong = client.post(PLAN, data | {"schools": [], "seed": "x"})
    assert wrong.status_code == 422 and "请勾选至少一所学校" in text(wrong)
    assert client.post(PLAN, data | {"ends_on": "20260901"}).status_code == 422
    made = client.post(PLAN, data)
    one = InspectionRound.objects.get()
    assert made.headers["Location"] == url("inspection", one.pk)
    assert "共抽取4名学生" in text(client.get(url("inspection", one.pk))) and "马某" in text(
        client.get(url("inspection", one.pk))
    )
    assert "已计划" in text(client.get(LIST))
    assert client.post(PLAN, data).status_code == 422
    off = url("call_off_inspection", one.pk)
    assert client.post(off, {"reason": ""}).status_code == 422
    assert client.post(off, {"reason": "改期"}).status_code == 302
    assert "改期" in text(client.get(url("inspection", one.pk)))
    assert client.post(off, {"reason": "改期"}).status_code == 422


def test_on_site(world, client):
    pupils(world)
    visit = planned(world).visits.get()
    client.force_login(world.county)
    site = url("visit_site", visit.pk)
    assert "开始检查" in text(client.get(url("visit", visit.pk))) and "请先点" in text(client.get(site))
    assert client.post(url("begin_visit", visit.pk)).headers["Location"] == site
    assert client.post(url("begin_visit", visit.pk)).headers["Location"] == url("visit", visit.pk)
    shown = text(client.get(site))
    one = visit.people.order_by("grade", "school_class", "name", "pk").first()
    assert one.name in shown and one.enrolment.student.national_number.reveal() not in shown
    address, key = url("inspected", one.pk), str(uuid4())
    sent = {"result": "absent", "note": "请假", "key": key, "seen": "0"}
    assert (
        client.post(address, sent).json()
        == client.post(address, sent).json()
        == {"version": 1, "result": "absent", "note": "请假", "words": "已保存"}
    )
    client.force_login(chief(world))
    clash = client.post(address, {"result": "present", "note": "", "key": str(uuid4()), "seen": "0"})
    assert clash.status_code == 409 and clash.json()["version"] == 1 and "请核对" in clash.json()["words"]
    assert client.post(address, {"result": "gone", "seen": "1"}).status_code == 422
    assert client.post(address, {"result": "present", "seen": "x"}).status_code == 409
    # Without script the page is sent whole.
    page = client.post(
        site,
        {f"seen-{s.pk}": "0" for s in visit.people.all()} | {f"result-{s.pk}": "present" for s in visit.people.all()},
    )
    assert page.status_code == 422 and one.name in text(page)
    assert visit.people.filter(result="present").count() == 3
    assert client.post(url("finish_visit", visit.pk)).status_code == 302
    assert "现场已结束" in text(client.get(url("visit", visit.pk)))
    assert client.post(site, {f"seen-{one.pk}": "1", f"result-{one.pk}": "present"}).status_code == 422


def test_finishing_too_early_is_refused(world, client, visit):
    client.force_login(world.county)
    assert "还有4名" in text(client.post(url("finish_visit", visit.pk), follow=True))


def test_a_picture(world, client, visit):
    client.force_login(world.county)
    address, key = url("visit_photo", visit.pk), str(uuid4())
    student = visit.people.first()
    assert "selected" in text(client.get(address, {"student": student.pk}))
    assert client.post(address, {"key": key}).status_code == 422
    picture = {
        "photo": SimpleUploadedFile("照片.png", proof(("CLASS",))),
        "key": key,
        "student": student.pk,
        "caption": "教室",
    }
    assert client.post(address, picture).status_code == 302
    kept = InspectionPhoto.objects.get()
    shown = client.get(url("inspection_photo", kept.pk))
    assert shown["Content-Type"] == "image/png" and "no-store" in shown["Cache-Control"]
    assert "教室" in text(client.get(url("visit", visit.pk)))
    for one in visit.people.all():
        tick(one, world.county)
    onsite.finish(visit=visit, by=world.county)
    again = {"photo": SimpleUploadedFile("照片.png", proof(("CLASS",))), "key": str(uuid4())}
    assert client.post(address, again).status_code == 422


def test_a_finding_from_beginning_to_end(world, client, visit):
    client.force_login(world.county)
    new = url("new_finding", visit.pk)
    assert 'value="2026-10-' in text(client.get(new))
    data = {
        "key": str(uuid4()),
        "clause": "一（二）",
        "words": "学生不在校",
        "due_on": "20260930",
        "student": visit.people.first().pk,
    }
    assert client.post(new, data | {"words": ""}).status_code == 422
    assert client.post(new, data | {"due_on": "20200101"}).status_code == 422
    assert client.post(new, data).status_code == 302
    one = Finding.objects.get()
    page = url("finding", one.pk)
    assert 'name="words"' not in text(client.get(page))
    assert client.post(page, {"act": "pass", "words": "x", "seen": "open"}).status_code == 422
    client.force_login(world.registrar())
    assert "学生不在校" in text(client.get(page)) and 'name="words"' not in text(client.get(page))
    client.force_login(world.head())
    assert client.post(page, {"act": "answer", "words": "", "seen": "open"}).status_code == 422
    assert client.post(page, {"act": "answer", "words": "属实", "seen": "open"}).status_code == 302
    assert client.post(page, {"act": "report", "words": "x", "seen": "open"}).status_code == 422
    photo = SimpleUploadedFile("照片.png", proof(("DONE",)))
    assert (
        client.post(page, {"act": "report", "words": "已办理", "seen": "answered", "photo": photo}).status_code == 302
    )
    assert "佐证照片" in text(client.get(page))
    client.force_login(world.county)
    assert client.post(page, {"act": "fail", "words": "仍不在", "seen": "reported"}).status_code == 302
    assert "整改不到位" in text(client.get(page))
    notice = url("visit_notice", visit.pk)
    assert "负责人签发" in text(client.get(notice))
    sent = {
        "number": "广教发〔2026〕9号",
        "findings": [one.pk],
        "words": "责令整改",
        "posts": ["0"],
        "others": "马某 副校长",
    }
    assert client.post(notice, sent).status_code == 422
    client.force_login(chief(world))
    assert "签发通报" in text(client.get(url("visit", visit.pk)))
    assert client.post(notice, sent | {"others": "马某"}).status_code == 422
    assert client.post(notice, sent).status_code == 302
    made = InspectionNotice.objects.get()
    assert [(p.post, p.office) for p in made.people.order_by("pk")][1] == ("副校长", visit.school.name)
    client.force_login(world.head())
    pdf = client.post(url("notice_paper", made.pk))
    assert pdf.content.startswith(b"%PDF") and Paper.objects.get().inspection == made
    assert "现行" in text(client.get(reverse("registry:check_code", args=[Paper.objects.get().code])))
    assert TrailEntry.objects.filter(action__in=("签发督查通报", "导出督查通报")).count() == 2


def test_excel_of_a_round(world, client, visit):
    for one in visit.people.all():
        tick(one, world.county, "absent")
    found(world, visit)
    client.force_login(world.county)
    sheet = load_workbook(BytesIO(client.post(url("inspection_file", visit.round_id)).content)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert len(rows) == 4 and sum("学生不在校" in row for row in rows) == 1 and "抽样种子7" in sheet["A1"].value
    assert all(row[4].startswith("J") for row in rows)
    assert TrailEntry.objects.get(action="导出督查结果").after == {"count": 4}


def test_pages_ask_little_however_many_schools(world, client, django_assert_max_num_queries):
    for n, school in enumerate((COUNTY_SCHOOL, PREFECTURE_SCHOOL, OTHER_SCHOOL), 1):
        pupils(world, school)
        made = planned(
            world,
            *(COUNTY_SCHOOL, PREFECTURE_SCHOOL, OTHER_SCHOOL)[:n],
            office=PREFECTURE,
            by=world.centre,
            title=f"第{n}次",
        )
    for visit in made.visits.all():
        onsite.begin(visit=visit, by=world.centre)
    one = made.visits.get(school__code=COUNTY_SCHOOL)
    client.force_login(world.centre)
    for address in (LIST, url("inspection", made.pk), url("visit", one.pk), url("visit_site", one.pk), PLAN):
        client.get(address)
        with django_assert_max_num_queries(12):
            client.get(address)


def test_a_county_of_the_prefecture_s_round_reads_and_does_nothing(world, client):
    pupils(world)
    visit = planned(world, office=PREFECTURE, by=world.centre).visits.get()
    client.force_login(world.county)
    assert client.get(url("visit", visit.pk)).status_code == 404
    onsite.begin(visit=visit, by=world.centre)
    assert client.get(url("visit", visit.pk)).status_code == 200
    for address in (url("visit_site", visit.pk), url("new_finding", visit.pk), url("inspection_file", visit.round_id)):
        assert client.post(address).status_code == 404
    assert InspectedStudent.objects.visible_to(world.county).exists()


def test_what_is_not_put_right_is_told_on_the_visit(world, client, visit):
    failed(world, visit)
    client.force_login(world.county)
    assert "对问题整改不到位的予以通报并追究学校及相关人员责任" in text(client.get(url("visit", visit.pk)))
