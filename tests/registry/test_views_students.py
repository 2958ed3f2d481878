"""The page of a student: signed out, stranger, success, refusal."""

from datetime import date

import pytest
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.models import FileUse, TrailEntry
from registry.enums import Arrival
from registry.models import Deferral
from tests.registry.typed import deferral, document, picture, reported, said, scan, url
from tests.world import OTHER_SCHOOL, id_number

POSTS = ("reported", "ask_letter", "defer", "hold", "reveal", "strike", "void")


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
