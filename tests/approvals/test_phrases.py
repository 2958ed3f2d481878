"""常用语: each office keeps its own, begins with the common ones, and finds them where it decides."""

import pytest
from django.urls import reverse

from approvals import phrases
from approvals.models import StockPhrase
from linxia_xueji.access import access_of
from linxia_xueji.enums import Role
from linxia_xueji.refusal import Refusal
from tests.world import COUNTY, OTHER_COUNTY, PREFECTURE

URL = reverse("approvals:phrases")
OWN = "户口簿缺第二页，请补传"


@pytest.fixture
def office(world):
    return world.organisation(COUNTY)


@pytest.fixture
def kept(world, office):
    """A phrase of the county's own, beside the common ones it took over."""
    return phrases.add(office=office, text=OWN, move="send_back", by=world.county)


def test_an_office_begins_with_the_common_ones(world):
    shown = phrases.offered(access_of(world.county))
    assert shown["send_back"] == shown["refuse"] == shown["strike"] == phrases.COMMON and shown["approve"] == ()
    assert phrases.offered(access_of(world.registrar())) == {}
    assert phrases.offered(access_of(world.user(Role.AUDITOR, PREFECTURE))) == {}


def test_the_first_of_its_own_takes_them_over(world, kept):
    assert phrases.offered(access_of(world.user(Role.COUNTY_HEAD, COUNTY)))["send_back"] == (*phrases.COMMON, OWN)
    assert phrases.offered(access_of(world.county))["refuse"] == phrases.COMMON
    assert OWN not in str(phrases.offered(access_of(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))))


def test_no_phrase_twice_and_no_more_than_can_be_read(world, office, kept):
    with pytest.raises(Refusal, match="同样"):
        phrases.add(office=office, text=OWN, move="send_back", by=world.county)
    with pytest.raises(Refusal, match="同样"):
        phrases.change(phrase=kept, text=phrases.COMMON[0], move="", order=None, by=world.county)
    StockPhrase.objects.bulk_create(
        StockPhrase(organisation=office, text=f"第{n}条", order=n) for n in range(10, 10 + phrases.MOST - 6)
    )
    with pytest.raises(Refusal, match="最多"):
        phrases.add(office=office, text="再一条", move="", by=world.county)


class TestPages:
    def addresses(self, phrase) -> tuple[str, str]:
        return URL, reverse("approvals:phrase", args=[phrase.pk])

    def test_asks_for_the_sign_in(self, client, kept):
        for url in self.addresses(kept):
            assert client.get(url).url.startswith("/login/") and client.post(url).url.startswith("/login/")

    def test_another_office_finds_nothing(self, client, world, kept):
        client.force_login(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
        _, url = self.addresses(kept)
        assert client.get(url).status_code == client.post(url, {"delete": "1"}).status_code == 404
        assert OWN not in client.get(URL).content.decode()
        client.force_login(world.registrar())
        assert client.get(URL).status_code == 404

    def test_added_taken_over_changed_and_deleted(self, client, world, office):
        client.force_login(world.county)
        assert phrases.COMMON[0] in client.get(URL).content.decode()
        assert client.post(URL, {"take_over": "1"}).status_code == 302
        assert client.post(URL, {"text": OWN, "move": "", "order": "1"}).url == URL
        phrase = StockPhrase.objects.get(text=OWN, organisation=office)
        url = reverse("approvals:phrase", args=[phrase.pk])
        assert client.post(url, {"text": "改", "move": "approve", "order": ""}).url == URL
        assert client.get(URL).content.decode().count("修改<span") == len(phrases.COMMON) + 1
        assert client.post(url, {"delete": "1"}).url == URL
        assert not StockPhrase.objects.filter(pk=phrase.pk).exists()

    def test_a_refusal_stands_at_the_field(self, client, world, kept):
        client.force_login(world.county)
        for typed, words in ((OWN, "已有同样的常用语"), ("", "请填写常用语"), ("长" * 61, "60")):
            answer = client.post(URL, {"text": typed, "move": "send_back"})
            assert answer.status_code == 422 and words in answer.content.decode()

    def test_the_dialog_offers_them_and_without_script_a_list(self, client, world, kept):
        batch = world.to(world.batch(1), 1)
        client.force_login(world.county)
        shown = client.get(reverse("approvals:request", args=[batch.request_id])).content.decode()
        assert f'data-for="send_back-note">{OWN}</button>' in shown and f"；{OWN}</div></noscript>" in shown
        strike = client.get(reverse("registry:strike", args=[batch.candidates.get().pk])).content.decode()
        assert 'data-for="strike-note">请补盖学校公章</button>' in strike and OWN not in strike
