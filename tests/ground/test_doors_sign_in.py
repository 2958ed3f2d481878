"""Signing in: the form, the lock, one-time passwords, the end of sessions and what was typed when they ended."""

import time
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linxia_xueji import passwords
from linxia_xueji.doors import lock
from linxia_xueji.doors.sessions import DOOR
from linxia_xueji.drafts import held
from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.policy import decide
from tests.world import DAY, PREFECTURE

PASSWORD = "correct horse"


def sign_in(client, user, password=PASSWORD, **more):
    return client.post(reverse("login"), {"username": user.username, "password": password, **more})


def actions() -> list[str]:
    return list(TrailEntry.objects.order_by("pk").values_list("action", flat=True))


def settle(world, key, value):
    decide(
        organisation=world.organisation(PREFECTURE), key=key, value=value, effective_from=DAY,
        document_number="临州教学管发〔2026〕3号", by=world.centre,
    )  # fmt: skip


def age(client, **seconds: int) -> None:
    """Let moments of the session lie further back."""
    session = client.session
    session[DOOR] = session[DOOR] | {name: session[DOOR][name] - by for name, by in seconds.items()}
    session.save()


def test_it_leads_on_to_where_one_was_going(world, client):
    page = client.get(reverse("approvals:done"))
    assert page.url == "/login/?next=/done/"
    assert "请先登录" in client.get(page.url).content.decode()
    assert sign_in(client, world.registrar(), next="/done/").url == "/done/"
    assert client.get(reverse("login")).url == "/"
    assert actions()[-1] == "登录"


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_it_leads_to_nowhere_else(world, client, address):
    assert sign_in(client, world.registrar(), next=address).url == "/"


def test_the_page_leads_to_the_check_of_papers(db, client):
    assert reverse("registry:check") in client.get(reverse("login")).content.decode()


def test_an_account_is_locked_says_how_long_and_can_be_unlocked(world, client):
    user = world.registrar()
    for left in (4, 3, 2, 1):
        answer = sign_in(client, user, "wrong")
        assert answer.status_code == 422 and f"再错{left}次" in answer.content.decode()
    assert "15分钟后" in sign_in(client, user, "wrong").content.decode()
    page = sign_in(client, user).content.decode()
    assert "此账号已暂停登录" in page and "账号管理员解除" in page
    assert lock.locked_until(user.username) > timezone.now() + timedelta(minutes=14)
    assert actions()[-6:-1] == ["登录失败"] * 4 + ["登录锁定"]
    assert lock.unlock(user, by=world.centre) and not lock.unlock(user, by=world.centre)
    assert sign_in(client, user).status_code == 302
    assert actions()[-2:] == ["解除登录锁定", "登录"]


