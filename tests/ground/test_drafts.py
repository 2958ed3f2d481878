"""Drafts on the server: kept while typed, given back, dropped with the deed; only one's own, only of forms that ask for it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linxia_xueji.dates import now
from linxia_xueji.drafts import LARGEST, MOST, clear_before, drop, held, hold, oldest_kept
from linxia_xueji.jobs import clear_drafts
from linxia_xueji.models import Draft
from linxia_xueji.refusal import Refusal
from registry.models import Candidate
from tests.world import OTHER_SCHOOL

NOTE = "公章模糊，请重新盖章"


@pytest.fixture
def batch(world):
    """A batch that waits for the county."""
    return world.to(world.batch(2), 1)


def back(batch) -> str:
    """The address of sending it back."""
    return reverse("approvals:move", args=[batch.request_id, "send_back"])


def typed(client, path, **fields):
    """What the page's script sends while somebody types."""
    return client.post(reverse("drafts"), {"draft_key": path, "draft_known": ""} | fields)


def test_what_was_typed_is_kept_sealed_and_given_back(world, batch):
    hold(world.county, back(batch), {"note": [NOTE], "reasons": ["a", "b"]})
    assert NOTE.encode() not in bytes(Draft.objects.get().content)
    assert held(world.county, back(batch)).fields == {"note": [NOTE], "reasons": ["a", "b"]}
    assert held(world.centre, back(batch)) is None
    drop(world.county, back(batch))
    assert held(world.county, back(batch)) is None


def test_tokens_and_passwords_are_never_kept(world, batch):
    never = {"csrfmiddlewaretoken": ["x"], "password": ["x"], "new_password2": ["x"], "otp_token": ["x"], "next": ["/"]}
    hold(world.county, back(batch), never | {"note": [NOTE], "draft_known": ["x"]})
    assert held(world.county, back(batch)).fields == {"note": [NOTE]}


def test_it_has_bounds(world, batch):
    for path in ("/", "/nowhere/", reverse("login"), reverse("approvals:search"), "x" * 300):
        with pytest.raises(Refusal, match="不保存草稿"):
            hold(world.county, path, {"note": [NOTE]})
    with pytest.raises(Refusal, match="过长"):
        hold(world.county, back(batch), {"note": ["长" * LARGEST]})
    for pk in range(MOST + 2):
        hold(world.county, reverse("approvals:move", args=[pk, "approve"]), {"note": [NOTE]})
    assert Draft.objects.count() == MOST
    assert held(world.county, reverse("approvals:move", args=[0, "approve"])) is None


def test_old_ones_are_cleared(world, batch):
    hold(world.county, back(batch), {"note": [NOTE]})
    assert clear_before(oldest_kept(world.day, 0)) == 0
    assert clear_drafts(timestamp=0) == 0
    Draft.objects.update(saved_at=now() - timedelta(days=31))
    assert clear_drafts(timestamp=0) == 1


