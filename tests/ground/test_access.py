"""What one may do today: guardian's grants on organisations ∩ appointments of the day; it fails closed."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from linxia_xueji.access import NOTHING, access_of, grant, make_post, people_who_may, revoke
from linxia_xueji.enums import ROLE_GRANTS, Permission, Role
from linxia_xueji.models import Appointment, Organisation, OrganisationUserObjectPermission
from linxia_xueji.reading import once
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL, SEATS


@pytest.mark.parametrize("role, code", SEATS)
def test_a_role_holds_its_own_grants_and_no_others(world, role, code):
    access = access_of(world.user(role, code))
    assert {p for p in Permission if access.has(p)} == set(ROLE_GRANTS[role])
    assert all(access.organisations(p) == {world.organisation(code).pk} for p in ROLE_GRANTS[role])


def test_a_grant_reaches_down_to_the_schools_run_and_to_no_others(world):
    access = access_of(world.county)
    assert access.may(Permission.VIEW_REGISTER, world.organisation(COUNTY_SCHOOL))
    assert access.may(Permission.VIEW_REGISTER, world.organisation(COUNTY))
    for code in (OTHER_SCHOOL, PREFECTURE_SCHOOL, OTHER_COUNTY, PREFECTURE):
        assert not access.may(Permission.VIEW_REGISTER, world.organisation(code))


def test_a_school_run_by_the_prefecture_is_not_its_countys(world):
    """临夏中学 lies in 临夏市 and is run by the prefecture: the city bureau has nothing to say there."""
    school = world.organisation(PREFECTURE_SCHOOL)
    city = Organisation.objects.get(level="county", division=school.division)
    make_user_of(world, city, Role.COUNTY_REVIEWER, "city")
    assert not access_of(world_user("city")).may(Permission.VIEW_REGISTER, school)
    assert access_of(world.centre).may(Permission.VIEW_REGISTER, school)


def make_user_of(world, organisation, role, username):
    from linxia_xueji.models import User

    user = User.objects.create_user(username, "correct horse", full_name=username)
    post = make_post(organisation=organisation, role=role)
    Appointment.objects.create(user=user, post=post, starts_on=date(2025, 8, 1))
    return user


def world_user(username):
    from linxia_xueji.models import User

    return User.objects.get(username=username)


def test_a_grant_does_not_reach_up(world):
    assert not access_of(world.registrar()).may(Permission.VIEW_REGISTER, world.organisation(COUNTY))


def test_a_revoked_grant_is_felt_at_once(world):
    user, organisation = world.county, world.organisation(COUNTY)
    revoke(post=access_of(user).post, permission=Permission.DECIDE_AS_COUNTY, organisation=organisation)
    assert not access_of(user).has(Permission.DECIDE_AS_COUNTY)
    assert access_of(user).has(Permission.VIEW_REGISTER)
    grant(post=access_of(user).post, permission=Permission.DECIDE_AS_COUNTY, organisation=organisation)
    assert access_of(user).may(Permission.DECIDE_AS_COUNTY, world.organisation(COUNTY_SCHOOL))


def test_an_appointment_counts_from_its_first_to_its_last_day(world):
    appointment = world.county.appointments.get()
    appointment.starts_on, appointment.ends_on = DAY, DAY + timedelta(days=1)
    appointment.save()
    user = world.county
    held = [access_of(user, DAY + timedelta(days=n)).has(Permission.DECIDE_AS_COUNTY) for n in (-1, 0, 1, 2)]
    assert held == [False, True, True, False]


def test_nobody_without_post_and_nobody_signed_out_may_anything(world):
    user = world.county
    user.appointments.all().delete()
    assert not access_of(user).granted
    assert access_of(AnonymousUser()) is NOTHING
    assert access_of(None) is NOTHING


def test_a_closed_account_may_nothing(world):
    user = world.county
    user.is_active = False
    assert access_of(user) is NOTHING


def test_a_superuser_has_no_way_round_the_grants(world):
    from linxia_xueji.models import User

    root = User.objects.create_user("root", "correct horse", full_name="超级", is_superuser=True)
    assert not access_of(root).granted


def test_a_grant_to_a_single_user_is_never_read(world):
    user, school = world.registrar(OTHER_SCHOOL), world.organisation(COUNTY_SCHOOL)
    from django.contrib.auth.models import Permission as Row

    row = Row.objects.get(codename=Permission.PREPARE_BUSINESS)
    OrganisationUserObjectPermission.objects.create(user=user, permission=row, content_object=school)
    assert not access_of(user).may(Permission.PREPARE_BUSINESS, school)


def test_only_the_frozen_permissions_can_be_granted(world):
    with pytest.raises(ValueError):
        grant(
            post=access_of(world.county).post, permission="delete_everything", organisation=world.organisation(COUNTY)
        )


def test_access_asks_the_database_once(world, django_assert_num_queries):
    user = world.county
    with django_assert_num_queries(1):
        access = access_of(user)
    school = Organisation.objects.select_related("parent__parent__parent").get(code=COUNTY_SCHOOL)
    with django_assert_num_queries(0):
        access.may(Permission.DECIDE_AS_COUNTY, school)


def test_one_person_holds_one_post_and_a_post_has_one_person(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            user=world.registrar(), post=access_of(world.registrar(OTHER_SCHOOL)).post, starts_on=DAY
        )
    newcomer = make_user_of(world, world.organisation(OTHER_COUNTY), Role.COUNTY_HEAD, "newcomer")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(user=newcomer, post=access_of(world.county).post, starts_on=DAY)


def test_a_stand_in_needs_a_document_and_then_may_decide(world):
    post = access_of(world.county).post
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(user=world.registrar(OTHER_SCHOOL), post=post, starts_on=DAY, stand_in=True)
    Appointment.objects.create(
        user=world.registrar(OTHER_SCHOOL),
        post=post,
        starts_on=DAY,
        ends_on=DAY,
        stand_in=True,
        document_number="广教任〔2026〕1号",
    )
    assert access_of(world.registrar(OTHER_SCHOOL)).has(Permission.DECIDE_AS_COUNTY)
    assert not access_of(world.registrar(OTHER_SCHOOL), DAY + timedelta(days=1)).has(Permission.DECIDE_AS_COUNTY)


def test_told_of_a_turn_is_who_sits_there_today(world):
    county = world.organisation(COUNTY)
    names = {u.username for u in people_who_may(Permission.DECIDE_AS_COUNTY, county, DAY)}
    assert names == {f"county_reviewer-{COUNTY}", f"county_head-{COUNTY}"}
    world.county.appointments.update(ends_on=DAY - timedelta(days=1))
    assert {u.username for u in people_who_may(Permission.DECIDE_AS_COUNTY, county, DAY)} == {f"county_head-{COUNTY}"}


def nothing_is_kept() -> bool:
    """Whether a question asked twice is answered twice."""
    answers = iter((1, 2))
    return [once("number", lambda: next(answers)) for _ in range(2)] == [1, 2]


def test_what_is_kept_for_one_page_is_forgotten_with_it(world, client):
    """Asked once while a page is read; the next click asks again, and a deed always asks."""
    user = world.county
    client.force_login(user)
    assert client.get("/").status_code == 200
    assert nothing_is_kept()
    revoke(post=access_of(user).post, permission=Permission.VIEW_REGISTER, organisation=world.organisation(COUNTY))
    assert not access_of(user).has(Permission.VIEW_REGISTER)
    batch = world.batch(1)
    address = f"/requests/{batch.request_id}/"
    assert client.get(address).status_code == 404
    grant(post=access_of(user).post, permission=Permission.VIEW_REGISTER, organisation=world.organisation(COUNTY))
    assert client.get(address).status_code == 200
    assert client.get("/no-such-page/").status_code == 404
    assert nothing_is_kept()
