"""Routes as data: read by all who see the register, set by the prefecture with its document; a request keeps its own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal
from tests.transfers.support import suspension, through
from tests.world import COUNTY, DAY, PREFECTURE
from transfers.models import RouteVersion
from transfers.route_entry import fault_in, set_route
from transfers.routes import BUILT_IN, Case, RouteStep

ROUTES = reverse("transfers:routes")
ROUTE = reverse("transfers:route", args=["suspension", "beyond"])
SHORT = {
    "step1": "own:school",
    "step2": "own:prefecture",
    "effective_from": "2026-09-16",
    "document_number": "临州教发〔2026〕9号",
}


def test_signed_out_goes_to_the_sign_in_page(world, client):
    assert all(client.get(url).url.startswith("/login/") for url in (ROUTES, ROUTE))


@pytest.mark.parametrize(
    ("role", "code", "reads"),
    [(Role.COUNTY_HEAD, COUNTY, 200), (Role.AUDITOR, PREFECTURE, 200), (Role.ACCOUNT_ADMIN, PREFECTURE, 404)],
)
def test_others_read_at_most(world, client, role, code, reads):
    client.force_login(world.user(role, code))
    shown = client.get(ROUTES)
    assert shown.status_code == reads and ROUTE not in shown.content.decode()
    assert client.get(ROUTE).status_code == client.post(ROUTE, SHORT).status_code == 404
    assert not RouteVersion.objects.exists()


def test_the_built_in_ones_are_shown_as_assumed(world, client):
    client.force_login(world.centre)
    page = client.get(ROUTES).content.decode()
    assert page.count("假定</span>") == sum(map(len, BUILT_IN.values())) and ROUTE in page
    assert "转入校长确认 → 转入地县级审核 → 转出学校审核 → 转出地县级审核 → 州级审核" in page
    assert "转入校长确认 → 转出学校审核 → 县级审批" in page, "one county over both schools"


def test_a_request_keeps_the_route_it_began_with(world, client):
    change = suspension(world)
    request = through(world, change, steps=0)
    client.force_login(world.centre)
    assert client.post(ROUTE, SHORT).url == ROUTES
    page = client.get(ROUTES).content.decode()
    assert "校长确认 → 州级审核" in page and SHORT["document_number"] in page and "州文件" in page
    assert TrailEntry.objects.filter(action="修改办理路线").count() == 1
    assert [step.level for step in request.steps.all()] == ["school", "county", "prefecture"]
    request = through(world, change, steps=1, submit=False)
    assert request.turn_level == "county"


def test_a_later_request_goes_the_new_way_and_a_coming_one_waits(world, client):
    client.force_login(world.centre)
    client.post(ROUTE, SHORT)
    client.post(ROUTE, SHORT | {"step2": "own:county", "effective_from": "2026-12-01"})
    assert "2026-12-01起：校长确认 → 县级审批" in client.get(ROUTES).content.decode()
    request = through(world, suspension(world), steps=0)
    assert [step.level for step in request.steps.all()] == ["school", "prefecture"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"step2": "own:school"}, "“校长确认”出现了两次"),
        ({"step2": ""}, "至少要有一个县级或州级环节"),
        ({"step1": "", "step2": ""}, "请至少选择一个环节"),
        ({"step2": "sending:county"}, "第2个环节"),
        ({"document_number": ""}, "文号"),
        ({"effective_from": "2026-09-15"}, "生效日期不能早于今天"),
    ],
)
def test_what_is_no_route_is_refused(world, client, typed, sentence):
    client.force_login(world.centre)
    answer = client.post(ROUTE, SHORT | typed)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not RouteVersion.objects.exists()


def test_the_deed_itself_asks_for_the_right_and_the_sides(world):
    given = {
        "prefecture": world.organisation(PREFECTURE), "kind": "suspension", "case": Case.BEYOND, "steps": ["receiving:county"],
        "effective_from": DAY + timedelta(days=1), "document_number": "x", "on": DAY,
    }  # fmt: skip
    with pytest.raises(Refusal, match="不适用于此项业务"):
        set_route(**given, by=world.centre)
    with pytest.raises(Refusal, match="只有州学管中心"):
        set_route(**given | {"steps": ["own:county"]}, by=world.county)
    with pytest.raises(Refusal, match="没有此项业务"):
        set_route(**given | {"kind": "withdrawal", "case": Case.COMPULSORY}, by=world.centre)


def test_every_built_in_step_may_be_chosen_again():
    faults = [fault_in(kind, case, list(steps)) for kind, cases in BUILT_IN.items() for case, steps in cases.items()]
    assert not any(faults)
    assert all(
        RouteStep.read(code).code == code for cases in BUILT_IN.values() for steps in cases.values() for code in steps
    )
