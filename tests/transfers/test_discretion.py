"""How often discretion was used, with the list behind each figure; and the clause each finding leads to."""

from datetime import date

import pytest
from django.urls import reverse

from approvals.chain import advance
from approvals.models import Request
from linxia_xueji.enums import Role
from linxia_xueji.reference import notice
from tests.transfers.support import decider, see_originals, suspension, through
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE

USED, CHANGES = reverse("transfers:discretion"), reverse("transfers:changes")


@pytest.fixture
def closed(world) -> Request:
    """A suspension of more than a year, approved all along with written reasons."""
    change = suspension(world, ends_on=date(2027, 12, 31))
    request = Request.objects.get(pk=change.request_id)
    request = advance(request=request, move="submit", by=world.registrar(), note="手术后须长期康复", on=world.day)
    while request.is_open:
        see_originals(world, request)
        request = advance(
            request=request, move="approve", by=decider(world, request), note="同意，病情属实", on=world.day
        )
    return request


def test_signed_out_goes_to_the_sign_in_page(client, db):
    assert client.get(USED).url.startswith("/login/")
    assert client.get(reverse("registry:clause", args=["二"])).url.startswith("/login/")


@pytest.mark.parametrize(
    ("role", "code", "status"), [(Role.REGISTRAR, OTHER_SCHOOL, 200), (Role.ACCOUNT_ADMIN, PREFECTURE, 404)]
)
def test_a_stranger_counts_nothing_of_others(world, closed, client, role, code, status):
    client.force_login(world.user(role, code))
    answer = client.get(USED)
    assert answer.status_code == status and "逐件查看" not in answer.content.decode()


def test_each_figure_leads_to_its_list(world, closed, client):
    client.force_login(world.centre)
    (row,) = client.get(USED).context["rows"]
    assert (row.label, row.year, row.count, row.decided) == ("休学", 2026, 1, 1)
    listed = client.get(row.url)
    assert [line.pk for line in listed.context["rows"]] == [closed.pk]
    for other in ("verdict=allowed", "year=2025", "kind=transfer"):
        assert not client.get(f"{CHANGES}?state=approved&{other}").context["page"].object_list
    assert client.get(f"{CHANGES}?verdict=x&year=20x6").context["page"].paginator.count == 1


def test_what_passed_every_rule_is_not_counted(world, client):
    through(world, suspension(world))
    client.force_login(world.centre)
    assert "没有酌情办理的异动" in client.get(USED).content.decode()


def test_a_finding_leads_to_its_clause_and_the_clause_shows_its_rules(world, closed, client):
    client.force_login(world.head(COUNTY_SCHOOL))
    page = client.get(reverse("approvals:request", args=[closed.pk])).content.decode()
    clause = reverse("registry:clause", args=["三（二）2"])
    assert f'href="{clause}"' in page
    shown = client.get(clause).content.decode()
    assert "单次休学期限一般为一年" in shown and "须书面说明理由" in shown and "上一条" in shown and "下一条" in shown
    assert client.get(reverse("registry:clause", args=["九"])).status_code == 404


def test_every_clause_has_its_page_and_the_assumed_grounds_are_marked(world, client):
    client.force_login(world.registrar())
    pages = {
        item.id: client.get(reverse("registry:clause", args=[item.id])).content.decode() for item in notice().clauses
    }
    grounds = pages["三（二）3"]
    assert (
        "退学事由" in grounds and "学生及监护人申请退学" in grounds and '<span class="tag warn">假定</span>' in grounds
    )
    assert "学生及监护人申请退学" in client.get(reverse("registry:clauses")).content.decode()
    assert "退学事由</h3>" not in pages["二"]