def test_the_account_administrator_opens_the_lock_on_the_page_of_the_person(world, client):
    user = world.registrar()
    page = reverse("staff:person", args=[user.pk])
    deed = reverse("staff:person_deed", args=[user.pk, "unlock"])
    keeper = type(client)()
    keeper.force_login(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
    assert "解除暂停登录…" not in keeper.get(page).content.decode()
    for _ in range(5):
        sign_in(client, user, "wrong")
    assert "解除暂停登录…" in keeper.get(page).content.decode()
    assert client.post(deed).status_code == 302 and lock.locked_until(user.username)
    assert keeper.post(deed).status_code == 302 and lock.locked_until(user.username) is None
    assert sign_in(client, user).status_code == 302


def test_a_lock_passes(world, client):
    for _ in range(5):
        sign_in(client, world.registrar(), "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client, world.registrar()).status_code == 302


def test_an_address_is_locked_with_more_patience(world, client, settings):
    settings.LOCK_ADDRESS_AT = 7
    for n in range(7):
        client.post(reverse("login"), {"username": f"nobody{n}", "password": "x"}, REMOTE_ADDR="10.1.1.1")
    page = client.post(
        reverse("login"), {"username": world.county.username, "password": PASSWORD}, REMOTE_ADDR="10.1.1.1"
    )
    assert "从这个地址输错密码的次数过多" in page.content.decode()
    assert sign_in(client, world.county).status_code == 302


def test_behind_a_proxy_the_address_is_what_it_says(world, client, settings):
    settings.TRUST_PROXY = True
    client.post(reverse("login"), {"username": "x", "password": "x"}, headers={"X-Forwarded-For": "1.1.1.1, 10.2.2.2"})
    assert AccessAttempt.objects.get().ip_address == "10.2.2.2"


def test_what_a_form_carries_is_not_written_down_with_a_failure(world, client):
    sign_in(client, world.registrar(), "wrong", next="/done/", held="typed by somebody")
    kept = AccessAttempt.objects.get()
    assert (kept.get_data, kept.post_data) == ("", "")


def test_a_one_time_password_lets_nobody_past_its_change(world, client):
    user = world.registrar()
    plain = passwords.issue_initial(user)
    assert sign_in(client, user, plain).status_code == 302
    assert client.get("/").url == reverse("password")
    assert "首次登录须先设置" in client.get(reverse("password")).content.decode()
    own = {"new_password": "一中的梧桐树下k9x7", "again_password": "一中的梧桐树下k9x7"}
    for bad in ("1234", plain):
        refused = client.post(reverse("password"), {"new_password": bad, "again_password": bad})
        assert refused.status_code == 422
    assert "不能与现在的密码相同" in refused.content.decode()
    assert client.post(reverse("password"), own).url == "/"
    assert client.get("/").status_code == 200
    assert actions()[-1] == "修改登录密码"


def test_an_expired_one_time_password_opens_nothing(world, client):
    user = world.registrar()
    plain = passwords.issue_initial(user)
    type(user).objects.filter(pk=user.pk).update(initial_until=timezone.now() - timedelta(hours=1))
    assert "一次性密码已过期" in sign_in(client, user, plain).content.decode()


def test_the_old_password_is_asked_for_and_counted(world, client):
    user = world.registrar()
    sign_in(client, user)
    own = {"old_password": "wrong", "new_password": "一中的梧桐树下k9x7", "again_password": "一中的梧桐树下k9x7"}
    assert "不对" in client.post(reverse("password"), own).content.decode()
    assert "不一样" in client.post(reverse("password"), own | {"again_password": "x"}).content.decode()
    assert AccessAttempt.objects.get().failures_since_start == 1


@pytest.mark.parametrize(("name", "seconds", "words"), [("seen", 1801, "30分钟没有操作"), ("until", 36001, "已到上限")])
def test_a_session_ends_and_says_why(world, client, name, seconds, words):
    sign_in(client, world.registrar())
    age(client, **{name: seconds - 60})
    assert client.get("/").status_code == 200
    age(client, **{name: seconds})
    assert client.get("/done/").url == "/login/?next=/done/"
    assert words in client.get("/login/").content.decode()


def test_clicks_keep_a_session_alive_and_are_written_once_a_minute(world, client):
    sign_in(client, world.registrar())
    age(client, seen=1000)
    client.get("/messages/")
    assert time.time() - client.session[DOOR]["seen"] < 5
    before = client.session[DOOR]
    client.get("/messages/")
    assert client.session[DOOR] == before


def test_a_session_lives_on_a_demonstration_day_years_ahead(world, client, settings):
    settings.DEMO_TODAY = DAY.replace(year=timezone.now().year + 5)
    sign_in(client, world.registrar())
    assert client.get(reverse("approvals:done")).status_code == 200


def test_limits_are_settings(world, client):
    settle(world, "session.idle", 10)
    sign_in(client, world.registrar())
    age(client, seen=601)
    assert client.get("/").status_code == 302


def test_several_sessions_live_beside_each_other_unless_the_setting_forbids(world, client):
    other = type(client)()
    sign_in(client, world.registrar())
    sign_in(other, world.registrar())
    assert client.get("/").status_code == other.get("/").status_code == 200
    settle(world, "session.single", True)
    third = type(client)()
    sign_in(third, world.registrar())
    assert third.get("/").status_code == 200
    assert client.get("/").url.startswith("/login/")
    assert "在别处登录" in client.get("/login/").content.decode()


def typed(world, client):
    """A person at a form, and what they send."""
    sign_in(client, world.registrar())
    batch = world.batch(2)
    person = batch.candidates.first()
    world.advance(batch, "submit", world.registrar())
    path = reverse("registry:ask_letter", args=[person.pk])
    back = {"Referer": f"http://testserver{reverse('registry:candidate', args=[person.pk])}"}
    return path, {"note": "姓名有误，请更正", "csrfmiddlewaretoken": "x"}, back


def carried(page) -> str:
    assert page.status_code == 200
    return page.context["held"]


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(world, client):
    path, data, back = typed(world, client)
    age(client, seen=1801)
    page = client.post(path, data, headers=back)
    assert "没有丢" in page.content.decode()
    again = client.post(path, data, headers=back)
    assert carried(again), "the second window has its text too"
    entry = sign_in(client, world.registrar(), held=carried(page))
    assert entry.url == path.replace("letter/", "")
    assert held(world.registrar(), path).fields == {"note": ["姓名有误，请更正"]}
    assert "已保留" in client.get(entry.url).content.decode()


def test_somebody_else_does_not_get_it(world, client):
    path, data, back = typed(world, client)
    age(client, seen=1801)
    page = client.post(path, data, headers=back)
    assert sign_in(client, world.head(), held=carried(page)).url == "/"
    assert held(world.head(), path) is None and held(world.registrar(), path) is None


def test_a_forged_or_old_parcel_is_nothing(world, client):
    assert sign_in(client, world.registrar(), held="forged", next="/done/").url == "/done/"


def test_nothing_typed_or_never_signed_in_is_the_sign_in_page_alone(world, client):
    path = reverse("registry:candidate", args=[1])
    assert client.post(path, {"note": "x"}).url == "/login/?next=/"
    assert client.post(path, headers={"Referer": "http://testserver/done/"}).url == "/login/?next=/done/"


def test_parts_of_pages_lead_the_whole_page_to_the_sign_in(db, client):
    answer = client.get("/messages/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/done/"})
    assert answer.headers["HX-Redirect"] == "/login/?next=/done/"


def test_a_form_from_before_signing_in_anew_is_kept(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.registrar())
    person = world.batch(1).candidates.first()
    path = reverse("registry:hold", args=[person.pk])
    page = client.post(path, {"reason": "等待材料"}, headers={"Origin": "http://elsewhere.example"})
    assert page.status_code == 403 and held(world.registrar(), path) is None
    page = client.post(path, {"reason": "等待材料"}, headers={"Origin": "http://testserver"})
    assert page.status_code == 403 and "回到原来的页面" in page.content.decode()
    assert held(world.registrar(), path).fields == {"reason": ["等待材料"]}


def test_an_older_session_without_limits_is_over(world, client):
    client.force_login(world.registrar())
    session = client.session
    del session[DOOR]
    super(type(session), session).save()
    assert client.get("/").status_code == 302


def test_the_web_role_may_count_failures(db, settings):
    tables = ["axes_accessattempt", "linxia_xueji_secondfactor", "linxia_xueji_recoverycode"]
    values = [settings.WEB_DATABASE_ROLE, tables, ["SELECT", "INSERT", "UPDATE", "DELETE"]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(has_table_privilege(%s, t, r)) FROM unnest(%s::text[]) t, unnest(%s::text[]) r", values
        )
        assert cursor.fetchone() == (True,)
