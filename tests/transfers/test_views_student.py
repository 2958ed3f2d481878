"""The page of a student: signed out, a busy stranger, what it shows, and what it shows on record only."""

from django.urls import reverse

from linxia_xueji.models import TrailEntry
from tests.transfers.support import pupil
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, id_number


def address(enrolment, name: str = "student") -> str:
    return reverse(f"transfers:{name}", args=[enrolment.pk])


def one(world):
    return pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")


def test_signed_out_goes_to_the_sign_in_page(world, client):
    enrolment = one(world)
    assert client.get(address(enrolment)).status_code == client.post(address(enrolment, "reveal")).status_code == 302


def test_a_busy_stranger_finds_nothing(world, client):
    enrolment, _ = one(world), pupil(world, OTHER_SCHOOL, grade=11, stage="senior", serial=2)
    client.force_login(world.registrar(OTHER_SCHOOL))
    assert client.get(address(enrolment)).status_code == client.post(address(enrolment, "reveal")).status_code == 404
    assert not TrailEntry.objects.filter(action="显示完整学生信息").exists()


def test_the_history_stands_on_one_line_and_numbers_are_masked(world, client):
    client.force_login(world.registrar())
    page = client.get(address(one(world))).content.decode()
    assert "取得普通高中学籍" in page and "就读高二1班" in page and id_number(1) not in page


def test_the_page_tells_how_the_student_stood_on_a_day(world, client):
    client.force_login(world.registrar())
    enrolment = one(world)
    page = client.get(address(enrolment), {"day": "2025-10-08", "known": ""}).content.decode()
    assert "2025年10月8日" in page and "没有在册学籍" not in page
    assert "没有在册学籍" in client.get(address(enrolment), {"day": "20250831"}).content.decode()
    refused = client.get(address(enrolment), {"day": "去年"})
    assert refused.status_code == 422 and "“去年”不是有效日期" in refused.content.decode()


def test_whole_numbers_are_shown_once_and_on_record(world, client):
    client.force_login(world.registrar())
    enrolment = one(world)
    page = client.post(address(enrolment, "reveal")).content.decode()
    assert id_number(1) in page and "本次查看已记入操作留痕" in page
    entry = TrailEntry.objects.get(action="显示完整学生信息")
    assert (entry.by, entry.target_id) == (world.registrar(), str(enrolment.pk))
    again = client.get(address(enrolment)).content.decode()
    assert id_number(1) not in again and "显示完整学生信息" in again and world.registrar().full_name in again
