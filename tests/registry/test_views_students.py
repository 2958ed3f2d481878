"""The page of a student, and letters: signed out, stranger, success, refusal."""

import io
from datetime import date

import pikepdf
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from linxia_xueji.enums import Role
from linxia_xueji.models import FileUse, TrailEntry
from registry.enums import Arrival
from registry.models import CorrectionLetter, Deferral
from registry.papers import ask_for_letter
from tests.world import COUNTY, OTHER_COUNTY, OTHER_SCHOOL, id_number

POSTS = ("reported", "ask_letter", "defer", "hold", "reveal", "strike", "void")
LETTER_POSTS = ("issue_letter", "decline_letter", "reveal_letter", "letter_paper")


def said(response) -> str:
    return "；".join(str(m) for m in get_messages(response.wsgi_request))


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 80)) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size, 200).save(buffer, kind)
    return buffer.getvalue()


def document(password: str = "") -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner=password, user=password) if password else None)
    return buffer.getvalue()


def scan(content: bytes | None = None, name: str = "proof.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content)


def deferral(**changes) -> dict:
    return {"kind": "deferral", "reason": "因病住院", "until": "20261020", "proof": scan()} | changes


@pytest.fixture
def draft(world):
    return world.batch(3)


@pytest.fixture
def person(draft):
    return draft.candidates.order_by("exam_number").first()


@pytest.fixture
def busy(world):
    world.batch(2, school=OTHER_SCHOOL)
    return world.registrar(OTHER_SCHOOL)


def reported(person, **changes) -> dict:
    same = {
        "name": person.name,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "birth_date": "2010-03-05",
        "id_number": "",
        "score": "512.5",
    }
    return same | changes


def url(name: str, pk: int) -> str:
    return reverse(f"registry:{name}", args=[pk])


class TestStudent:
    @pytest.mark.parametrize("name", [*POSTS, "candidate"])
    def test_asks_for_the_sign_in(self, client, person, name):
        response = client.get(url(name, person.pk)) if name == "candidate" else client.post(url(name, person.pk))
        assert response.status_code == 302 and response.url.startswith("/login/")

    @pytest.mark.parametrize("name", [*POSTS, "candidate"])
    def test_a_busy_stranger_gets_404(self, client, person, busy, name):
        client.force_login(busy)
        before = TrailEntry.objects.count()
        response = (
            client.get(url(name, person.pk))
            if name == "candidate"
            else client.post(url(name, person.pk), reported(person, name="X"))
        )
        assert response.status_code == 404 and TrailEntry.objects.count() == before

    @pytest.mark.parametrize("name", [n for n in POSTS if n != "strike"])
    def test_a_get_writes_nothing(self, client, world, person, name):
        client.force_login(world.registrar())
        assert client.get(url(name, person.pk)).status_code == 405

    def test_all_who_may_see_it_see_masked_ids(self, client, world, person):
        for user in (
            world.registrar(),
            world.head(),
            world.county,
            world.centre,
            world.province,
            world.user(Role.AUDITOR, "622900"),
        ):
            client.force_login(user)
            page = client.get(url("candidate", person.pk)).content.decode()
            assert str(person.id_number) in page and person.id_number.reveal() not in page

    def test_the_whole_number_is_shown_once_and_on_record(self, client, world, person):
        client.force_login(world.county)
        assert person.id_number.reveal() in client.post(url("reveal", person.pk)).content.decode()
        entry = TrailEntry.objects.filter(action="显示完整身份证号").get()
        assert (entry.by, entry.target_id) == (world.county, str(person.pk))
        assert person.id_number.reveal() not in str((entry.before, entry.after, entry.target_label))
        assert person.id_number.reveal() not in client.get(url("candidate", person.pk)).content.decode()

    @pytest.mark.parametrize("day", ["20100306", "2010-03-06", "2010.3.6", "2010/3/6", "2010年3月6日"])
    def test_the_birth_date_is_typed_as_people_type_it(self, client, world, person, day):
        client.force_login(world.registrar())
        response = client.post(url("reported", person.pk), reported(person, birth_date=day))
        assert response.status_code == 302 and "出生日期与身份证号不一致" in said(response)
        person.refresh_from_db()
        assert person.birth_date == date(2010, 3, 6)

    def test_what_is_left_empty_stays(self, client, world, person):
        client.force_login(world.registrar())
        client.post(url("reported", person.pk), reported(person))
        before = person.id_number.reveal()
        person.refresh_from_db()
        assert person.id_number.reveal() == before
        assert not TrailEntry.objects.filter(action="登记报到信息").exists()

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("id_number", "62292420100305001", "身份证号有17位"), ("id_number", id_number(7)[:-1] + "a", "末位校验不符"),
            ("birth_date", "20100231", "不是有效日期"), ("score", "abc", "中考成绩须是数字"), ("name", "", "请填写姓名"),
            ("name", "马•海明", "马·海明"), ("ethnicity", "99", "已不可用"),
        ],
    )  # fmt: skip
    def test_a_wrong_field_is_said_and_what_was_typed_stays(self, client, world, person, field, value, sentence):
        client.force_login(world.registrar())
        response = client.post(url("reported", person.pk), reported(person, **{field: value}))
        page = response.content.decode()
        assert response.status_code == 422 and sentence in page and "错误：" in page
        if field in ("id_number", "birth_date", "score"):
            assert f'value="{value}"' in page

    def test_a_dot_is_kept_as_entered_when_that_is_wanted(self, client, world, person):
        client.force_login(world.registrar())
        client.post(url("reported", person.pk), reported(person, name="马•海明", keep_name="on"))
        person.refresh_from_db()
        assert person.name == "马•海明"

    def test_a_full_width_number_is_understood(self, client, world, person):
        client.force_login(world.registrar())
        client.post(url("reported", person.pk), reported(person, id_number=f" {id_number(77)} "))
        person.refresh_from_db()
        assert person.id_number.reveal() == id_number(77)

    def test_others_enter_nothing(self, client, world, person):
        for user in (world.head(), world.county, world.centre):
            client.force_login(user)
            assert "只有" in said(client.post(url("reported", person.pk), reported(person, name="别人")))
        person.refresh_from_db()
        assert person.name != "别人"

    def test_hold_back_and_take_in(self, client, world, person):
        client.force_login(world.registrar())
        assert client.post(url("hold", person.pk), {"reason": ""}).status_code == 422
        client.post(url("hold", person.pk), {"reason": "材料待补"})
        person.refresh_from_db()
        assert person.held_back == "材料待补"
        client.post(url("hold", person.pk), {"reason": "材料待补", "take_in": "1"})
        person.refresh_from_db()
        assert person.held_back == ""
        client.force_login(world.head())
        assert "只有" in said(client.post(url("hold", person.pk), {"reason": "材料待补"}))


