"""Forms, 上报材料包, the province's reply and the voiding of a number: signed out, stranger, success, refusal."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from approvals.enums import State
from linxia_xueji.models import TrailEntry
from registry.models import IssuedNumber, NumberVoiding, ProvinceReply
from tests.registry.typed import deferral, picture, reported, said, scan
from tests.world import OTHER_SCHOOL, PREFECTURE


def url(name: str, *args) -> str:
    return reverse(f"registry:{name}", args=args)


@pytest.fixture
def draft(world):
    return world.batch(3)


@pytest.fixture
def busy(world):
    world.batch(2, school=OTHER_SCHOOL)
    return world.registrar(OTHER_SCHOOL)


@pytest.fixture
def outside(world, settings):
    """A batch waiting for a province that does not use the portal."""
    from datetime import date

    from linxia_xueji.policy import decide

    prefecture = world.organisation(PREFECTURE)
    decide(
        organisation=prefecture,
        key="province.in_portal",
        value=False,
        effective_from=date(2026, 1, 1),
        document_number="1号",
        by=world.centre,
    )
    return world.to(world.batch(3), 3)


def workbook(rows: list[tuple[str, str]], headers=("准考证号", "学号")) -> SimpleUploadedFile:
    book, buffer = Workbook(), io.BytesIO()
    book.active.append(headers)
    for row in rows:
        book.active.append(row)
    book.save(buffer)
    return SimpleUploadedFile("numbers.xlsx", buffer.getvalue())


def reply_of(batch, numbers: dict[int, str] | None = None, **changes) -> dict:
    people = list(batch.candidates.order_by("exam_number").values_list("exam_number", flat=True))
    numbers = numbers if numbers is not None else {0: "261324010001", 1: "261324010005", 2: "261324010007"}
    sheet = workbook([(people[at], number) for at, number in numbers.items()])
    return {
        "document_number": "甘教基函〔2026〕9号",
        "replied_on": "20260915",
        "scan": scan(),
        "sheet": sheet,
    } | changes


class TestForms:
    @pytest.mark.parametrize("form", ["annex1", "annex2"])
    def test_ask_for_the_sign_in(self, client, draft, form):
        assert client.get(url("annex", draft.pk, form)).url.startswith("/login/")
        assert client.post(url("annex_file", draft.pk, form, "pdf")).url.startswith("/login/")

    @pytest.mark.parametrize("form", ["annex1", "annex2"])
    def test_a_busy_stranger_gets_404(self, client, draft, busy, form):
        client.force_login(busy)
        assert client.get(url("annex", draft.pk, form)).status_code == 404
        assert client.post(url("annex_file", draft.pk, form, "pdf")).status_code == 404
        assert client.post(url("bundle", draft.pk)).status_code == 404

    def test_unknown_forms_and_formats(self, client, world, draft):
        client.force_login(world.registrar())
        assert client.get(url("annex", draft.pk, "annex3")).status_code == 404
        assert client.post(url("annex_file", draft.pk, "annex1", "doc")).status_code == 404
        assert client.get(url("annex_file", draft.pk, "annex1", "pdf")).status_code == 405

    def test_the_preview_stands_beside_the_check(self, client, world, draft):
        client.force_login(world.registrar())
        page = client.get(url("annex", draft.pk, "annex1")).content.decode()
        assert "附表1" in page and "学校栏未签署" in page and "县级审批栏未填" in page and "待填" in page
        world.to(draft, 2)
        page = client.get(url("annex", draft.pk, "annex1")).content.decode()
        assert "与附件2名单一致" in page and "县级审批栏已填" in page and "2146" in page and "学号连续、无重号" in page

    def test_the_preview_masks_and_the_file_does_not(self, client, world, draft):
        client.force_login(world.registrar())
        page = client.get(url("annex", draft.pk, "annex2")).content.decode()
        response = client.post(url("annex_file", draft.pk, "annex2", "xlsx"))
        cells = {c.value for row in load_workbook(io.BytesIO(response.content)).active.iter_rows() for c in row}
        for person in draft.candidates.all():
            assert person.id_number.reveal() not in page and str(person.id_number) in page
            assert person.id_number.reveal() in cells

    @pytest.mark.parametrize(
        ("form", "format", "mark"),
        [("annex1", "pdf", b"%PDF"), ("annex1", "xlsx", b"PK"), ("annex2", "pdf", b"%PDF"), ("annex2", "xlsx", b"PK")],
    )
    def test_a_file_is_taken_out_on_record(self, client, world, draft, form, format, mark):
        client.force_login(world.county)
        response = client.post(url("annex_file", draft.pk, form, format))
        assert response.content.startswith(mark) and "attachment" in response["Content-Disposition"]
        entry = TrailEntry.objects.filter(action__startswith="导出附件").get()
        assert entry.by == world.county and entry.after["format"] == format
        assert entry.after["count"] == (3 if form == "annex2" else 0)

    def test_the_package_has_all_of_it(self, client, world, draft):
        people = list(draft.candidates.order_by("exam_number"))
        client.force_login(world.registrar())
        client.post(url("reported", people[0].pk), reported(people[0], name="马海鑫"))
        client.post(url("ask_letter", people[0].pk), {"note": ""})
        client.post(url("defer", people[1].pk), deferral())
        client.force_login(world.county)
        client.post(url("issue_letter", people[0].letters.get().pk), {"number": "1号", "proof": scan()})
        client.force_login(world.head())
        client.post(url("accept", people[1].deferrals.get().pk))
        response = client.post(url("bundle", draft.pk))
        with zipfile.ZipFile(io.BytesIO(response.content)) as package:
            assert package.namelist() == [
                "附件1.pdf", "附件1.xlsx", "附件2.pdf", "附件2.xlsx", "更正便函/001-便函.pdf", "更正便函/001-证明材料.png",
                "延期注册/001-证明材料.png", "清单.xlsx",
            ]  # fmt: skip
            assert package.read("更正便函/001-证明材料.png") == picture()
        assert TrailEntry.objects.get(action="导出上报材料包").after == {"files": 7}


class TestReply:
    @pytest.mark.parametrize("name", ["reply", "record_reply"])
    def test_asks_for_the_sign_in_and_for_the_right(self, client, world, outside, busy, name):
        assert client.post(url(name, outside.pk)).url.startswith("/login/")
        client.force_login(busy)
        assert client.post(url(name, outside.pk)).status_code == 404
        client.force_login(world.registrar())
        assert "只有州学管中心" in said(client.post(url(name, outside.pk)))

    def test_the_page_says_why_not(self, client, world, draft):
        client.force_login(world.centre)
        assert "不能登记省厅批复" in client.get(url("reply", draft.pk)).content.decode()

    def test_the_province_in_the_portal_decides_itself(self, client, world, draft):
        world.to(draft, 3)
        client.force_login(world.centre)
        assert "省厅在本门户审批" in said(client.post(url("reply", draft.pk), reply_of(draft)))

    def test_differences_first_then_the_record(self, client, world, outside):
        client.force_login(world.centre)
        assert (
            url("reply", outside.pk)
            in client.get(reverse("approvals:request", args=[outside.request_id])).content.decode()
        )
        assert client.get(url("reply", outside.pk)).status_code == 200
        checked = client.post(url("reply", outside.pk), reply_of(outside))
        page = checked.content.decode()
        assert "2人与拟注册学号不同" in page and "261324010005" in page
        assert not ProvinceReply.objects.exists() and not IssuedNumber.objects.exists()
        response = client.post(url("record_reply", outside.pk), {"reply": checked.context["reply"]})
        assert response.url == reverse("approvals:request", args=[outside.request_id])
        assert set(IssuedNumber.objects.values_list("number", flat=True)) == {
            "261324010001",
            "261324010005",
            "261324010007",
        }
        outside.request.refresh_from_db()
        assert outside.request.state == State.APPROVED
        client.post(url("record_reply", outside.pk), {"reply": checked.context["reply"]})
        assert ProvinceReply.objects.count() == 1
        assert "学号有间隔" in client.get(url("annex", outside.pk, "annex2")).content.decode()

    def test_who_is_left_out_is_held_back(self, client, world, outside):
        client.force_login(world.centre)
        checked = client.post(url("reply", outside.pk), reply_of(outside, {0: "261324010001"}))
        assert checked.content.decode().count("未列入") >= 2
        client.post(url("record_reply", outside.pk), {"reply": checked.context["reply"]})
        assert outside.candidates.exclude(held_back="").count() == 2

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"document_number": ""}, "请填写批复文号"), ({"replied_on": "20260917"}, "不能晚于今天"), ({"replied_on": "x"}, "不是有效日期"),
            ({"scan": ""}, "请选择批复扫描件"), ({"sheet": ""}, "请选择学号表"), ({"sheet": SimpleUploadedFile("x.xlsx", b"text")}, "不是.xlsx工作簿"),
            ({"sheet": workbook([("1", "261324010001")])}, "不在本批次申请名单内"), ({"sheet": workbook([], ("姓名", "学号"))}, "没有找到表头"),
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_said(self, client, world, outside, changes, sentence):
        for value in changes.values():
            if hasattr(value, "seek"):
                value.seek(0)
        client.force_login(world.centre)
        response = client.post(url("reply", outside.pk), reply_of(outside, **changes))
        assert response.status_code == 422 and sentence in response.content.decode()

    def test_only_what_was_checked_can_be_recorded(self, client, world, outside):
        client.force_login(world.centre)
        assert "请重新上传" in said(client.post(url("record_reply", outside.pk), {"reply": "nonsense"}))
        assert not ProvinceReply.objects.exists()


class TestVoiding:
    @pytest.fixture
    def registered(self, world, draft):
        world.to(draft, 4)
        return draft.candidates.order_by("exam_number").first()

    def test_asks_for_the_sign_in_and_the_batch(self, client, registered, busy):
        assert client.post(url("void", registered.pk), {"reason": "x"}).url.startswith("/login/")
        client.force_login(busy)
        assert client.post(url("void", registered.pk), {"reason": "x"}).status_code == 404

    def test_the_registrar_begins_it(self, client, world, registered):
        client.force_login(world.registrar())
        assert ">作废学号</h2>" in client.get(url("candidate", registered.pk)).content.decode()
        assert client.post(url("void", registered.pk), {"reason": ""}).status_code == 422
        response = client.post(url("void", registered.pk), {"reason": "重复注册"})
        voiding = NumberVoiding.objects.get()
        assert response.url == reverse("approvals:request", args=[voiding.request_id])
        page = client.get(response.url).content.decode()
        assert voiding.number_id in page and "重复注册" in page and registered.name in page
        assert "已有在办" in said(client.post(url("void", registered.pk), {"reason": "再次"}))

    def test_nobody_else_and_nothing_without_a_number(self, client, world, registered):
        client.force_login(world.centre)
        assert "只有" in said(client.post(url("void", registered.pk), {"reason": "x"}))
        assert ">作废学号</h2>" not in client.get(url("candidate", registered.pk)).content.decode()
        client.force_login(world.registrar())
        type(registered).objects.filter(pk=registered.pk).update(enrolment=None)
        assert "还没有下发学号" in said(client.post(url("void", registered.pk), {"reason": "x"}))
        assert not NumberVoiding.objects.exists()
