"""操作手册: a page for each role, one's own first, with pictures that are there and small."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.help import WORK
from tests.world import COUNTY, COUNTY_SCHOOL, PREFECTURE

INDEX = reverse("help")
PICTURES = settings.BASE_DIR / "linxia_xueji" / "static" / "help"


def test_signed_out_goes_to_the_sign_in_page(db, client):
    for address in (INDEX, reverse("help_role", args=["head"])):
        assert client.get(address).headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize(
    ("role", "code"), [(Role.HEAD, COUNTY_SCHOOL), (Role.COUNTY_HEAD, COUNTY), (Role.ACCOUNT_ADMIN, PREFECTURE)]
)
def test_one_s_own_role_comes_first(world, client, role, code):
    client.force_login(world.user(role, code))
    listed = re.findall(r'/help/(\w+)/"', client.get(INDEX).content.decode())
    assert listed[0] == role and sorted(listed) == sorted(Role.values)
    assert "本人岗位" in client.get(reverse("help_role", args=[role])).content.decode()
    assert client.get(reverse("help_role", args=["nobody"])).status_code == 404


def test_each_role_has_its_page_and_every_picture_is_there_and_used(world, client):
    client.force_login(world.registrar())
    used = set()
    for role in WORK:
        text = client.get(reverse("help_role", args=[role])).content.decode()
        assert all(words in text for words in ("每天先看什么", "一步一步", "常见差错", "有疑问找谁", "期限", "键盘"))
        used |= set(re.findall(r"help/([\w-]+)(?:\.\w+)?\.webp", text))
    assert used == {picture.stem for picture in PICTURES.iterdir()}
    assert sum(picture.stat().st_size for picture in PICTURES.iterdir()) < 1_500_000
