"""The second factor: set up, asked for, lost, reset; required by setting."""

import re
import time
from base64 import b32decode

import pytest
from django.db import connection
from django.urls import reverse
from django_otp.oath import totp

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.doors import second_factor
from linxia_xueji.enums import Role
from linxia_xueji.models import RecoveryCode, SecondFactor, TrailEntry
from linxia_xueji.policy import in_force
from tests.ground.test_doors_sign_in import PASSWORD, age, settle, sign_in
from tests.world import PREFECTURE

URL = "/second-factor/"


def code_of(user) -> str:
    """What the telephone shows; the one before counts as not yet used."""
    SecondFactor.objects.update(last_t=-1)
    return f"{totp(bytes.fromhex(SecondFactor.objects.get(user=user).key.reveal())):06d}"


def enrol(client) -> list[str]:
    """Set it up by the page; returns the recovery codes."""
    page = client.get(URL)
    letters = page.context["shown"]["letters"].replace(" ", "")
    code = f"{totp(b32decode(letters)):06d}"
    done = client.post(URL, {"deed": "enrol", "key": page.context["shown"]["signed"], "code": code})
    return done.context["codes"]


@pytest.fixture
def enrolled(world, client):
    """A registrar with a second factor, signed out: the codes on paper."""
    client.force_login(world.registrar())
    codes = enrol(client)
    client.logout()
    return codes


def test_a_code_is_asked_for_after_the_password_and_nobody_is_in_before(world, client, enrolled):
    assert sign_in(client, world.registrar(), next="/done/").url == "/login/code/"
    assert client.get("/").url.startswith("/login/")
    assert "6位数字" in client.get("/login/code/").content.decode()
    wrong = client.post("/login/code/", {"code": "abc"})
    assert wrong.status_code == 422 and "验证码不对" in wrong.content.decode()
    assert "秒后再试" in client.post("/login/code/", {"code": code_of(world.registrar())}).content.decode()
    SecondFactor.objects.update(throttling_failure_count=0)
    assert client.post("/login/code/", {"code": code_of(world.registrar())}).url == "/done/"
    assert client.get("/done/").status_code == 200
    assert client.get("/login/code/").url == "/login/"


def test_a_code_counts_once(world, client, enrolled):
    code = code_of(world.registrar())
    assert second_factor.verify(world.registrar(), code) == ""
    assert "用过" in second_factor.verify(world.registrar(), code)


def test_the_password_does_not_wait_for_ever(world, client, enrolled):
    sign_in(client, world.registrar())
    session = client.session
    session["waiting"] = session["waiting"] | {"at": int(time.time()) - 601}
    session.save()
    assert client.post("/login/code/", {"code": code_of(world.registrar())}).url == "/login/"


def test_a_code_on_paper_opens_once(world, client, enrolled):
    assert len(set(enrolled)) == 10 and all(re.fullmatch(r"[2-9A-Z]{5}-[2-9A-Z]{5}", c) for c in enrolled)
    sign_in(client, world.registrar())
    assert client.post("/login/code/", {"code": enrolled[3].lower()}).status_code == 302
    assert "还有9个恢复码" in client.get(URL).content.decode()
    client.logout()
    sign_in(client, world.registrar())
    assert client.post("/login/code/", {"code": enrolled[3]}).status_code == 422


def test_neither_key_nor_codes_stand_in_the_database(world, client, enrolled):
    key = SecondFactor.objects.get().key.reveal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM linxia_xueji_secondfactor t")
        assert key not in cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(hash, '') FROM linxia_xueji_recoverycode")
        assert not any(second_factor.tidy(code) in cursor.fetchone()[0] for code in enrolled[:1])
    assert not any(code in str(list(TrailEntry.objects.values())) for code in (key, *enrolled))


def test_a_wrong_first_code_or_a_foreign_key_sets_nothing_up(world, client):
    client.force_login(world.registrar())
    signed = client.get(URL).context["shown"]["signed"]
    page = client.post(URL, {"deed": "enrol", "key": signed, "code": "000"})
    assert page.status_code == 422 and page.context["shown"]["signed"] == signed
    foreign = second_factor.new_key(world.head())
    assert client.post(URL, {"deed": "enrol", "key": foreign, "code": "000000"}).status_code in (302, 422)
    assert not SecondFactor.objects.exists()


def test_fresh_codes_replace_the_old_and_it_can_be_given_up(world, client, enrolled):
    client.force_login(world.registrar())
    fresh = client.post(URL, {"deed": "codes"}).context["codes"]
    assert RecoveryCode.objects.count() == 10 and not set(fresh) & set(enrolled)
    assert client.post(URL, {"deed": "off"}).url == URL
    assert not SecondFactor.objects.exists() and not RecoveryCode.objects.exists()
    assert TrailEntry.objects.latest("pk").action == "停用动态验证码"
    client.post(URL, {"deed": "codes"})
    assert not RecoveryCode.objects.exists()


def test_the_account_administrator_resets_it(world, enrolled, client):
    assert second_factor.reset(world.registrar(), by=world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
    assert TrailEntry.objects.latest("pk").action == "重置动态验证码"
    assert not second_factor.reset(world.registrar(), by=world.centre)
    client.force_login(world.registrar())
    enrol(client)
    client.force_login(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
    assert "重置动态验证码…" in client.get(reverse("staff:person", args=[world.registrar().pk])).content.decode()
    deed = reverse("staff:person_deed", args=[world.registrar().pk, "reset-factor"])
    assert client.post(deed).status_code == 302 and not SecondFactor.objects.exists()
    client.logout()
    assert sign_in(client, world.registrar()).url == "/"


@pytest.mark.parametrize(
    ("value", "levels"),
    [("none", ""), ("prefecture", "pP"), ("county", "cpP"), ("all", "scpP")],
)
def test_who_must_have_one(world, value, levels):
    policy = in_force(world.organisation(PREFECTURE), today())
    policy.values["sign_in.second_factor"] = value
    people = {"s": world.registrar(), "c": world.county, "p": world.centre, "P": world.province}
    asked = "".join(k for k, u in people.items() if second_factor.required(u, access_of(u), policy))
    assert asked == levels


def test_who_must_have_one_sets_it_up_first_and_cannot_give_it_up(world, client):
    sign_in(client, world.county)
    assert client.get("/").url == URL
    assert "本岗位登录须核对动态验证码" in client.get(URL).content.decode()
    assert len(enrol(client)) == 10
    assert client.get("/").status_code == 200
    client.post(URL, {"deed": "off"})
    assert SecondFactor.objects.filter(user=world.county).exists()


def test_demonstration_accounts_stay_usable_by_script(world, client):
    user = world.county
    user.is_demo = True
    user.save()
    sign_in(client, user)
    assert client.get("/").status_code == 200


def test_changing_it_needs_the_password_again(world, client, enrolled):
    client.force_login(world.registrar())
    age(client, confirmed=901)
    assert "再次确认身份" in client.post(URL, {"deed": "off"}).content.decode()
    assert SecondFactor.objects.exists()
    assert client.post(URL, {"deed": "off", "login_password": PASSWORD}).url == URL
    assert not SecondFactor.objects.exists()


def test_signed_out_it_is_the_sign_in(db, client):
    for name in ("second_factor", "password", "confirm"):
        assert client.get(reverse(name)).url.startswith("/login/")
    assert client.get(reverse("sign_in_code")).url == "/login/"


def test_the_setting_counts_from_the_next_sign_in(world, client):
    settle(world, "sign_in.second_factor", "none")
    sign_in(client, world.county)
    assert client.get("/").status_code == 200