class TestPages:
    def test_asks_for_the_sign_in(self, client, db):
        assert client.post(reverse("drafts")).url.startswith("/login/")
        assert client.get(reverse("drafts")).status_code == 302

    def test_a_get_writes_nothing(self, client, world):
        client.force_login(world.county)
        assert client.get(reverse("drafts")).status_code == 405

    def test_typing_is_kept_and_fills_the_dialog_and_the_page(self, client, world, batch):
        client.force_login(world.county)
        answer = typed(client, back(batch), note=NOTE, seen=batch.request.version).json()
        assert answer["words"].startswith("草稿已于")
        for url in (back(batch), reverse("approvals:request", args=[batch.request_id])):
            shown = client.get(url).content.decode()
            assert f">\n{NOTE}</textarea>" in shown and "未提交的内容" in shown and "新的办理" not in shown
        client.force_login(world.user("county_head", "622924"))
        assert NOTE not in client.get(back(batch)).content.decode()

    def test_the_last_of_two_pages_wins_and_is_told(self, client, world, batch):
        client.force_login(world.county)
        known = typed(client, back(batch), note="甲").json()["known"]
        own = typed(client, back(batch), note="甲甲", draft_known=known).json()
        assert "替换" not in own["words"]
        assert "另一页面" in typed(client, back(batch), note="乙", draft_known=known).json()["words"]
        assert held(world.county, back(batch)).fields["note"] == ["乙"]

    def test_what_cannot_be_kept_is_said(self, client, world):
        client.force_login(world.county)
        assert typed(client, "/nowhere/", note=NOTE).status_code == 422
        assert "不保存草稿" in typed(client, "/nowhere/", note=NOTE).json()["words"]

    def test_it_can_be_cleared(self, client, world, batch):
        client.force_login(world.county)
        typed(client, back(batch), note=NOTE)
        answer = client.post(reverse("drafts"), {"draft_key": back(batch), "draft_drop": "1", "next": back(batch)})
        assert answer.url == back(batch) and not Draft.objects.exists()

    def test_the_deed_drops_it(self, client, world, batch):
        client.force_login(world.county)
        typed(client, back(batch), note="旧")
        client.post(back(batch), {"note": NOTE, "seen": batch.request.version})
        assert not Draft.objects.exists()

    def test_errors_and_a_refusal_keep_it(self, client, world, batch):
        """A page that is closed at once after the error loses nothing; so does one whose form is gone."""
        client.force_login(world.county)
        approve = reverse("approvals:move", args=[batch.request_id, "approve"])
        figures = {"figures-graduates": "许多", "figures-plan": "600", "figures-agreed": "2"}
        assert client.post(approve, figures | {"seen": batch.request.version}).status_code == 422
        assert held(world.county, approve).fields["figures-graduates"] == ["许多"]
        assert 'value="许多"' in client.get(approve).content.decode()
        world.advance(batch, "send_back", world.user("county_head", "622924"), note="补")
        assert client.post(back(batch), {"note": NOTE, "seen": batch.request.version - 1}).status_code in {302, 422}
        assert held(world.county, back(batch)).fields["note"] == [NOTE]

    def test_a_draft_on_an_older_version_says_so(self, client, world, batch):
        client.force_login(world.county)
        typed(client, back(batch), note=NOTE, seen=batch.request.version)
        world.advance(batch, "strike", world.county, note="补", candidate=batch.candidates.first().pk, rule="seats")
        shown = client.get(back(batch)).content.decode()
        assert NOTE in shown and "新的办理，请核对后再提交" in shown

    def test_a_stranger_keeps_nothing(self, client, world, batch):
        world.batch(1, school=OTHER_SCHOOL)
        client.force_login(world.registrar(OTHER_SCHOOL))
        assert client.post(back(batch), {"note": NOTE}).status_code == 404
        assert not Draft.objects.exists()

    def test_forms_of_one_address_are_kept_apart(self, client, world):
        """Three forms of the calendar; a choice and a text come back, a box too."""
        client.force_login(world.centre)
        url = reverse("approvals:calendar")
        typed(client, f"{url}#enter_day", deed="enter_day", kind="working", document_number="甲号")
        typed(client, f"{url}#load_notice", deed="load_notice", document="乙号", correct="on", free="2027-01-01")
        shown = client.get(url).content.decode()
        assert 'value="甲号"' in shown and '<option value="working" selected>' in shown
        assert 'value="乙号"' in shown and "2027-01-01</textarea>" in shown and "checked" in shown
        assert client.get(url).context["local_day_form"]["day"].value() is None

    def test_a_number_typed_is_given_back_to_its_writer_alone(self, client, world):
        person = world.batch(1).candidates.get()
        client.force_login(world.registrar())
        path = reverse("registry:reported", args=[person.pk])
        typed(client, path, name="马海龙", id_number="622924201003050190")
        assert Candidate.objects.get().name == person.name
        page = reverse("registry:candidate", args=[person.pk])
        assert "622924201003050190" in client.get(page).content.decode()
        client.force_login(world.head())
        assert "622924201003050190" not in client.get(page).content.decode()
