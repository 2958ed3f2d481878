"""Whose turn it is: guardian decides each step, nobody decides their own business nor two steps of one request."""

from datetime import timedelta

import pytest

from approvals.models import Request
from approvals.permission import why_not
from linxia_xueji.access import access_of, grant, revoke
from linxia_xueji.enums import Permission, Role
from linxia_xueji.models import Appointment
from linxia_xueji.refusal import Refusal
from tests.world import COUNTY, DAY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE_SCHOOL, SEATS

STEP_PERMISSIONS = [
    Permission.DECIDE_AS_SCHOOL,
    Permission.DECIDE_AS_COUNTY,
    Permission.DECIDE_AS_PREFECTURE,
    Permission.DECIDE_AS_PROVINCE,
]


@pytest.mark.parametrize("position", range(4))
def test_a_revoked_grant_refuses_the_next_move(world, position):
    batch = world.to(world.batch(1), position)
    user, figures = world.deciders()[position]
    assert why_not(user, batch.request, "approve", DAY) is None
    post = access_of(user).post
    revoke(post=post, permission=STEP_PERMISSIONS[position], organisation=post.organisation)
    with pytest.raises(Refusal, match="现由.*办理"):
        world.approve(batch, user, **figures)
    assert Request.objects.get().version == batch.request.version
    grant(post=post, permission=STEP_PERMISSIONS[position], organisation=post.organisation)
    world.approve(batch, user, **figures)


def test_a_revoked_grant_refuses_the_submission(world):
    batch = world.batch(1)
    revoke(post=access_of(world.registrar()).post, permission=Permission.PREPARE_BUSINESS, organisation=batch.school)
    with pytest.raises(Refusal, match="学籍管理员可以提交"):
        world.advance(batch, "submit", world.registrar())


@pytest.mark.parametrize("position", range(4))
def test_the_end_of_an_appointment_refuses_the_next_move(world, position):
    batch = world.to(world.batch(1), position)
    user, figures = world.deciders()[position]
    user.appointments.update(ends_on=DAY - timedelta(days=1))
    with pytest.raises(Refusal, match="现由.*办理"):
        world.approve(batch, user, **figures)


def test_the_grant_belongs_to_the_post_and_the_next_holder_has_it(world):
    batch = world.to(world.batch(1), 1)
    old = world.county
    post = access_of(old).post
    old.appointments.update(ends_on=DAY - timedelta(days=1))
    new = world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY)
    new.appointments.update(ends_on=DAY - timedelta(days=1))
    Appointment.objects.create(user=new, post=post, starts_on=DAY)
    world.approve(batch, new, graduates=2146, plan=600)
    assert batch.request.turn_level == "prefecture"


@pytest.mark.parametrize("move", ["approve", "send_back", "strike", "record"])
@pytest.mark.parametrize("steps", range(4))
def test_at_every_step_everybody_else_is_refused(world, steps, move):
    """All posts there are, each with work of its own; only those of the organisation whose turn it is pass."""
    batch = world.to(world.batch(1), steps)
    busy(world)
    turn = batch.request.turn_organisation_id
    for role, code in SEATS:
        user = world.user(role, code)
        access = access_of(user)
        allowed = move != "record" and access.organisations(STEP_PERMISSIONS[steps]) == {turn}
        assert (why_not(user, batch.request, move, DAY) is None) is allowed, (role, code)


def busy(world):
    """Work for the others: the other school and the school of the prefecture have batches under way."""
    world.to(world.batch(2, school=PREFECTURE_SCHOOL), 0)
    world.plan(2, OTHER_SCHOOL)


def test_a_busy_outsider_sees_only_their_own(world):
    mine = world.to(world.batch(1), 1).request
    theirs = world.to(world.batch(1, school=PREFECTURE_SCHOOL), 1).request
    assert set(Request.objects.visible_to(world.registrar())) == {mine}
    assert set(Request.objects.visible_to(world.head(PREFECTURE_SCHOOL))) == {theirs}
    assert set(Request.objects.visible_to(world.county)) == {mine}
    assert set(Request.objects.visible_to(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))) == set()
    assert set(Request.objects.visible_to(world.centre)) == {mine, theirs}
    assert set(Request.objects.visible_to(world.user(Role.ACCOUNT_ADMIN, "622900"))) == set()


