"""人员工作量: each school's registrar with the work counted as plain SQL counts it, empty posts, stand-ins, unused accounts."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from linxia_xueji.access import access_of
from linxia_xueji.enums import Role
from linxia_xueji.models import Appointment, Organisation, TrailEntry, User
from registry.offices.workload import HEADS, NOBODY, loads_of
from tests.approvals.test_page_queries import queries
from tests.registry.rosters_support import pupils
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL

PAGE, FILE = reverse("registry:workload"), reverse("registry:workload_file")


@pytest.fixture
def busy(world):
    """A batch on its way and one decided, and students of two schools."""
    world.to(world.batch(2), 1)
    world.approve(world.to(world.batch(1, school=PREFECTURE_SCHOOL), 2), world.province)
    pupils(world)
    return world


def load(world, code: str, user: User | None = None):
    rows = loads_of(access_of(user or world.centre), world.day)
    return next(row for row in rows if row.school == world.organisation(code).pk)


def plain(sql: str, *given) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchone()[0]


def test_signed_out_and_schools(busy, client):
    for answer in (client.get(PAGE), client.post(FILE)):
        assert answer.headers["Location"].startswith(reverse("login"))
    for user in (busy.registrar(), busy.head(), busy.user(Role.ACCOUNT_ADMIN, PREFECTURE)):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(FILE).status_code == 404


@pytest.mark.parametrize("code", [COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL])
def test_each_figure_is_what_plain_sql_counts(busy, code):
    row, school, since = load(busy, code), busy.organisation(code).pk, busy.day - timedelta(days=365)
    of = "SELECT count(*) FROM approvals_request WHERE school_id = %s AND "
    assert row.students == plain(
        "SELECT count(*) FROM registry_enrolment WHERE school_id = %s AND ends_on IS NULL AND NOT pending", school
    )
    assert row.requests == plain(of + "submitted_on >= %s", school, since)
    assert row.on_time == plain(of + "closed_on >= %s AND closed_on_time", school, since)
    assert row.late == plain(of + "closed_on >= %s AND NOT closed_on_time", school, since)
    assert row.under_way == plain(of + "state IN ('draft', 'returned', 'pending') AND submitted_on IS NOT NULL", school)
    assert row.overdue == plain(of + "state = 'pending' AND due_on < %s", school, busy.day)


def test_what_passed_its_last_day_is_counted_and_comes_first(busy, settings):
    settings.DEMO_TODAY = busy.day + timedelta(days=60)
    rows = loads_of(access_of(busy.centre), settings.DEMO_TODAY, order="overdue")
    assert (rows[0].school, rows[0].overdue) == (busy.organisation(COUNTY_SCHOOL).pk, 1)


def test_a_county_sees_its_own_schools_alone(busy, client):
    seen = {row.school for row in loads_of(access_of(busy.county), busy.day)}
    assert seen == set(Organisation.objects.filter(parent__code=COUNTY, level="school").values_list("pk", flat=True))
    client.force_login(busy.county)
    other = busy.organisation(OTHER_COUNTY).pk
    shown = client.get(PAGE, {"county": other}).content.decode()
    assert busy.organisation(OTHER_SCHOOL).short_name not in shown and "县市</" not in shown


def test_the_centre_narrows_to_a_county_and_a_wrong_choice_is_said(busy, client):
    client.force_login(busy.centre)
    page = client.get(PAGE, {"county": busy.organisation(OTHER_COUNTY).pk, "order": "requests"}).context["page"]
    assert {row.office for row in page} == {busy.organisation(OTHER_COUNTY).short_name}
    assert client.get(PAGE, {"order": "x"}).status_code == 422


def test_an_empty_post_and_a_stand_in_are_told(busy, client):
    post = busy.registrar().appointments.get().post
    Appointment.objects.filter(post=post).update(ends_on=busy.day - timedelta(days=1))
    assert load(busy, COUNTY_SCHOOL).registrar == NOBODY
    client.force_login(busy.county)
    page = client.get(PAGE)
    assert post in page.context["vacant"]
    lacking = {office.code: [code for code, _ in roles] for office, roles in page.context["unset"]}
    assert COUNTY_SCHOOL not in lacking and ["registrar", "head"] in lacking.values()
    assert "未设" in page.content.decode()
    Appointment.objects.create(
        user=busy.head(), post=post, starts_on=busy.day - timedelta(days=3), ends_on=busy.day + timedelta(days=30),
        stand_in=True, document_number="广教发〔2026〕3号",
    )  # fmt: skip
    assert load(busy, COUNTY_SCHOOL).registrar == f"{busy.head().full_name}（代理）"
    page = client.get(PAGE)
    (row,) = page.context["stand_ins"]
    assert (row.whom, row.own, row.over) == (
        busy.registrar().full_name,
        str(busy.head().appointments.earliest("pk").post),
        False,
    )
    assert "广教发〔2026〕3号" in page.content.decode() and post not in page.context["vacant"]


def test_accounts_unused_are_listed_within_the_county(busy, client):
    long_ago = busy.county.created_at - timedelta(days=400)
    User.objects.filter(username__in=[busy.registrar().username, busy.registrar(OTHER_SCHOOL).username]).update(
        created_at=long_ago, last_login=long_ago
    )
    client.force_login(busy.county)
    assert [row["person"] for row in client.get(PAGE).context["unused"]] == [busy.registrar()]


def test_the_file_says_the_same_and_stands_in_the_trail(busy, client):
    client.force_login(busy.centre)
    book = openpyxl.load_workbook(BytesIO(client.post(FILE).content))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    assert rows[0] == HEADS
    assert [tuple(row) for row in rows[1:]] == [row.line for row in loads_of(access_of(busy.centre), busy.day)]
    assert TrailEntry.objects.get(action="导出人员工作量").after["rows"] == len(rows) - 1


def test_more_schools_take_no_more_queries(busy, client):
    client.force_login(busy.centre)
    few = queries(client, PAGE)
    county = busy.organisation(COUNTY)
    Organisation.objects.bulk_create(
        Organisation(
            code=f"34629{n:05d}", name=f"示例小学{n}", short_name=f"示例小学{n}", level="school", parent=county,
            division=county.division, valid_from=busy.day,
        )
        for n in range(80000, 80200)
    )  # fmt: skip
    assert queries(client, PAGE) <= few <= 20
