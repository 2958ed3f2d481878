"""The HTTP interface: tokens, what each purpose reads, problems, counting, and the description that fits what is answered."""

from datetime import timedelta
from json import loads

import pytest
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.policy import decide
from registry.api.tokens import issue, revoke
from registry.enums import ApiPurpose
from registry.models import ApiDay, ApiToken
from registry.views import api
from tests.registry.rosters_support import pupils
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE

COUNTS, ROSTERS, SCHOOLS, DESCRIPTION = (
    reverse(f"registry:api_{name}") for name in ("counts", "rosters", "schools", "description")
)
TOKENS = reverse("registry:api_tokens")


@pytest.fixture
def register(world):
    return pupils(world)


def token(world, code: str = PREFECTURE, purpose: str = ApiPurpose.MEALS) -> str:
    return issue(
        organisation=world.organisation(code), using="州营养办", purpose=purpose, document_number="临州教发〔2026〕12号",
        valid_until=world.day + timedelta(days=30), by=world.centre,
    )[1]  # fmt: skip


def asked(client, address: str, text: str, **query):
    return client.get(address, query, headers={"Authorization": f"Bearer {text}"})


def problem(answer, status: int) -> str:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert loads(answer.content)["status"] == status
    return loads(answer.content)["detail"]


def test_without_a_valid_token_nothing_is_told(register, world, client):
    text = token(world)
    for wrong in ("", "x", text + "x"):
        assert "有效的令牌" in problem(asked(client, ROSTERS, wrong), 401)
    ApiToken.objects.update(valid_until=world.day - timedelta(days=1))
    problem(asked(client, COUNTS, text), 401)
    ApiToken.objects.update(valid_until=world.day)
    assert asked(client, COUNTS, text).status_code == 200
    revoke(token=ApiToken.objects.get(), by=world.centre)
    problem(asked(client, COUNTS, text), 401)
    client.force_login(world.centre)  # a session opens nothing here
    problem(client.get(COUNTS), 401)


def test_counts_of_the_organisation_of_the_token_alone(register, world, client):
    told = asked(client, COUNTS, token(world), by="grade").json()
    assert told["groups"][0] == {"group": "高二", "figures": {"在读": 2, "休学": 1}, "total": 3} and told["total"] == 4
    assert asked(client, COUNTS, token(world, COUNTY)).json()["total"] == 3
    assert asked(client, COUNTS, token(world, COUNTY), school=OTHER_SCHOOL).json()["total"] == 0
    assert asked(client, COUNTS, token(world), day="2026-02-01", grade="11").json()["groups"][0]["figures"] == {
        "在读": 3
    }
    codes = {school["code"] for school in asked(client, SCHOOLS, token(world, COUNTY)).json()["schools"]}
    assert COUNTY_SCHOOL in codes and OTHER_SCHOOL not in codes


def test_rosters_have_what_the_purpose_needs_page_by_page_and_are_on_record(register, world, client):
    text = token(world, purpose=ApiPurpose.MEALS)
    first = asked(client, ROSTERS, text, limit=3).json()
    rest = asked(client, ROSTERS, text, limit=3, after=first["next"]).json()
    names = [student["name"] for student in first["students"] + rest["students"]]
    assert names == ["马一", "马二", "马三", "马四"] and rest["next"] is None
    assert set(first["students"][0]) == {"county", "school", "stage", "grade", "class", "name", "state", "boarding"}
    assert asked(client, ROSTERS, text, boarding="2").json()["students"][0]["name"] == "马一"
    number = register[0].student.key_facts.get().id_number.reveal()
    aid = asked(client, ROSTERS, token(world, purpose=ApiPurpose.AID), limit=1).json()
    assert aid["students"][0]["id_number"] == number
    day = ApiDay.objects.get(token__purpose=ApiPurpose.MEALS)
    assert (day.calls, day.students) == (3, 5)
    noted = TrailEntry.objects.filter(action="接口读取花名册").order_by("pk").first()
    assert noted.after == {"count": 3, "purpose": "营养餐发放"} and noted.by is None


def test_what_cannot_be_answered_is_a_problem(register, world, client):
    text = token(world)
    for query, words in (
        ({"limit": 0}, "1到200"), ({"day": "20260916"}, "须是日期"), ({"stage": "x"}, "只能是"), ({"school": "1"}, "须符合"),
        ({"x": 1}, "没有参数x"), ({"limit": [1, 2]}, "只能填一次"), ({"after": "１"}, "整数"),
    ):  # fmt: skip
        assert words in problem(asked(client, ROSTERS, text, **query), 422)
    assert "晚于今天" in problem(asked(client, ROSTERS, text, day="2027-01-01"), 404)
    refused = client.post(COUNTS, headers={"Authorization": f"Bearer {text}"})
    assert "只能读取" in refused.json()["title"] and refused["Allow"] == "GET" and refused.status_code == 405
    assert not ApiDay.objects.exists()


