"""Pages of people and posts: signed out, a stranger, success, refusal."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linxia_xueji.access import access_of, make_post
from linxia_xueji.enums import Role
from linxia_xueji.models import Appointment, SecondFactor, User
from linxia_xueji.staff import appointments as staff
from linxia_xueji.staff.appointments import Person
from linxia_xueji.staff.sealing import seal
from tests.ground.test_staff_sealing import last_used
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PROVINCE

JUNIOR = "3162990005"
LISTS = ["posts", "unset", "unused", "sealed", "appoint"]
FORM = {
    "organisation": JUNIOR, "role": "registrar", "title": "", "full_name": "马海明", "username": "",
    "starts_on": "20260916", "document_number": "临州教人〔2026〕8号",
}  # fmt: skip


@pytest.fixture
def admin(world) -> User:
    return world.user(Role.ACCOUNT_ADMIN, PREFECTURE)


def browse(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(admin) -> Client:
    return browse(admin)


@pytest.fixture
def county_desk(world, admin) -> Client:
    """A busy outsider: the account administrator of another county."""
    made = staff.appoint_to(
        organisation=world.organisation(OTHER_COUNTY), role=Role.ACCOUNT_ADMIN, title="", person=Person("县管理"),
        starts_on=DAY, document_number="x", by=admin,
    )  # fmt: skip
    return browse(made.appointment.user)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def objects(world) -> dict[str, str]:
    """The addresses about the registrar of a school."""
    person = world.registrar()
    held = person.appointments.get()
    return {
        "post": reverse("staff:post", args=[held.post_id]),
        "hand-over": reverse("staff:post_deed", args=[held.post_id, "hand-over"]),
        "stand-in": reverse("staff:post_deed", args=[held.post_id, "stand-in"]),
        "end": reverse("staff:end", args=[held.pk]),
        "person": reverse("staff:person", args=[person.pk]),
        "seal": reverse("staff:person_deed", args=[person.pk, "seal"]),
    }


@pytest.mark.parametrize("name", LISTS)
def test_signed_out_and_strangers(world, client, name):
    address = reverse(f"staff:{name}")
    assert client.get(address).url.startswith(reverse("login"))
    for person in (world.head(OTHER_SCHOOL), world.centre, world.county):
        assert browse(person).get(address).status_code == 404


def test_another_county_s_administrator_finds_nothing_of_this_one(world, county_desk):
    for address in objects(world).values():
        assert {county_desk.get(address).status_code, county_desk.post(address).status_code} <= {404, 405}
    assert "广河" not in text_of(county_desk.get(reverse("staff:posts")))
    assert "没有这样的人员" in text_of(county_desk.post(reverse("staff:find"), {"words": "广河"}))
    answer = county_desk.post(reverse("staff:appoint"), FORM)
    assert answer.status_code == 422 and "管理范围内没有代码为" in text_of(answer)
    assert not Appointment.objects.filter(post__organisation__code=JUNIOR).exists()


def test_the_posts_with_filters_and_counts(world, desk):
    page = text_of(desk.get(reverse("staff:posts")))
    assert world.registrar().full_name in page and "省教育厅" not in page
    make_post(organisation=world.organisation(JUNIOR), role=Role.REGISTRAR)
    vacant = text_of(desk.get(reverse("staff:posts"), {"status": "vacant"}))
    assert "共1个" in vacant and f"organisation={JUNIOR}" in vacant
    narrowed = text_of(desk.get(reverse("staff:posts"), {"organisation": "广河县示例第一", "role": "head"}))
    assert world.head().full_name in narrowed and "共1个" in narrowed
    assert "没有符合条件的记录" in text_of(desk.get(reverse("staff:posts"), {"status": "acting"}))
    assert "任命学籍管理员" in text_of(desk.get(reverse("staff:unset")))


def test_lists_ask_the_same_number_of_questions_however_long(world, desk, django_assert_max_num_queries):
    for name in ("posts", "unset", "unused", "sealed"):
        with django_assert_max_num_queries(22):
            assert desk.get(reverse(f"staff:{name}")).status_code == 200


def test_a_new_person_s_password_is_shown_once(world, admin, desk):
    answer = desk.post(reverse("staff:appoint"), FORM)
    made = User.objects.get(username=f"{JUNIOR}-01")
    page = text_of(answer)
    (shown,) = re.findall(r"<dt>初始密码</dt><dd class=\"num\"><b>([^<]+)</b>", page)
    assert made.check_password(shown) and "只显示这一次" in page and answer["Cache-Control"] == "no-store"
    assert shown not in text_of(desk.get(reverse("staff:person", args=[made.pk])))
    again = desk.post(reverse("staff:appoint"), FORM)
    assert again.status_code == 422 and "请先办理卸任或交接" in text_of(again)
    assert User.objects.filter(full_name="马海明").count() == 1


def test_what_is_missing_is_said_and_what_was_typed_stays(world, desk):
    answer = desk.post(reverse("staff:appoint"), FORM | {"starts_on": "soon", "document_number": ""})
    page = text_of(answer)
    assert answer.status_code == 422 and "不是有效日期" in page and "请填写文号" in page and 'value="马海明"' in page


def test_hand_over_end_and_stand_in_by_their_pages(world, admin, desk):
    addresses, post = objects(world), access_of(world.registrar()).post
    for name in ("hand-over", "stand-in", "end"):
        assert desk.get(addresses[name]).status_code == 200
    terms = {"full_name": "接任者", "username": "", "starts_on": "2026-09-20", "document_number": "人〔2026〕1号"}
    assert "初始密码" in text_of(desk.post(addresses["hand-over"], terms))
    page = text_of(desk.get(addresses["post"]))
    assert "接任者" in page and "2026-09-19" in page and "未到任" in page
    other = world.registrar(OTHER_SCHOOL)
    known = {"full_name": other.full_name, "username": other.username}
    answer = desk.post(addresses["stand-in"], terms | known | {"ends_on": "2026-09-25"})
    assert answer.status_code == 302 and post.appointments.get(stand_in=True).user == other
    refused = desk.post(addresses["stand-in"], terms | known | {"ends_on": "2026-09-25"})
    assert refused.status_code == 422 and "已有人代理" in text_of(refused)
    held = world.head().appointments.get()
    assert (
        desk.post(
            reverse("staff:end", args=[held.pk]), {"ends_on": "2026-09-16", "document_number": "免1号"}
        ).status_code
        == 302
    )
    assert not access_of(world.head(), DAY + timedelta(days=1)).posts


def test_unused_accounts_are_listed_sealed_and_opened(world, desk):
    person = last_used(world.registrar(), 95)
    page = text_of(desk.get(reverse("staff:unused")))
    assert "95日" in page and "可以封存" in page and "假定" in page
    addresses = objects(world)
    assert "请填写理由" in text_of(desk.post(addresses["seal"], {"reason": ""}))
    assert desk.post(addresses["seal"], {"reason": "长期未登录"}).status_code == 302
    assert "长期未登录" in text_of(desk.get(reverse("staff:sealed")))
    assert "已封存" in text_of(desk.get(addresses["person"]))
    again = desk.post(addresses["seal"], {"reason": "再封"})
    assert again.status_code == 422 and "未生效" in text_of(again)
    assert browse(person).get(reverse("approvals:desk")).status_code == 302
    opened = desk.post(reverse("staff:person_deed", args=[person.pk, "unseal"]), {"reason": "到岗"})
    assert opened.status_code == 302 and User.objects.get(pk=person.pk).is_active


def test_his_own_account_and_post_are_shown_and_not_touched(world, admin, desk):
    page = text_of(desk.get(reverse("staff:person", args=[admin.pk])))
    assert "不能办理本人的账号和任职" in page and "封存账号…" not in page
    post = access_of(admin).post
    assert "由上一级账号管理员设立" in text_of(desk.get(reverse("staff:post", args=[post.pk])))
    answer = desk.post(reverse("staff:person_deed", args=[admin.pk, "seal"]), {"reason": "x"})
    assert answer.status_code == 422 and User.objects.get(pk=admin.pk).is_active
    held = admin.appointments.get()
    desk.post(reverse("staff:end", args=[held.pk]), {"ends_on": "2026-09-16", "document_number": "x"})
    held.refresh_from_db()
    assert held.ends_on is None


def test_unknown_deeds_and_people_above_are_not_found(world, desk):
    person = world.registrar()
    assert desk.get(reverse("staff:person_deed", args=[person.pk, "promote"])).status_code == 404
    assert desk.get(reverse("staff:person", args=[world.province.pk])).status_code == 404
    assert desk.post(reverse("staff:appoint"), FORM | {"organisation": PROVINCE}).status_code == 422
    assert COUNTY and COUNTY_SCHOOL


def test_a_person_is_found_by_name_in_a_post_alone(world, desk):
    person = world.registrar()
    page = text_of(desk.post(reverse("staff:find"), {"words": person.full_name}))
    assert person.username in page
    assert desk.get(reverse("staff:find")).status_code == 405
    assert desk.post(reverse("staff:find"), {"words": ""}).status_code == 422


def test_password_lock_and_second_factor_are_reset_for_those_under_one(world, desk):
    person = world.registrar()
    deeds = {
        name: reverse("staff:person_deed", args=[person.pk, name])
        for name in ("reset-password", "unlock", "reset-factor")
    }
    shown = text_of(desk.post(deeds["reset-password"], {"deed": "reset-password"}))
    (password,) = re.findall(r"<dt>初始密码</dt><dd class=\"num\"><b>([^<]+)</b>", shown)
    person.refresh_from_db()
    assert person.check_password(password) and person.must_change_password
    AccessAttempt.objects.create(username=person.username, failures_since_start=99, attempt_time=timezone.now())
    SecondFactor.objects.create(user=person, key="00" * 20)
    page = text_of(desk.get(reverse("staff:person", args=[person.pk])))
    assert "登录锁定中" in page and "重置动态验证码…" in page
    for name in ("unlock", "reset-factor"):
        assert desk.post(deeds[name]).status_code == 302
    assert not AccessAttempt.objects.exists() and not SecondFactor.objects.exists()


def test_a_sealed_person_is_told_whom_to_ask_and_nobody_else_is(world, admin, client):
    person = world.registrar()
    seal(person=person, reason="调离", by=admin)
    page = text_of(client.post(reverse("login"), {"username": person.username, "password": "correct horse"}))
    assert "封存（调离）" in page and admin.full_name in page
    other = text_of(client.post(reverse("login"), {"username": person.username, "password": "wrong"}))
    assert "封存" not in other and "用户名或密码不对" in other