class TestDeferral:
    def test_enter_and_accept(self, client, world, person):
        client.force_login(world.registrar())
        assert "待校长同意" in said(client.post(url("defer", person.pk), deferral()))
        entered = Deferral.objects.get()
        assert (entered.until, entered.proof.content_type) == (date(2026, 10, 20), "image/png")
        person.refresh_from_db()
        assert person.arrival == Arrival.DEFERRED
        accept = url("accept", entered.pk)
        assert "校长同意" in said(client.post(accept))
        client.force_login(world.head())
        assert "同意延期注册" in client.get(url("candidate", person.pk)).content.decode()
        assert "已同意" in said(client.post(accept))
        entered.refresh_from_db()
        assert entered.accepted_by == world.head()
        assert "已同意" in said(client.post(accept))

    def test_a_stranger_accepts_nothing(self, client, world, person, busy):
        client.force_login(world.registrar())
        client.post(url("defer", person.pk), deferral())
        client.force_login(world.head(OTHER_SCHOOL))
        assert client.post(url("accept", Deferral.objects.get().pk)).status_code == 404
        client.logout()
        assert client.post(url("accept", Deferral.objects.get().pk)).url.startswith("/login/")

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"until": ""}, "延期至哪一天"), ({"until": "20260916"}, "须晚于今天"), ({"reason": ""}, "请填写原因"), ({"kind": ""}, "请选择类别"),
            ({"proof": ""}, "请选择证明材料"),
        ],
    )  # fmt: skip
    def test_what_is_missing_is_said_and_nothing_is_kept(self, client, world, person, changes, sentence):
        client.force_login(world.registrar())
        before = FileUse.objects.count()
        response = client.post(url("defer", person.pk), deferral(**changes))
        assert response.status_code == 422 and sentence in response.content.decode()
        assert not Deferral.objects.exists() and FileUse.objects.count() == before

    @pytest.mark.parametrize(
        ("content", "name", "sentence"),
        [
            (b"MZ\x90\x00 program", "proof.png", "不是JPEG、PNG图片或PDF"), (b"<html>", "proof.pdf", "不是JPEG、PNG图片或PDF"),
            (picture()[:60], "proof.png", "无法打开"), (b"%PDF-1.7 nothing", "proof.pdf", "无法打开"), (document("geheim"), "proof.pdf", "设有密码"),
            (b"\xff\xd8\xff" + bytes(2 * 1024 * 1024), "proof.jpg", "超过2 MB"), (b"%PDF-" + bytes(10 * 1024 * 1024), "proof.pdf", "超过10 MB"),
            (b"", "proof.png", "文件是空的"),
        ],
    )  # fmt: skip
    def test_a_proof_is_what_its_content_is(self, client, world, person, content, name, sentence):
        client.force_login(world.registrar())
        response = client.post(url("defer", person.pk), deferral(proof=scan(content, name)))
        assert response.status_code == 422 and sentence in response.content.decode()

    @pytest.mark.parametrize(("content", "kind"), [(picture("JPEG"), "image/jpeg"), (document(), "application/pdf")])
    def test_other_kinds_of_proof(self, client, world, person, content, kind):
        client.force_login(world.registrar())
        client.post(url("defer", person.pk), deferral(proof=scan(content, "名称.bin"), kind="force_majeure", until=""))
        entered = Deferral.objects.get()
        assert (entered.kind, entered.proof.content_type) == ("force_majeure", kind)


