"""The filter of the desk goes along: to the file, to the files beside it, through a decision, and back to the list."""

import pytest
from django.urls import reverse

from approvals.kept_filter import conditions_of
from approvals.models import Request
from tests.world import COUNTY_SCHOOL, PREFECTURE_SCHOOL


@pytest.fixture
def queue(world):
    """Three batches at the centre, due on the same day; the second is of another school."""
    made = [world.batch(1, school=school) for school in (PREFECTURE_SCHOOL, COUNTY_SCHOOL)]
    return [world.to(batch, 1 if batch.school.code == PREFECTURE_SCHOOL else 2).request for batch in made]


def test_only_what_can_be_understood_is_kept(rf):
    asked = rf.get(
        "/", {"due": "over", "kind": "nonsense", "school": "1x", "verdict": "allowed", "q": "马海", "page": "2"}
    )
    assert conditions_of(asked.GET) == {"due": "over", "verdict": "allowed"}


def test_the_files_beside_are_those_of_the_list(world, queue, client):
    client.force_login(world.centre)
    first, other = queue
    kept = f"?school={first.school_id}"
    shown = client.get(reverse("approvals:desk") + kept).content.decode()
    address = reverse("approvals:request", args=[first.pk])
    assert f'href="{address}{kept}"' in shown
    plain = client.get(address)
    assert plain.context["previous_url"] or plain.context["next_url"]
    narrowed = client.get(address + kept)
    assert not narrowed.context["previous_url"] and not narrowed.context["next_url"]
    assert {m.url.partition("?")[2] for m in narrowed.context["moves"]} == {kept[1:]}
    assert client.get(reverse("approvals:request", args=[other.pk]) + kept).context["advice"]


def test_a_decision_leads_on_in_the_list_and_back_to_it(world, queue, client):
    client.force_login(world.centre)
    first = queue[0]
    kept = f"?school={first.school_id}"
    url = reverse("approvals:move", args=[first.pk, "send_back"]) + kept
    assert f'action="{url}"' in client.get(url).content.decode()
    answer = client.post(url, {"note": "补", "seen": first.version})
    assert answer.url == reverse("approvals:desk") + kept
    assert Request.objects.get(pk=first.pk).state == "returned"


def test_lists_have_a_tab_for_each_business(world, queue, client):
    client.force_login(world.centre)
    world.advance(queue[0].batch, "send_back", world.centre, note="补")
    for name, count in (("returned", 1), ("done", 1), ("overdue", 0)):
        url = reverse(f"approvals:{name}")
        page = client.get(url)
        assert [tab["count"] for tab in page.context["tabs"]] == [count] * (1 + bool(count))
        narrowed = client.get(url, {"kind": "number_voiding"})
        assert narrowed.context["page"].paginator.count == 0
