"""Accounts not signed in to: listed, told of once, sealed by a person with a reason, opened again."""

from datetime import datetime, timedelta

import pytest

from linxia_xueji import policy
from linxia_xueji.access import access_of
from linxia_xueji.dates import SHANGHAI, now
from linxia_xueji.enums import Role
from linxia_xueji.models import AccountSeal, TrailEntry, User
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.staff.reach import managed_people
from linxia_xueji.staff.sealing import seal, seal_words, terms_for, unseal, unused
from linxia_xueji.staff.unused import look_over
from tests.world import COUNTY_SCHOOL, DAY, PREFECTURE


@pytest.fixture
def admin(world) -> User:
    return world.user(Role.ACCOUNT_ADMIN, PREFECTURE)


def last_used(user: User, days_ago: int) -> User:
    """Signed in that many days ago, and made before."""
    moment = datetime(DAY.year, DAY.month, DAY.day, 16, tzinfo=SHANGHAI) - timedelta(days=days_ago)
    User.objects.exclude(pk=user.pk).update(last_login=now())
    User.objects.filter(pk=user.pk).update(created_at=moment - timedelta(days=1), last_login=moment, unused_from=None)
    user.refresh_from_db()
    return user


@pytest.mark.parametrize("days, listed", [(29, False), (30, True), (31, True), (90, True)])
def test_listed_after_thirty_days(world, admin, days, listed):
    person = last_used(world.registrar(), days)
    terms = terms_for(world.organisation(COUNTY_SCHOOL), DAY)
    found = list(unused(managed_people(admin), terms.listed_after, DAY))
    assert found == ([person] if listed else [])


def test_one_never_signed_in_counts_from_when_it_was_made(world, admin):
    person = last_used(world.registrar(), 40)
    User.objects.filter(pk=person.pk).update(last_login=None)
    assert list(unused(managed_people(admin), 41, DAY)) == [person]
    assert not unused(managed_people(admin), 42, DAY)


def test_sealed_is_felt_at_once_and_opened_again_counts_afresh(world, admin):
    person = last_used(world.registrar(), 100)
    seal(person=person, reason="超过90日未登录", by=admin)
    person.refresh_from_db()
    assert not person.is_active and not access_of(person).posts
    assert "封存（超过90日未登录）" in seal_words(person) and admin.full_name in seal_words(person)
    with pytest.raises(Stale):
        seal(person=person, reason="再封", by=admin)
    unseal(person=person, reason="本人到岗", by=admin)
    person.refresh_from_db()
    assert access_of(person).posts and not unused(managed_people(admin), 1, DAY).filter(pk=person.pk)
    assert list(AccountSeal.objects.order_by("pk").values_list("sealed", "reason")) == [
        (True, "超过90日未登录"), (False, "本人到岗"),
    ]  # fmt: skip
    trail = TrailEntry.objects.filter(target_id=str(person.pk), action__contains="封").order_by("pk")
    assert list(trail.values_list("action", flat=True)) == ["封存账号", "启封账号"]
    assert {entry.organisation.code for entry in trail} == {COUNTY_SCHOOL}


def test_who_may_seal(world, admin):
    person = world.registrar()
    for by, words in (
        (world.county, "不在管理范围内"), (person, "本人"), (world.head(), "不在管理范围内"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            seal(person=person, reason="x", by=by)
    with pytest.raises(Refusal, match="理由"):
        seal(person=person, reason=" ", by=admin)
    with pytest.raises(Refusal, match="不能办理本人"):
        seal(person=admin, reason="x", by=admin)
    with pytest.raises(Refusal, match="不在管理范围内"):
        seal(person=world.province, reason="x", by=admin)
    assert not AccountSeal.objects.exists()


def test_the_job_tells_once_and_seals_nobody(world, admin):
    person, told = last_used(world.registrar(), 100), []
    assert look_over(DAY, lambda *said: told.append(said)) == 1
    assert look_over(DAY + timedelta(days=1), lambda *said: told.append(said)) == 0
    ((whom, organisation, words),) = told
    assert (whom, organisation.code) == (person, COUNTY_SCHOOL) and "已100日未登录" in words
    person.refresh_from_db()
    assert person.is_active


def test_the_job_seals_where_the_setting_says_so(world, admin):
    policy.decide(
        organisation=world.organisation(PREFECTURE), key="accounts.sealed_by", value="job", effective_from=DAY,
        document_number="临州教〔2026〕7号", by=world.centre,
    )  # fmt: skip
    person, told = last_used(world.registrar(), 89), []
    look_over(DAY, lambda *said: told.append(said))
    assert "满90日可以封存" in told[0][2]
    assert look_over(DAY + timedelta(days=1), lambda *said: told.append(said)) == 1
    person.refresh_from_db()
    assert not person.is_active and "自动封存" in person.seals.get().reason and "自动封存" in told[1][2]
    assert "上一级" not in seal_words(person)
