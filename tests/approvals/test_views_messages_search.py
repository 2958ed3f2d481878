"""A person's messages, and the search of the top bar."""

import pytest
from django.urls import reverse

from approvals import search
from approvals.models import Message
from tests.world import OTHER_SCHOOL

MESSAGES, SEARCH = reverse("approvals:messages"), reverse("approvals:search")


@pytest.fixture
def batch(world):
    """A batch that waits for the county."""
    return world.to(world.batch(2), 1)


@pytest.mark.parametrize("url", [MESSAGES, SEARCH])
def test_signed_out_goes_to_the_sign_in_page(db, client, url):
    assert client.get(url).headers["Location"].startswith(reverse("login"))
    assert client.post(url).headers["Location"].startswith(reverse("login"))


def test_messages_are_mine_and_only_the_button_marks_them(world, batch, client):
    client.force_login(world.county)
    page = client.get(MESSAGES)
    assert [m.to for m in page.context["inbox"]] == [world.county]
    assert client.get(MESSAGES).context["unread"] == 1
    answer = client.post(MESSAGES, follow=True)
    assert answer.redirect_chain == [(MESSAGES, 302)] and answer.context["unread"] == 0
    assert Message.objects.filter(read_at=None).exclude(to=world.county).exists()


def test_a_request_is_found_by_number_and_by_subject(world, batch, client):
    client.force_login(world.county)
    for term in (batch.request.number, batch.request.number[-4:], " 广河县示例第一中学 "):
        answer = client.post(SEARCH, {"q": term})
        assert [row["url"] for row in answer.context["results"][0]["rows"]] == [
            reverse("approvals:request", args=[batch.request.pk])
        ]


def test_a_stranger_finds_nothing(world, batch, client):
    client.force_login(world.registrar(OTHER_SCHOOL))
    assert client.post(SEARCH, {"q": batch.request.number}).context["results"] == []


def test_nothing_is_searched_by_address(world, batch, client):
    client.force_login(world.county)
    answer = client.get(SEARCH, {"q": batch.request.number})
    assert (answer.status_code, answer.context["results"]) == (200, [])


def test_businesses_answer_too_and_empty_sections_are_left_out(world, client, monkeypatch):
    monkeypatch.setattr(search, "_PROVIDERS", [])
    search.add_search(
        lambda user, term: [{"title": "学生", "rows": [{"label": term, "url": "", "text": user.full_name}]}]
    )
    search.add_search(lambda user, term: [{"title": "便函", "rows": []}])
    client.force_login(world.county)
    assert [s["title"] for s in client.post(SEARCH, {"q": "马"}).context["results"]] == ["学生"]
    assert client.post(SEARCH, {"q": "  "}).context["results"] == []