class TestStrike:
    def test_whose_turn_it_is_strikes_with_rule_and_reason(self, client, world, draft, person):
        world.to(draft, 1)
        client.force_login(world.county)
        page = client.get(url("strike", person.pk)).content.decode()
        assert "不予注册学籍" in page and "确认核减" in page
        seen = draft.request.version
        assert client.post(url("strike", person.pk), {"rule": "", "note": "", "seen": seen}).status_code == 422
        response = client.post(url("strike", person.pk), {"rule": "enrolment.no_show", "note": "未到校", "seen": seen})
        assert response.url == reverse("approvals:request", args=[draft.request_id])
        person.refresh_from_db()
        assert (person.struck_by, person.strike_rule, person.strike_reason) == (
            world.county,
            "enrolment.no_show",
            "未到校",
        )
        assert "未到校" in client.get(url("candidate", person.pk)).content.decode()

    def test_others_are_told_whose_turn_it_is(self, client, world, draft, person):
        world.to(draft, 1)
        for user in (world.registrar(), world.centre):
            client.force_login(user)
            assert "现由" in client.get(url("strike", person.pk)).content.decode()
            assert "现由" in said(
                client.post(url("strike", person.pk), {"rule": "enrolment.no_show", "note": "未到校"})
            )
        person.refresh_from_db()
        assert person.struck_on is None

    def test_a_stale_page_strikes_nobody(self, client, world, draft, person):
        world.to(draft, 1)
        client.force_login(world.county)
        data = {"rule": "enrolment.no_show", "note": "未到校", "seen": draft.request.version - 1}
        assert "页面已更新" in said(client.post(url("strike", person.pk), data))
        person.refresh_from_db()
        assert person.struck_on is None


@pytest.fixture
def letter(world):
    """Asked by the school of one county from another, where the student sat the examination."""
    world.plan(1)
    world.admit(1, exam_county=OTHER_COUNTY)
    from linxia_xueji.secrets import Secret
    from registry.batches import enter_reported, mark, open_batch

    registrar = world.registrar()
    batch = open_batch(school=world.organisation("3462990006"), year=2026, by=registrar, on=world.day)
    mark(batch=batch, candidates=list(batch.candidates.values_list("pk", flat=True)), arrival="reported", by=registrar)
    candidate = enter_reported(
        candidate=batch.candidates.get(), values={"id_number": Secret(id_number(88)), "ethnicity": "26"}, by=registrar
    )
    return ask_for_letter(candidate=candidate, note="以户口簿为准", by=registrar)