def test_what_is_not_there_or_goes_wrong_is_a_problem_too(register, world, client, monkeypatch):
    for address in ("/api/", "/api/v1/pupils/", "/api/v1/counts"):
        assert COUNTS in problem(client.get(address), 404)
        assert COUNTS in problem(client.post(address), 404)
    for method in (client.post, client.put, client.delete, client.head):
        assert method(DESCRIPTION).status_code == method(ROSTERS).status_code == 405
    assert "请用GET" in problem(client.post(DESCRIPTION), 405)
    monkeypatch.setattr(api, "read", lambda *asked: 1 / 0)
    assert "编号E-" in problem(asked(client, ROSTERS, token(world)), 500)


def test_too_many_calls_wait_a_minute(register, world, client):
    decide(
        organisation=world.organisation(PREFECTURE), key="api.per_minute", value=30, effective_from=world.day,
        document_number="临州教发〔2026〕9号", by=world.centre,
    )  # fmt: skip
    # Twice as many, so that a minute that ends meanwhile changes nothing.
    for text, status in ((token(world), 200), ("x", 401)):
        assert {asked(client, SCHOOLS, text).status_code for _ in range(61)} == {status, 429}


def test_the_description_lists_every_path_and_all_that_is_answered(register, world, client):
    told = client.get(DESCRIPTION).json()
    assert told["openapi"] == "3.1.0" and set(told["paths"]) == {COUNTS, ROSTERS, SCHOOLS}
    text = token(world, purpose=ApiPurpose.AID)
    for path, operations in told["paths"].items():
        responses = operations["get"]["responses"]
        assert set(responses) == {"200", "401", "404", "405", "422", "429", "500"}
        fits(asked(client, path, text).json(), responses["200"]["content"]["application/json"]["schema"])
        wrong = asked(client, path, text, x="1")
        fits(wrong.json(), responses["422"]["content"]["application/problem+json"]["schema"])


def fits(value, schema: dict) -> None:
    """The part of JSON Schema that the description uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
    named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert isinstance(value, tuple(kinds[name] for name in named)), (value, schema)
    if isinstance(value, list):
        for item in value:
            fits(item, schema["items"])
    if isinstance(value, dict):
        known, more = schema.get("properties", {}), schema["additionalProperties"]
        assert set(schema.get("required", ())) <= set(value)
        for name, item in value.items():
            assert name in known or more, name
            fits(item, known.get(name, more))


class TestTokens:
    DATA = {
        "using": "州营养办",
        "purpose": "meals",
        "document_number": "临州教发〔2026〕12号",
        "valid_until": "2027-06-30",
    }

    def test_signed_out_and_strangers(self, world, client):
        token(world)
        stop = reverse("registry:revoke_api_token", args=[ApiToken.objects.get().pk])
        assert client.get(TOKENS).url.startswith("/login/") and client.post(stop).url.startswith("/login/")
        for user in (world.registrar(OTHER_SCHOOL), world.county, world.user(Role.AUDITOR, PREFECTURE)):
            client.force_login(user)
            assert client.get(TOKENS).status_code == client.post(stop).status_code == 404

    def test_issued_shown_once_and_revoked(self, register, world, client):
        client.force_login(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
        answer = client.post(TOKENS, self.DATA | {"organisation": world.organisation(COUNTY).pk})
        text = answer.context["text"]
        assert text in answer.content.decode() and text not in client.get(TOKENS).content.decode()
        made = ApiToken.objects.get()
        assert text not in (made.digest, str(TrailEntry.objects.get(action="发放接口令牌").after))
        assert asked(client, COUNTS, text).json()["total"] == 3
        client.post(reverse("registry:revoke_api_token", args=[made.pk]))
        problem(asked(client, COUNTS, text), 401)
        again = client.post(reverse("registry:revoke_api_token", args=[made.pk]), follow=True)
        assert (
            "该令牌已停用" in again.content.decode() and TrailEntry.objects.filter(action="停用接口令牌").count() == 1
        )

    def test_what_is_refused(self, world, client):
        client.force_login(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
        pk = world.organisation(COUNTY).pk
        for data, words in (
            ({"valid_until": "2030-01-01"}, "最长一年"), ({"document_number": ""}, "依据文号"), ({"organisation": "0"}, "数据范围"),
        ):  # fmt: skip
            answer = client.post(TOKENS, self.DATA | {"organisation": pk} | data)
            assert answer.status_code == 422 and words in answer.content.decode()
        assert not ApiToken.objects.exists()
