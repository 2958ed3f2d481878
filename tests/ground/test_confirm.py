"""The password again before final decisions, exports and whole ID numbers; nothing typed is lost by being asked."""

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from approvals.enums import State
from linxia_xueji.files import keep
from linxia_xueji.models import FileUse, TrailEntry, scope_of
from tests.ground.test_doors_sign_in import PASSWORD, age
from tests.world import COUNTY_SCHOOL

ASKED = "再次确认身份"


def workbook(batch) -> str:
    """The address of 附件1 as a workbook."""
    return reverse("registry:annex_file", args=[batch.pk, "annex1", "xlsx"])


@pytest.fixture
def long_ago(world, client):
    """The province, signed in twenty minutes ago, before a batch only it has still to approve."""
    batch = world.to(world.batch(2), 3)
    client.force_login(world.province)
    age(client, confirmed=1200)
    return batch


def test_signing_in_counts_for_a_while(world, client):
    batch = world.to(world.batch(1), 3)
    client.force_login(world.province)
    assert "login_password" not in client.get(reverse("approvals:request", args=[batch.request_id])).content.decode()
    age(client, confirmed=800)
    assert ASKED not in client.post(workbook(batch)).content.decode(errors="ignore")


def test_the_dialog_of_a_final_decision_asks_itself(long_ago, client):
    page = client.get(reverse("approvals:request", args=[long_ago.request_id])).content.decode()
    assert page.count('name="login_password"') == 1  # approve, not send back
    url = reverse("approvals:move", args=[long_ago.request_id, "approve"])
    data = {"seen": long_ago.request.version, "note": "同意", "enrolment-agreed": 2, "agreed": 2}
    asked = client.post(url, data)
    assert ASKED in asked.content.decode() and ("note", "同意") in asked.context["carried"]
    wrong = client.post(url, data | {"login_password": "wrong"})
    assert wrong.status_code == 422 and "密码不对" in wrong.content.decode()
    assert ("note", "同意") in wrong.context["carried"] and AccessAttempt.objects.get().failures_since_start == 1
    client.post(url, data | {"login_password": PASSWORD})
    long_ago.request.refresh_from_db()
    assert long_ago.request.state == State.APPROVED
    assert ASKED not in client.post(workbook(long_ago)).content.decode(errors="ignore")


def test_a_decision_that_is_not_final_asks_nothing(world, client):
    batch = world.to(world.batch(1), 1)
    client.force_login(world.county)
    age(client, confirmed=1200)
    url = reverse("approvals:move", args=[batch.request_id, "send_back"])
    assert client.post(url, {"seen": batch.request.version, "note": "请补校长签字"}).status_code == 302


def test_five_wrong_ones_lock_and_say_so(long_ago, client):
    url = workbook(long_ago)
    pages = [client.post(url, {"login_password": "wrong"}).content.decode() for _ in range(6)]
    assert "再错4次" in pages[0] and "此账号已暂停登录" in pages[5]
    assert ASKED in client.post(url, {"login_password": PASSWORD}).content.decode()


def test_exports_and_whole_numbers_ask(long_ago, client):
    for url in (workbook(long_ago), reverse("registry:reveal", args=[long_ago.candidates.first().pk])):
        age(client, confirmed=1200)
        before = TrailEntry.objects.count()
        assert ASKED in client.post(url).content.decode()
        assert TrailEntry.objects.count() == before
        assert ASKED not in client.post(url, {"login_password": PASSWORD}).content.decode(errors="ignore")
        assert TrailEntry.objects.count() == before + 1


def test_a_list_asks_before_it_is_downloaded_and_leads_on_to_it(world, client):
    world.admit(1)
    use = FileUse.objects.get(purpose="录取名单")
    client.force_login(world.centre)
    age(client, confirmed=1200)
    asked = client.get(reverse("file", args=[use.pk]))
    assert asked.url == f"/confirm/?next=/files/{use.pk}/"
    assert ASKED in client.get(asked.url).content.decode()
    assert client.post(asked.url, {"login_password": "x"}).status_code == 422
    assert client.post(asked.url, {}).status_code == 422
    assert client.post(asked.url, {"login_password": PASSWORD}).url == f"/files/{use.pk}/"
    assert client.get(f"/files/{use.pk}/").content == b"list"


def test_a_scan_is_looked_at_without_being_asked(world, client):
    school = world.organisation(COUNTY_SCHOOL)
    use = keep(
        content=b"%PDF-", name="a.pdf", content_type="application/pdf", purpose="延期证明",
        scope=scope_of(school), by=world.registrar(),
    )  # fmt: skip
    client.force_login(world.registrar())
    age(client, confirmed=1200)
    assert client.get(reverse("file", args=[use.pk])).status_code == 200


def test_it_leads_to_nowhere_outside(world, client):
    client.force_login(world.registrar())
    answer = client.post("/confirm/?next=https://elsewhere.example/", {"login_password": PASSWORD})
    assert answer.url == "/"