def test_a_level_is_one_step_taken_by_its_reviewer_or_its_head(world):
    batch = world.to(world.batch(1), 1)
    head = world.user(Role.COUNTY_HEAD, COUNTY)
    assert why_not(world.county, batch.request, "approve", DAY) is None
    world.approve(batch, head, graduates=2146, plan=600)
    assert why_not(world.county, batch.request, "approve", DAY).startswith("现由")


def test_nobody_decides_what_they_submitted(world):
    batch = world.batch(1)
    grant(post=access_of(world.registrar()).post, permission=Permission.DECIDE_AS_SCHOOL, organisation=batch.school)
    world.advance(batch, "submit", world.registrar())
    for move in ("approve", "send_back", "strike"):
        assert why_not(world.registrar(), batch.request, move, DAY) == "提交人不能审批自己提交的申请"
    with pytest.raises(Refusal, match="提交人不能审批"):
        world.approve(batch, world.registrar())


def test_nobody_decides_what_they_submitted_in_an_earlier_round(world):
    """The registrar of the first round becomes head; a colleague submits the second round."""
    batch = world.to(world.batch(1), 0)
    first, successor = world.registrar(), world.registrar(OTHER_SCHOOL)
    world.advance(batch, "send_back", world.head(), note="补")
    registrar_post, head_post = access_of(first).post, access_of(world.head()).post
    for user in (first, successor, world.head()):
        user.appointments.update(ends_on=DAY - timedelta(days=1))
    Appointment.objects.create(user=successor, post=registrar_post, starts_on=DAY)
    Appointment.objects.create(user=first, post=head_post, starts_on=DAY)
    world.advance(batch, "submit", successor)
    assert why_not(first, batch.request, "approve", DAY) == "提交人不能审批自己提交的申请"


def test_nobody_decides_two_steps_of_one_request(world):
    batch = world.batch(1)
    county = world.organisation(COUNTY)
    grant(post=access_of(world.head()).post, permission=Permission.DECIDE_AS_COUNTY, organisation=county)
    world.to(batch, 1)
    with pytest.raises(Refusal, match="同一人不能办理同一申请的两个环节"):
        world.approve(batch, world.head(), graduates=1, plan=1)


def test_nobody_decides_two_steps_over_two_rounds_but_the_same_step_again(world):
    batch = world.to(world.batch(1), 1)
    world.advance(batch, "send_back", world.county, note="补")
    world.advance(batch, "submit", world.registrar())
    world.approve(batch, world.head())  # the same step in a new round
    grant(
        post=access_of(world.head()).post,
        permission=Permission.DECIDE_AS_COUNTY,
        organisation=world.organisation(COUNTY),
    )
    world.advance(batch, "send_back", world.county, note="再补")
    world.advance(batch, "submit", world.registrar())
    other = world.head(OTHER_SCHOOL)
    grant(post=access_of(other).post, permission=Permission.DECIDE_AS_SCHOOL, organisation=batch.school)
    world.approve(batch, other)
    assert why_not(world.head(), batch.request, "approve", DAY) == "同一人不能办理同一申请的两个环节"


def test_the_database_forbids_two_signatures_of_one_person(world):
    from django.db import IntegrityError, transaction

    batch = world.to(world.batch(1), 1)
    step = batch.request.steps.get(position=2)
    step.decided_at, step.decided_by = batch.request.created_at, world.head()
    with pytest.raises(IntegrityError, match="nobody_takes_two_steps"), transaction.atomic():
        step.save()


def test_a_stand_in_with_document_may_decide(world):
    batch = world.to(world.batch(1), 1)
    stand_in = world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY)
    post = access_of(world.county).post
    Appointment.objects.create(
        user=stand_in, post=post, starts_on=DAY, ends_on=DAY, stand_in=True, document_number="广教任〔2026〕9号"
    )
    assert why_not(stand_in, batch.request, "approve", DAY) is None
    assert why_not(stand_in, batch.request, "approve", DAY + timedelta(days=1)) is not None


def test_a_closed_request_says_so_to_everybody(world):
    batch = world.to(world.batch(1), 4)
    for role, code in SEATS:
        assert why_not(world.user(role, code), batch.request, "approve", DAY) == "此件已办结，不能审核通过"


def test_why_not_asks_little(world, django_assert_max_num_queries):
    batch = world.to(world.batch(1), 1)
    request = Request.objects.select_related("school__parent__parent__parent").get(pk=batch.request_id)
    with django_assert_max_num_queries(6):
        assert why_not(world.county, request, "approve", DAY) is None