class TestLetter:
    @pytest.fixture
    def issuer(self, world):
        return world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY)

    def test_the_school_asks(self, client, world, person):
        client.force_login(world.registrar())
        assert "不需要更正便函" in said(client.post(url("ask_letter", person.pk), {"note": ""}))
        client.post(url("reported", person.pk), reported(person, name="马海鑫"))
        page = client.get(url("candidate", person.pk)).content.decode()
        assert "申请更正便函" in page and "不一致，须更正便函" in page
        assert "已向" in said(client.post(url("ask_letter", person.pk), {"note": "户口簿"}))
        assert "尚未出具" in said(client.post(url("ask_letter", person.pk), {"note": ""}))
        assert CorrectionLetter.objects.get().issuer.code == COUNTY

    @pytest.mark.parametrize("name", [*LETTER_POSTS, "letter"])
    def test_asks_for_the_sign_in(self, client, letter, name):
        response = client.get(url(name, letter.pk)) if name == "letter" else client.post(url(name, letter.pk))
        assert response.status_code == 302 and response.url.startswith("/login/")

    @pytest.mark.parametrize("name", [*LETTER_POSTS, "letter"])
    def test_a_busy_stranger_gets_404(self, client, world, letter, name):
        world.batch(2, school="3462900001")
        client.force_login(world.registrar("3462900001"))
        response = (
            client.get(url(name, letter.pk))
            if name == "letter"
            else client.post(url(name, letter.pk), {"number": "1", "proof": scan(), "reason": "x"})
        )
        assert response.status_code == 404

    def test_who_may_see_it_and_only_masked(self, client, world, letter, issuer):
        for user in (issuer, world.registrar(), world.head(), world.county, world.centre):
            client.force_login(user)
            assert letter.candidate.name in client.get(reverse("registry:letters")).content.decode()
            page = client.get(url("letter", letter.pk)).content.decode()
            assert "东乡族" in page and id_number(88) not in page and "622924" in page
            assert ("出具更正便函</button>" in page) is (user == issuer)

    def test_the_county_of_the_examination_does_not_see_the_batch(self, client, letter, issuer):
        client.force_login(issuer)
        assert client.get(url("candidate", letter.candidate_id)).status_code == 404
        assert "查看学生页面" not in client.get(url("letter", letter.pk)).content.decode()

    def test_it_issues_with_number_and_proof(self, client, world, letter, issuer):
        client.force_login(issuer)
        assert client.post(url("issue_letter", letter.pk), {"number": "", "proof": scan()}).status_code == 422
        assert client.post(url("issue_letter", letter.pk), {"number": "1号", "proof": scan(b"text")}).status_code == 422
        client.post(url("issue_letter", letter.pk), {"number": "永教更字1号", "proof": scan()})
        letter.refresh_from_db()
        assert (letter.number, letter.issued_by) == ("永教更字1号", issuer)
        assert client.get(reverse("file", args=[letter.proof_id])).content == picture()
        assert "已出具" in said(client.post(url("issue_letter", letter.pk), {"number": "2号", "proof": scan()}))
        assert "已出具" in said(client.post(url("decline_letter", letter.pk), {"reason": "不符"}))
        client.force_login(world.registrar())
        assert client.get(reverse("file", args=[letter.proof_id])).status_code == 200
        assert "已有更正便函" in client.get(url("candidate", letter.candidate_id)).content.decode()

    def test_it_declines_with_reason(self, client, letter, issuer):
        client.force_login(issuer)
        assert client.post(url("decline_letter", letter.pk), {"reason": ""}).status_code == 422
        client.post(url("decline_letter", letter.pk), {"reason": "与报名档案一致，不予更正"})
        letter.refresh_from_db()
        assert letter.status == "不予出具"

    def test_nobody_else_issues_or_declines(self, client, world, letter):
        for user in (world.county, world.registrar(), world.centre):
            client.force_login(user)
            assert "中考报名所在" in said(
                client.post(url("issue_letter", letter.pk), {"number": "1号", "proof": scan()})
            )
            assert "中考报名所在" in said(client.post(url("decline_letter", letter.pk), {"reason": "x"}))
        letter.refresh_from_db()
        assert letter.status == "待出具"

    def test_the_whole_number_is_shown_on_record(self, client, letter, issuer):
        client.force_login(issuer)
        assert id_number(88) in client.post(url("reveal_letter", letter.pk)).content.decode()
        assert TrailEntry.objects.filter(action="显示完整身份证号", by=issuer).count() == 1

    def test_the_letter_on_paper(self, client, letter, issuer):
        import pypdfium2

        client.force_login(issuer)
        response = client.post(url("letter_paper", letter.pk))
        assert (
            response["Content-Type"] == "application/pdf" and TrailEntry.objects.filter(action="导出更正便函").exists()
        )
        text = pypdfium2.PdfDocument(response.content)[0].get_textpage().get_text_range()
        assert id_number(88) in text and "学生信息更正便函" in text and "东乡族" in text

    def test_the_menu_counts_what_waits(self, client, world, letter, issuer):
        client.force_login(issuer)
        assert '更正便函<span class="cnt hot">' in client.get(reverse("registry:letters")).content.decode()
        client.force_login(world.county)
        assert '更正便函<span class="cnt hot">' not in client.get(reverse("registry:letters")).content.decode()
        assert client.get(reverse("registry:letters"), {"state": "issued"}).status_code == 200
