"""The decision page and one decision: who sees it, what is offered, what is done, refused and kept."""

import pytest
from django.urls import reverse

from approvals.enums import Move, State
from approvals.models import Entry, Message, Request
from linxia_xueji.access import revoke
from linxia_xueji.enums import Permission, Role
from linxia_xueji.models import Post
from registry.enums import Arrival
from tests.world import COUNTY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL


@pytest.fixture
def batch(world):
    """A batch that waits for the county."""
    return world.to(world.batch(3), 1)


def page(request: Request) -> str:
    return reverse("approvals:request", args=[request.pk])


def form(request: Request, move: str) -> str:
    return reverse("approvals:move", args=[request.pk, move])


def figures(request: Request, **more) -> dict:
    """What the county's form holds when it agrees to all three."""
    return {
        "seen": request.version,
        "note": "",
        "figures-graduates": 2146,
        "figures-plan": 600,
        "figures-agreed": 3,
    } | more


def offered(response) -> dict[str, str]:
    """The moves on the page, each with why it is closed."""
    return {choice.move: choice.blocked for choice in response.context["moves"]}


def test_signed_out_goes_to_the_sign_in_page(batch, client):
    for url in (page(batch.request), form(batch.request, "approve")):
        assert client.get(url).headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.REGISTRAR, OTHER_SCHOOL),
        (Role.HEAD, OTHER_SCHOOL),
        (Role.COUNTY_HEAD, OTHER_COUNTY),
        (Role.ACCOUNT_ADMIN, PREFECTURE),
    ],
)
def test_stranger_finds_nothing(world, batch, client, role, code):
    client.force_login(world.user(role, code))
    assert client.get(page(batch.request)).status_code == 404
    for move in Move.values:
        assert client.get(form(batch.request, move)).status_code == 404
        assert client.post(form(batch.request, move), figures(batch.request)).status_code == 404
    assert Request.objects.get().version == batch.request.version


def test_reviewer_sees_judgement_way_history_and_moves(world, batch, client):
    client.force_login(world.county)
    response = client.get(page(batch.request))
    text = response.content.decode()
    assert offered(response) == {"approve": "", "send_back": ""}
    assert "建议：审核通过" in text
    assert [(s["label"], s["state"]) for s in response.context["steps"]] == [
        ("学校提交", "done"), ("校长确认", "done"), ("县级审批", "now"), ("州级审核", "todo"), ("省厅审批", "todo"),
    ]  # fmt: skip
    assert [e.move for e in response.context["entries"]] == ["approve", "submit"]
    assert response.context["clock"].due == batch.request.due_on
    assert "通过后送临夏州教育局（州级审核）" in text


def test_a_reader_is_offered_nothing_and_others_are_told_whose_turn_it_is(world, batch, client):
    client.force_login(world.user(Role.AUDITOR, PREFECTURE))
    assert offered(client.get(page(batch.request))) == {}
    client.force_login(world.centre)
    response = client.get(page(batch.request))
    assert offered(response) == dict.fromkeys(("approve", "send_back"), "现由广河县教育局办理（县级审批）")
    assert "建议：" not in response.content.decode()
    client.force_login(world.registrar())
    assert offered(client.get(page(batch.request))) == {"retract": ""}


def test_reading_changes_nothing(world, batch, client):
    client.force_login(world.county)
    before = (Entry.objects.count(), Message.objects.filter(read_at=None).count(), Request.objects.get().version)
    for url in (page(batch.request), form(batch.request, "approve"), reverse("approvals:messages")):
        assert client.get(url).status_code == 200
    assert (
        Entry.objects.count(),
        Message.objects.filter(read_at=None).count(),
        Request.objects.get().version,
    ) == before


def test_approving_signs_the_figures_and_returns_to_the_desk(world, batch, client):
    client.force_login(world.county)
    response = client.post(form(batch.request, "approve"), figures(batch.request), follow=True)
    assert response.redirect_chain == [(reverse("approvals:desk"), 302)]
    assert "现待州级审核" in response.content.decode()
    assert batch.figures.get(level="county").graduates == 2146


@pytest.fixture
def other(world, batch):
    """A second batch, so that both wait for the centre."""
    world.approve(batch, world.county, graduates=2146, plan=600)
    return world.to(world.batch(2, school=PREFECTURE_SCHOOL), 1)


def test_after_a_decision_the_next_file_opens(world, batch, other, client):
    client.force_login(world.centre)
    response = client.post(form(batch.request, "approve"), {"seen": batch.request.version, "figures-agreed": 3})
    assert response.headers["Location"] == page(other.request)


