"""Appointments by the level above: who may fill what, one person one post, stand-ins, ends and hand-overs."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from linxia_xueji.access import access_of, make_post
from linxia_xueji.enums import Permission, Role
from linxia_xueji.models import Appointment, Post, TrailEntry, User
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.staff import appointments as staff
from linxia_xueji.staff.appointments import Person
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PROVINCE

DOCUMENT = "临州教人〔2026〕8号"
JUNIOR = "3162990005"


@pytest.fixture
def admin(world) -> User:
    return world.user(Role.ACCOUNT_ADMIN, PREFECTURE)


@pytest.fixture
def county_admin(world, admin) -> User:
    return appoint(world, admin, COUNTY, Role.ACCOUNT_ADMIN, "县管理").appointment.user


def appoint(
    world, by, code=JUNIOR, role=Role.REGISTRAR, name="马海明", title="", starts_on=DAY, username="", document=DOCUMENT
):
    return staff.appoint_to(
        organisation=world.organisation(code), role=role, title=title, person=Person(name, username), starts_on=starts_on,
        document_number=document, by=by,
    )  # fmt: skip


def refused(words: str, call, *arguments, **named) -> None:
    with pytest.raises(Refusal) as caught, transaction.atomic():
        call(*arguments, **named)
    assert words in caught.value.message


def test_a_named_person_gets_an_account_with_the_appointment(world, admin):
    made = appoint(world, admin)
    held = made.appointment
    assert made.is_new and held.user.username == f"{JUNIOR}-01" and not held.user.has_usable_password()
    assert access_of(held.user, DAY).may(Permission.PREPARE_BUSINESS, world.organisation(JUNIOR))
    assert not access_of(held.user, DAY - timedelta(days=1)).posts
    assert (held.starts_on, held.document_number, held.stand_in) == (DAY, DOCUMENT, False)
    actions = TrailEntry.objects.filter(by=admin).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["设立岗位", "建立账号", "任命"]
    assert appoint(world, admin, role=Role.HEAD, name="马校长").appointment.user.username == f"{JUNIOR}-02"


def test_one_post_one_person_one_person_one_post(world, admin):
    first = appoint(world, admin).appointment
    refused("由马海明自2026-09-16担任", appoint, world, admin, name="别人")
    assert appoint(world, admin, name="别人", title="小学部").appointment.post_id != first.post_id
    refused("专人专岗", appoint, world, admin, role=Role.HEAD, username=first.user.username)
    assert User.objects.filter(full_name="马海明").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(user=world.province, post=first.post, starts_on=DAY)


@pytest.mark.parametrize(
    "code, role, words",
    [
        (PREFECTURE, Role.ACCOUNT_ADMIN, "由上一级账号管理员设立"),
        (PROVINCE, Role.PROVINCE, "不在管理范围内"),
        (COUNTY, Role.REGISTRAR, "没有学籍管理员岗位"),
        (JUNIOR, Role.CENTRE, "没有州学管中心岗位"),
    ],
)
def test_what_an_administrator_may_not_fill(world, admin, code, role, words):
    posts = Post.objects.count()
    refused(words, appoint, world, admin, code, role)
    assert Post.objects.count() == posts


def test_a_county_s_administrator_reaches_his_county_alone(world, county_admin):
    assert appoint(world, county_admin).appointment.post.organisation.code == JUNIOR
    refused("不在管理范围内", appoint, world, county_admin, OTHER_SCHOOL, Role.HEAD, title="副")
    refused("由上一级账号管理员设立", appoint, world, county_admin, COUNTY, Role.ACCOUNT_ADMIN, title="二")
    refused(
        "没有用户名为", appoint, world, county_admin, role=Role.HEAD, username=world.registrar(OTHER_SCHOOL).username
    )
    for person in (world.registrar(), world.county, world.centre, world.province):
        refused("不在管理范围内", appoint, world, person)


def test_nobody_appoints_himself(world, admin):
    refused("不能任命本人", appoint, world, admin, name=admin.full_name, username=admin.username)
    post = access_of(world.registrar()).post
    refused(
        "不能任命本人", staff.stand_in, post=post, person=Person(admin.full_name, admin.username), starts_on=DAY, ends_on=DAY,
        document_number=DOCUMENT, by=admin,
    )  # fmt: skip


def test_name_and_document_are_asked_for(world, admin):
    refused("请填写姓名", appoint, world, admin, name=" ")
    refused("请填写文号", appoint, world, admin, document=" ")
    refused("不是别人的账号", appoint, world, admin, name="别人", username=world.registrar().username)
    assert not Post.objects.filter(organisation__code=JUNIOR).exists()


def test_an_end_is_felt_the_next_day_and_frees_the_post(world, admin):
    held = appoint(world, admin).appointment
    ended = staff.end(appointment=held, ends_on=DAY, document_number="临州教人〔2026〕9号", by=admin)
    assert access_of(held.user, DAY).posts and not access_of(held.user, DAY + timedelta(days=1)).posts
    assert ended.end_document_number == "临州教人〔2026〕9号"
    refused("担任", appoint, world, admin, name="后任")
    again = appoint(world, admin, name="后任", starts_on=DAY + timedelta(days=1)).appointment
    assert again.post_id == held.post_id
    refused(
        "延长须另行任命", staff.end, appointment=ended, ends_on=DAY + timedelta(days=9), document_number="x", by=admin
    )
    refused("不能早于该日", staff.end, appointment=ended, ends_on=date(2020, 1, 1), document_number="x", by=admin)
    refused("请填写文号", staff.end, appointment=ended, ends_on=DAY, document_number="", by=admin)
    with pytest.raises(Stale):
        held.ends_on = None
        staff.end(appointment=held, ends_on=DAY, document_number="x", by=admin)
    refused("不在管理范围内", staff.end, appointment=ended, ends_on=DAY, document_number="x", by=world.county)


def test_a_post_is_handed_over_without_gap_or_overlap(world, admin):
    post = access_of(world.registrar()).post
    before = post.appointments.get()
    made = staff.hand_over(
        post=post, person=Person("接任者"), starts_on=DAY + timedelta(days=5), document_number=DOCUMENT, by=admin
    )
    before.refresh_from_db()
    assert before.ends_on == DAY + timedelta(days=4) and made.is_new
    assert access_of(made.appointment.user, DAY + timedelta(days=5)).post == post
    assert not access_of(before.user, DAY + timedelta(days=5)).posts
    empty = make_post(organisation=world.organisation(JUNIOR), role=Role.HEAD)
    terms = {"person": Person("谁"), "document_number": DOCUMENT, "by": admin}
    refused("无人在岗", staff.hand_over, post=empty, starts_on=DAY, **terms)
    refused("须在其后", staff.hand_over, post=access_of(world.head()).post, starts_on=date(2025, 8, 1), **terms)


def test_a_stand_in_acts_from_a_day_to_a_day(world, admin):
    post, other = access_of(world.registrar()).post, world.registrar(OTHER_SCHOOL)
    terms = {"post": post, "document_number": DOCUMENT, "by": admin, "starts_on": DAY}
    person = Person(other.full_name, other.username)
    held = staff.stand_in(person=person, ends_on=DAY + timedelta(days=3), **terms).appointment
    assert held.stand_in and access_of(other, DAY).may(Permission.PREPARE_BUSINESS, post.organisation)
    assert access_of(other, DAY).post.organisation.code == OTHER_SCHOOL
    assert not access_of(other, DAY + timedelta(days=4)).may(Permission.PREPARE_BUSINESS, post.organisation)
    assert access_of(world.registrar(), DAY).post == post
    refused("已有人代理", staff.stand_in, person=Person("第二人"), ends_on=DAY, **terms)
    refused("不能早于代理起", staff.stand_in, person=person, ends_on=DAY - timedelta(days=1), **terms)
    refused("最长183日", staff.stand_in, person=person, ends_on=DAY + timedelta(days=183), **terms)
    assert staff.end(appointment=held, ends_on=DAY, document_number="x", by=admin).ends_on == DAY
    with pytest.raises(IntegrityError, match="stand_in_has_an_end"), transaction.atomic():
        Appointment.objects.create(user=other, post=post, starts_on=DAY, stand_in=True, document_number="x")


def test_user_names_are_never_used_again(world, admin):
    for number in range(1, 4):
        held = appoint(world, admin, name=f"人{number}", title=str(number)).appointment
        assert held.user.username == f"{JUNIOR}-{number:02d}"
    User.objects.create_user(f"{JUNIOR}-120", "x", full_name="外来")
    assert appoint(world, admin, name="再来", title="再").appointment.user.username == f"{JUNIOR}-121"
    assert world.organisation(COUNTY_SCHOOL).posts.count() == 2 and world.organisation(OTHER_COUNTY)


def test_an_office_begins_with_an_administrator_from_the_command_line(world):
    told = StringIO()
    call_command("account_admin", COUNTY, "--name", "县管理", "--document", DOCUMENT, stdout=told)
    given = json.loads(told.getvalue())
    user = User.objects.get(username=given["username"])
    assert user.check_password(given["password"]) and user.must_change_password
    assert access_of(user).may(Permission.MANAGE_ACCOUNTS, world.organisation(COUNTY_SCHOOL))
    for code, words in ((COUNTY, "已有账号管理员"), (COUNTY_SCHOOL, "没有代码为"), (PREFECTURE, "已有账号管理员")):
        with pytest.raises(CommandError, match=words):
            call_command("account_admin", code, "--name", "又一人", "--document", DOCUMENT)
