"""单位证书: kept by the account administrator and the prefecture for the offices below; nobody else finds the page."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linxia_xueji.certificates import certificate_of
from linxia_xueji.enums import Role
from linxia_xueji.models import OfficeCertificate, TrailEntry
from tests.ground.keys import NOON, PASSWORD, YEAR, certificate_file
from tests.registry.test_printed import words
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE

PAGE = "/certificates/"


def posted(client, world, office: str = COUNTY_SCHOOL, content: bytes | None = None, password: str = PASSWORD):
    file = SimpleUploadedFile("证书.p12", certificate_file() if content is None else content)
    return client.post(PAGE, {"office": office, "file": file, "password": password})


def admin(world):
    return world.user(Role.ACCOUNT_ADMIN, PREFECTURE)


def test_signed_out(client, world):
    for address in (PAGE, "/certificates/1/withdraw/"):
        assert client.get(address).headers["Location"].startswith("/login/")


def test_nobody_else_finds_it(client, world):
    client.force_login(admin(world))
    posted(client, world)
    certificate = OfficeCertificate.objects.get()
    for user in (world.registrar(), world.head(OTHER_SCHOOL), world.county, world.province):
        client.force_login(user)
        assert client.get(PAGE).status_code == posted(client, world).status_code == 404
        address = reverse("registry:withdraw_certificate", args=[certificate.pk])
        assert client.get(address).status_code == client.post(address, {"why": "x"}).status_code == 404
    assert OfficeCertificate.objects.get().withdrawn_at is None


@pytest.mark.parametrize("who", [admin, lambda world: world.centre])
@pytest.mark.parametrize("office", [COUNTY_SCHOOL, "full name"])
def test_put_in_replaced_and_withdrawn(client, world, who, office):
    client.force_login(who(world))
    school = world.organisation(COUNTY_SCHOOL)
    typed = school.name if office == "full name" else office
    assert "没有单位设置证书" in words(client.get(PAGE))
    assert posted(client, world, typed).status_code == 302
    shown = words(client.get(PAGE))
    assert school.short_name in shown and "CN=广河县示例第一中学" in shown and "2025-09-16至2027-09-16" in shown
    assert PASSWORD not in shown and "密码of" not in shown
    first = certificate_of(school)
    assert posted(client, world, typed).status_code == 302
    second = certificate_of(school)
    assert second != first and OfficeCertificate.objects.get(pk=first.pk).withdrawn_why == "已更换"
    address = reverse("registry:withdraw_certificate", args=[second.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"why": " "}).status_code == 422
    assert client.post(address, {"why": "密钥泄露"}).status_code == 302
    assert certificate_of(school) is None and "密钥泄露" in words(client.get(PAGE))
    client.post(address, {"why": "又一次"})
    assert OfficeCertificate.objects.get(pk=second.pk).withdrawn_why == "密钥泄露"
    actions = TrailEntry.objects.filter(action__endswith="单位证书").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["启用单位证书", "停用单位证书", "启用单位证书", "停用单位证书"]
    assert TrailEntry.objects.filter(action="启用单位证书").first().organisation == school


def test_the_same_one_twice_changes_nothing(client, world):
    client.force_login(world.centre)
    content = certificate_file()
    assert [posted(client, world, content=content).status_code for _ in range(2)] == [302, 422]
    assert OfficeCertificate.objects.count() == 1


def test_what_is_wrong_is_said_on_the_form(client, world):
    client.force_login(world.centre)
    answer = posted(client, world, office="没有这所学校")
    assert answer.status_code == 422 and "没有找到“没有这所学校”" in words(answer)
    answer = posted(client, world, password="另一个")
    assert answer.status_code == 422 and "证书密码不对" in words(answer) and "另一个" not in words(answer)
    assert not OfficeCertificate.objects.exists()


def test_one_whose_day_has_not_come_is_taken_and_shown_as_not_signing(client, world):
    client.force_login(world.centre)
    late = certificate_file("广河县教育局", NOON + timedelta(days=1), NOON + YEAR)
    assert posted(client, world, COUNTY, late).status_code == 302
    assert "不签名证书自2026-09-17起有效，尚未生效" in words(client.get(PAGE))