def test_next_and_previous_follow_the_queue(world, batch, other, client):
    client.force_login(world.centre)
    assert client.get(page(batch.request)).context["next_url"] == page(other.request)
    assert client.get(page(other.request)).context["previous_url"] == page(batch.request)


def test_missing_figures_keep_the_note(world, batch, client):
    client.force_login(world.county)
    response = client.post(
        form(batch.request, "approve"), figures(batch.request, note="同意", **{"figures-graduates": "x"})
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "同意</textarea>" in text and 'href="#approve-figures-graduates"' in text
    assert Request.objects.get().version == batch.request.version


def test_refusal_stands_on_the_page_with_what_was_typed(world, batch, client):
    client.force_login(world.county)
    response = client.post(form(batch.request, "approve"), figures(batch.request, note="同意", **{"figures-agreed": 4}))
    assert response.status_code == 422
    text = response.content.decode()
    assert "同意注册人数4超过申请人数3，请改为3" in text and "同意</textarea>" in text and 'value="4"' in text


def test_sending_back_needs_words(world, batch, client):
    client.force_login(world.county)
    url = form(batch.request, "send_back")
    assert client.post(url, {"seen": batch.request.version}).status_code == 422
    assert client.post(url, {"seen": batch.request.version, "note": "请补校长签字"}).status_code == 302
    request = Request.objects.get()
    assert (request.state, request.entries.last().note) == (State.RETURNED, "请补校长签字")


def test_broken_rules_close_approval_and_can_be_ticked_as_reasons(world, batch, client):
    batch.candidates.filter(pk=batch.candidates.first().pk).update(name="马海另")
    client.force_login(world.county)
    response = client.get(page(batch.request))
    assert "依据：临州教学管发〔2022〕5号" in offered(response)["approve"]
    assert "建议：退回修改" in response.content.decode()
    rule = response.context["judgement"].problems[0].rule.id
    answer = client.post(form(batch.request, "approve"), figures(batch.request))
    assert answer.status_code == 422
    sent = {"seen": batch.request.version, "note": "缺更正便函", "reasons": [rule]}
    client.post(form(batch.request, "send_back"), sent)
    assert len(Request.objects.get().entries.last().reasons) == 1


def test_second_click_is_no_second_deed_and_no_reproach(world, batch, client):
    client.force_login(world.county)
    for _ in range(2):
        response = client.post(form(batch.request, "approve"), figures(batch.request), follow=True)
        assert [m.level_tag for m in response.context["messages"]] == ["success"]
    assert Entry.objects.filter(move=Move.APPROVE).count() == 2


def test_somebody_was_quicker(world, batch, client):
    seen = figures(batch.request)
    world.approve(batch, world.user(Role.COUNTY_HEAD, COUNTY), graduates=2146, plan=600)
    client.force_login(world.county)
    response = client.post(form(batch.request, "approve"), seen, follow=True)
    assert response.redirect_chain == [(page(batch.request), 302)]
    assert "页面已更新，刚才的操作未生效" in response.content.decode()


def test_a_grant_taken_back_is_felt_at_the_next_click(world, batch, client):
    client.force_login(world.county)
    url, sent = form(batch.request, "approve"), figures(batch.request)
    assert client.get(url).status_code == 200
    post = Post.objects.get(organisation__code=COUNTY, role=Role.COUNTY_REVIEWER)
    revoke(post=post, permission=Permission.DECIDE_AS_COUNTY, organisation=post.organisation)
    response = client.post(url, sent)
    assert (response.status_code, Request.objects.get().version) == (422, batch.request.version)
    assert "现由广河县教育局办理" in response.content.decode()


def test_moves_with_pages_of_their_own_have_none_here(world, batch, client):
    client.force_login(world.county)
    for move in ("strike", "record", "refuse", "nonsense"):
        assert client.get(form(batch.request, move)).status_code == 404


def test_a_closed_request_shows_the_judgement_it_was_closed_on(world, client):
    batch = world.to(world.batch(2), 4)
    client.force_login(world.registrar())
    response = client.get(page(batch.request))
    last = batch.request.entries.order_by("pk").last()
    assert [f.rule.id for f in response.context["judgement"].findings] == [f["rule"] for f in last.findings]
    assert offered(response) == {} and {s["state"] for s in response.context["steps"]} == {"done"}


def test_nothing_is_advised_while_the_school_has_work_left(world, client):
    batch = world.batch(2)
    batch.candidates.update(arrival=Arrival.UNMARKED)
    client.force_login(world.registrar())
    response = client.get(page(batch.request))
    assert offered(response)["submit"] == "还有2名学生未登记报到情况"
    assert response.context["advice"] is None
    assert '<span class="mut">还有2名学生未登记报到情况</span>' in response.content.decode()
