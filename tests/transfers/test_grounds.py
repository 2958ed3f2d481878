"""Grounds of 退学: an assumed list, the prefecture's own by document, and a request that keeps its words."""

from datetime import date

import pytest
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal
from tests.transfers.support import announce_terms, filed, pupil
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, PREFECTURE
from transfers.ground_entry import set_grounds
from transfers.grounds import GROUNDS, code_of
from transfers.models import GroundsVersion, Withdrawal

PAGE = reverse("transfers:grounds")
TYPED = {
    "grounds": "学生及监护人申请退学\n\n  参军入伍 ",
    "effective_from": "2026-09-16",
    "document_number": "临州教发〔2026〕11号",
}


def test_signed_out_goes_to_the_sign_in_page(world, client):
    assert client.get(PAGE).url.startswith("/login/")


@pytest.mark.parametrize(
    ("role", "code", "reads"),
    [(Role.COUNTY_HEAD, COUNTY, 200), (Role.AUDITOR, PREFECTURE, 200), (Role.ACCOUNT_ADMIN, PREFECTURE, 404)],
)
def test_others_read_at_most(world, client, role, code, reads):
    client.force_login(world.user(role, code))
    shown = client.get(PAGE)
    assert shown.status_code == reads and "保存清单" not in shown.content.decode()
    assert client.post(PAGE, TYPED).status_code == 404 and not GroundsVersion.objects.exists()


def test_a_list_by_document_takes_the_place_of_the_assumed_one(world, client):
    client.force_login(world.centre)
    assert '<span class="tag warn">假定</span>' in client.get(PAGE).content.decode()
    assert client.post(PAGE, TYPED).url == PAGE
    assert GroundsVersion.objects.get().grounds == ["学生及监护人申请退学", "参军入伍"]
    assert TrailEntry.objects.filter(action="修改退学事由").count() == 1
    clause = client.get(reverse("registry:clause", args=["三（二）3"])).content.decode()
    assert "参军入伍" in clause and TYPED["document_number"] in clause and GROUNDS["not_back"] not in clause


def test_a_request_keeps_the_words_it_was_filed_with(world, client):
    announce_terms(world)
    enrolment = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")
    old = filed(world, "withdrawal", enrolment, Withdrawal(ground="not_back"))
    client.force_login(world.centre)
    client.post(PAGE, TYPED)
    client.force_login(world.registrar())
    shown = client.get(reverse("approvals:request", args=[old.request_id])).content.decode()
    assert f"{GROUNDS['not_back']}（清单为假定）" in shown
    mend = client.get(reverse("transfers:mend", args=[old.pk])).content.decode()
    assert GROUNDS["not_back"] in mend and "参军入伍" in mend and GROUNDS["absent"] not in mend
    other = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=2, name="马小二")
    typed = {
        "ground": code_of("参军入伍"), "applicant": "马父", "relation": "father", "applied_on": "2026-09-16",
        "reason": "", "save": "1",
    }  # fmt: skip
    client.post(reverse("transfers:apply", args=["withdrawal", other.pk]), typed)
    detail = Withdrawal.objects.get(change__enrolment=other)
    assert (detail.ground_words, detail.ground_source) == ("参军入伍", TYPED["document_number"])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"grounds": "甲\n甲"}, "“甲”出现了两次"),
        ({"grounds": " \n"}, "退学事由"),
        ({"grounds": "长" * 101}, "每项不超过100个字"),
        ({"effective_from": "2026-09-15"}, "生效日期不能早于今天"),
        ({"document_number": ""}, "文号"),
    ],
)
def test_what_is_no_list_is_refused(world, client, typed, sentence):
    client.force_login(world.centre)
    shown = client.post(PAGE, TYPED | typed)
    assert shown.status_code == 422 and sentence in shown.content.decode()
    assert not GroundsVersion.objects.exists()


def test_only_the_prefecture_and_only_by_document(world):
    given = {
        "prefecture": world.organisation(PREFECTURE),
        "grounds": ["甲"],
        "effective_from": date(2026, 9, 16),
        "on": DAY,
    }
    with pytest.raises(Refusal, match="只有州学管中心"):
        set_grounds(**given, document_number="1号", by=world.county)
    with pytest.raises(Refusal, match="请填写文号"):
        set_grounds(**given, document_number=" ", by=world.centre)
