"""The desk: whose turn lies on it, in which order, under which figures, and at what cost to the database."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals import desk
from approvals.calendar_entry import calendar_for, enter_local_day
from approvals.calendars import Calendars
from approvals.clock import SOON
from approvals.enums import Move, State
from approvals.models import Entry, Request
from linxia_xueji.access import grant, make_post, revoke
from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Permission, Role
from linxia_xueji.models import Appointment, Organisation, PolicyValue, Post, scope_of
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL

DESK = reverse("approvals:desk")


def waiting(world, count: int, *, school: str = COUNTY_SCHOOL, due: date | None = DAY, first: int = 0) -> list[Request]:
    """Requests that wait for the county, as the chain would have left them."""
    county = world.organisation(COUNTY)
    made = Request.objects.bulk_create(
        Request(
            kind="enrolment_batch", number=f"T-{school}-{first + n}", subject=f"批次{first + n}", state=State.PENDING,
            turn_organisation=county, turn_permission=Permission.DECIDE_AS_COUNTY, turn_level=Level.COUNTY,
            turn_label="待县级审批", lock_key=f"T-{school}-{first + n}", created_at=now(), due_on=due, submitted_on=date(2026, 9, 2),
            verdict="allowed", verdict_text="8项全部符合", **scope_of(world.organisation(school)),
        )
        for n in range(count)
    )  # fmt: skip
    registrar = world.registrar()
    Entry.objects.bulk_create(
        Entry(request=r, round=1, move=Move.SUBMIT, by=registrar, at=now(), on=date(2026, 9, 2)) for r in made
    )
    return made


def test_a_file_lies_on_the_desk_of_whoever_has_the_turn(world):
    batch = world.to(world.batch(2), 1)
    holders = [world.county, world.user(Role.COUNTY_HEAD, COUNTY)]
    others = [
        world.registrar(),
        world.head(),
        world.centre,
        world.province,
        world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY),
    ]
    assert all(list(desk.inbox(user)) == [batch.request] for user in holders)
    assert not any(desk.inbox(user).exists() for user in others)


def test_grants_reach_down_to_what_is_run(world):
    batch = world.to(world.batch(2), 1)
    prefecture = world.organisation(PREFECTURE)
    post = Post.objects.get(organisation=prefecture, role=Role.CENTRE)
    grant(post=post, permission=Permission.DECIDE_AS_COUNTY, organisation=prefecture)
    assert list(desk.inbox(world.centre)) == [batch.request]


def test_without_the_right_to_see_nothing_lies_there(world):
    world.to(world.batch(2), 1)
    post = Post.objects.get(organisation__code=COUNTY, role=Role.COUNTY_REVIEWER)
    revoke(post=post, permission=Permission.VIEW_REGISTER, organisation=post.organisation)
    assert not desk.inbox(world.county).exists()


def test_outside_the_portal_the_centre_holds_what_waits_for_the_province(world):
    PolicyValue.objects.create(
        organisation=world.organisation(PREFECTURE), key="province.in_portal", value=False, effective_from=date(2026, 9, 1),
        document_number="1号", entered_by=world.centre,
    )  # fmt: skip
    batch = world.to(world.batch(2), 3)
    assert list(desk.inbox(world.centre)) == [batch.request]
    assert not desk.inbox(world.province).exists()


def test_nearest_due_date_first_and_none_last(world):
    late, never = waiting(world, 1, due=DAY - timedelta(1)), waiting(world, 1, due=None, first=1)
    today = waiting(world, 1, due=DAY, first=2)
    assert list(desk.inbox(world.county)) == [*late, *today, *never]


def test_figures_and_their_lists_agree(world, client):
    for n, due in enumerate(
        (DAY - timedelta(1), DAY, DAY + timedelta(1), DAY + timedelta(5), DAY + timedelta(9), None)
    ):
        waiting(world, 1, due=due, first=n)
    client.force_login(world.county)
    kpis = client.get(DESK).context["kpis"]
    assert [kpi["value"] for kpi in kpis[:4]] == [1, 1, 1, 6]
    for kpi in kpis[:4]:
        assert client.get(kpi["url"]).context["page"].paginator.count == kpi["value"]


def test_soon_is_counted_in_the_working_days_of_each_school(world):
    friday, make_up, monday = date(2026, 9, 18), date(2026, 9, 20), date(2026, 9, 21)
    made = waiting(world, 1, due=make_up) + waiting(world, 1, due=monday, first=1)

    def soon() -> list[int]:
        limits = Calendars().nth_days_after(DAY, SOON)
        return [r.pk for r in desk.inbox(world.county).filter(desk.soon(DAY, limits))]

    assert soon() == [made[0].pk]
    enter_local_day(
        organisation=world.organisation(COUNTY), day=friday, kind="free", document_number="广教发1号",
        by=world.user(Role.COUNTY_HEAD, COUNTY),
    )  # fmt: skip
    Request.objects.bulk_update(made, ["due_on"])  # entering the day moved them
    assert soon() == [r.pk for r in made]


def test_calendars_of_many_agree_with_the_calendar_of_one(world):
    head, centre = world.user(Role.COUNTY_HEAD, COUNTY), world.centre
    county, prefecture = world.organisation(COUNTY), world.organisation(PREFECTURE)
    enter_local_day(organisation=prefecture, day=date(2026, 9, 17), kind="free", document_number="1号", by=centre)
    enter_local_day(organisation=prefecture, day=date(2026, 9, 19), kind="working", document_number="1号", by=centre)
    enter_local_day(organisation=county, day=date(2026, 9, 17), kind="working", document_number="2号", by=head)
    together = Calendars()
    for code in (COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL):
        school = Organisation.objects.select_related("parent__parent__parent").get(code=code)
        one, many = calendar_for(school), together.of(school)
        assert all(one.is_working(DAY + timedelta(n)) == many.is_working(DAY + timedelta(n)) for n in range(30))
    assert together.of(world.organisation(OTHER_SCHOOL)) is together.of(world.organisation(PREFECTURE_SCHOOL))


def test_conditions_narrow_the_queue_and_nonsense_is_passed_over(world, client):
    waiting(world, 2)
    waiting(world, 1, school=PREFECTURE_SCHOOL)
    client.force_login(world.county)
    school = world.organisation(COUNTY_SCHOOL)
    Request.objects.filter(number=f"T-{COUNTY_SCHOOL}-0").update(verdict="forbidden")

    def count(query: str) -> int:
        return client.get(f"{DESK}?{query}").context["page"].paginator.count

    assert [
        count(q) for q in (f"school={school.pk}", f"school={school.pk}&verdict=forbidden", "kind=number_voiding")
    ] == [2, 1, 0]
    assert [count(q) for q in ("school=x", "due=yesterday", "kind=nonsense", "page=99")] == [2] * 4


@pytest.mark.parametrize("name", ["desk", "done", "returned", "overdue"])
def test_signed_out_goes_to_the_sign_in_page(db, client, name):
    assert client.get(reverse(f"approvals:{name}")).headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", ["desk", "done", "returned", "overdue", "messages", "calendar", "search"])
@pytest.mark.parametrize("role", [Role.ACCOUNT_ADMIN, Role.AUDITOR])
def test_those_without_a_part_in_it_get_empty_pages(world, client, role, name):
    client.force_login(world.user(role, PREFECTURE))
    assert client.get(reverse(f"approvals:{name}")).status_code == 200


def test_lists_hold_only_what_a_person_may_see(world, client):
    batch = world.to(world.batch(2), 1)
    world.advance(batch, "send_back", world.county, note="缺更正便函")
    late = waiting(world, 1, due=DAY - timedelta(1))[0]
    lists = {"done": batch.request, "returned": batch.request, "overdue": late}
    for name, found in lists.items():
        client.force_login(world.county)
        assert [r.pk for r in client.get(reverse(f"approvals:{name}")).context["rows"]] == [found.pk]
        client.force_login(world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY))
        assert client.get(reverse(f"approvals:{name}")).context["rows"] == []


def test_done_this_month_agrees_with_its_figure(world, client):
    batch = world.to(world.batch(2), 1)
    world.advance(batch, "send_back", world.county, note="缺更正便函")
    client.force_login(world.county)
    figure = client.get(DESK).context["kpis"][5]
    page = client.get(figure["url"])
    assert figure["value"] == page.context["page"].paginator.count == 1


@pytest.mark.parametrize(
    ("office", "role", "seen"), [(PREFECTURE, Role.CENTRE, 1), (OTHER_COUNTY, Role.COUNTY_REVIEWER, 0)]
)
def test_what_was_done_in_a_former_post_counts_where_it_can_still_be_seen(world, client, office, role, seen):
    world.advance(world.to(world.batch(2), 1), "send_back", world.county, note="缺更正便函")
    world.county.appointments.update(ends_on=DAY - timedelta(days=1))
    moved_to = make_post(organisation=world.organisation(office), role=role)
    Appointment.objects.create(user=world.county, post=moved_to, starts_on=DAY)
    client.force_login(world.county)
    figure = client.get(DESK).context["kpis"][5]
    assert figure["value"] == client.get(figure["url"]).context["page"].paginator.count == seen


def test_notices_of_the_businesses_stand_on_the_desk(world, client, monkeypatch):
    monkeypatch.setattr(desk, "_NOTICES", [])
    desk.add_notice(lambda user, access, on: [{"text": f"截止{on:%m-%d}"}] if access.has(Permission.SET_PLAN) else [])
    client.force_login(world.centre)
    assert "截止09-16" in client.get(DESK).content.decode()
    client.force_login(world.county)
    assert "截止" not in client.get(DESK).content.decode().split("<main")[1]


def test_a_long_queue_costs_no_more_queries_than_a_short_one(world, client):
    schools = [o.code for o in Organisation.objects.filter(level=Level.SCHOOL, parent__code=COUNTY)]
    client.force_login(world.county)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(DESK).status_code == 200
        return len(seen)

    waiting(world, 3)
    queries()
    few = queries()
    for n in range(27):
        waiting(world, 1, school=schools[n % len(schools)], first=100 + n)
    assert queries() == few
    assert len(client.get(DESK).context["rows"]) == 30
