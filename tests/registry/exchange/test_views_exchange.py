"""The national file is taken out like any roster: on record, above a set size released by a second person, once."""

import pytest
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.policy import decide as decide_policy
from registry import orders
from registry.enums import EnrolmentState, ExportState
from registry.models import Enrolment, EnrolmentStatus, ExportRecord, FileOrder
from registry.orders import make_order
from tests.registry.exchange.national_file import HEADERS
from tests.registry.exchange.test_exchange import brought_in, sheet
from tests.registry.roster.export import export, pupil
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE

ROLL = reverse("registry:roll")
ASKED = {"kind": "national", "purpose": "check"}


@pytest.fixture
def two(world):
    brought_in(world, export([pupil(1), pupil(2)]))


def asked(client, user, query: str = "") -> str:
    """The address of the record of what was asked for."""
    client.force_login(user)
    answer = client.post(f"{ROLL}{query}", ASKED)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def test_only_ones_own_students_and_none_waiting_to_be_transferred_in(two, world, client):
    client.force_login(world.registrar(OTHER_SCHOOL))
    refused = client.post(ROLL, ASKED)
    assert refused.status_code == 422 and "没有符合条件的学生" in refused.content.decode()
    client.force_login(world.user(Role.AUDITOR, PREFECTURE))
    assert "不能导出" in client.post(ROLL, ASKED).content.decode()
    EnrolmentStatus.objects.filter(enrolment=Enrolment.objects.first()).update(status=EnrolmentState.PENDING)
    asked(client, world.county, f"?school={world.organisation(COUNTY_SCHOOL).pk}")
    assert ExportRecord.objects.get().count == 1


def test_the_file_is_on_record_with_count_and_purpose(two, world, client):
    page = asked(client, world.county)
    assert "国网71列名册导出" in client.get(page).content.decode()
    file = client.post(f"{page}file/")
    head, *rows = sheet(file.content)
    assert (head, len(rows)) == (HEADERS, 2) and "attachment" in file["Content-Disposition"]
    noted = TrailEntry.objects.get(action="导出国网71列名册")
    assert (noted.after["count"], noted.after["purpose"]) == (2, "与全国学籍系统核对") and "71列" in noted.after[
        "fields"
    ]
    assert (
        client.post(f"{page}file/").status_code == 302
        and "国网71列名册" in client.get(reverse("registry:exports")).content.decode()
    )


def test_a_large_one_waits_for_a_second_person_and_is_made_by_the_worker(two, world, client, monkeypatch):
    monkeypatch.setattr(orders, "AT_ONCE", 0)
    decide_policy(
        organisation=world.organisation(PREFECTURE), key="export.release_above", value=0, effective_from=world.day,
        document_number="临州教发〔2026〕9号", by=world.centre,
    )  # fmt: skip
    page = asked(client, world.registrar())
    client.post(f"{page}file/")
    assert ExportRecord.objects.get().state == ExportState.WAITING and not FileOrder.objects.exists()
    client.force_login(world.head())
    client.post(page, {"released": "yes", "note": "用途属实"})
    brought_in(world, export([pupil(1, 班号="9班"), pupil(3)]))
    client.force_login(world.registrar())
    answer = client.post(f"{page}file/")
    order = FileOrder.objects.get()
    make_order(order.pk)
    rows = sheet(client.post(reverse("registry:order_file", args=[order.pk])).content)
    # As it was known when it was asked for, whatever came in since.
    assert answer.url == reverse("registry:order", args=[order.pk])
    assert len(rows) == 3 and {row[HEADERS.index("班号")] for row in rows[1:]} == {pupil(1)["班号"]}
