"""概览: every figure is what plain SQL counts, and leads to the list of as many; nothing of other counties; Excel the same."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from statistics import median_low
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from approvals.calendars import calendars
from approvals.kinds import all_kinds
from approvals.models import Request
from linxia_xueji.enums import Role, Stage
from linxia_xueji.models import TrailEntry
from registry.picture.figures import Figure, Table, _ordinals, months_until
from registry.picture.pages import tables_of
from registry.verifying.opening import open_verification
from tests.approvals.test_page_queries import queries
from tests.transfers.support import pupil, suspension
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL
from transfers.models import Change

PAGE, LIST, FILE = (reverse(f"registry:picture{name}") for name in ("", "_requests", "_file"))


@pytest.fixture
def busy(world, settings):
    """A batch on its way, one decided two days later, a suspension."""
    world.to(world.batch(2), 1)
    decided = world.to(world.batch(1, school=PREFECTURE_SCHOOL), 1)
    settings.DEMO_TODAY = world.day = DAY + timedelta(days=2)
    world.approve(decided, world.centre)
    world.approve(decided, world.province)
    suspension(world)
    pupil(world, OTHER_SCHOOL, grade=12, stage="senior", serial=30, name="马四")
    return world


def plain(sql: str, *given) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchone()[0]


def table(world, code: str, user=None) -> Table:
    return next(t for t in tables_of(user or world.centre, world.day) if t.code == code)


def cells(found: Table) -> Iterator[tuple[str, str, Figure]]:
    for line in found.lines:
        for head, cell in zip(found.heads, line.cells, strict=True):
            yield line.label, head, cell


def test_students_by_county_and_stage(busy):
    seen = 0
    for county, stage, cell in cells(table(busy, "students")):
        code = dict(zip(Stage.labels, Stage.values, strict=True))[stage]
        assert cell.value == plain(
            "SELECT count(*) FROM registry_enrolment e LEFT JOIN linxia_xueji_organisation o ON o.id = e.county_id"
            " WHERE COALESCE(o.short_name, '州直属') = %s AND e.stage = %s AND e.ends_on IS NULL AND NOT e.pending",
            county, code,
        )  # fmt: skip
        seen += cell.value
    assert seen == plain("SELECT count(*) FROM registry_enrolment WHERE ends_on IS NULL AND NOT pending") > 0


def test_requests_by_business_and_month(busy):
    kinds, months, seen = {k.label: k.code for k in all_kinds()}, months_until(busy.day), 0
    found = table(busy, "requests")
    for line in found.lines:
        for month, cell in zip(months, line.cells, strict=True):
            assert cell.value == plain(
                "SELECT count(*) FROM approvals_request WHERE kind = %s AND date_trunc('month', submitted_on) = %s",
                kinds[line.label], month,
            )  # fmt: skip
            seen += cell.value
    assert seen == plain("SELECT count(*) FROM approvals_request WHERE submitted_on IS NOT NULL") > 1


def test_closed_in_time_and_late(busy):
    kinds, how = {k.label: k.code for k in all_kinds()}, {"按期办结": "true", "超期办结": "false", "未判定": "null"}
    seen = 0
    for kind, head, cell in cells(table(busy, "on_time")):
        asked = "SELECT count(*) FROM approvals_request WHERE kind = %s AND closed_on IS NOT NULL"
        assert cell.value == plain(f"{asked} AND closed_on_time IS {how[head]}", kinds[kind])
        seen += cell.value
    assert seen == 1


def test_last_days_ahead(busy):
    for day, _, cell in cells(table(busy, "ahead")):
        assert (
            cell.value
            == plain("SELECT count(*) FROM approvals_request WHERE state = 'pending' AND due_on = %s", day)
            > 0
        )
    inside = "SELECT count(*) FROM approvals_request WHERE state = 'pending' AND due_on BETWEEN %s AND %s"
    found = sum(cell.value for _, _, cell in cells(table(busy, "ahead")))
    assert found == plain(inside, busy.day, busy.day + timedelta(days=14))


def test_plans_and_places(busy):
    for school, head, cell in cells(table(busy, "plans")):
        column = {"计划": "plan", "已占学位": "held", "空余学位": "plan - held"}[head]
        places = "FROM registry_intake i JOIN linxia_xueji_organisation o ON o.id = i.school_id"
        assert cell.value == plain(f"SELECT {column} {places} WHERE o.short_name = %s AND year = 2026", school)


def test_working_days_of_each_step_from_the_one_before(busy):
    """Submitted and confirmed on a Wednesday, the prefecture and the province on the Friday: two working days, then none."""
    found = {line.label: line.figures for line in table(busy, "days").lines}
    every = {label.removesuffix("（合计）"): figures for label, figures in found.items() if label.endswith("（合计）")}
    assert every["校长确认"][1:] == (0, 0)
    assert every["州级审核"] == (1, 2, 2) and every["省厅审批"] == (1, 0, 0)
    steps = "SELECT count(*) FROM approvals_step WHERE decided_at IS NOT NULL AND label = %s"
    assert all(n == plain(steps, label) for label, (n, _, _) in every.items())
    school = busy.organisation(COUNTY_SCHOOL).short_name
    assert f"校长确认 · {school}" not in found
    assert f"校长确认 · {school}" in {line.label for line in table(busy, "days", busy.county).lines}


def test_nothing_is_counted_in_or_across_a_year_not_published(busy):
    calendar = calendars().of(busy.organisation(PREFECTURE))
    published = _ordinals(date(2026, 9, 14), date(2026, 9, 21), calendar)
    # 2026-09-20 is a Sunday on which the notice has people work.
    assert [n - published[0] for n in published] == [0, 1, 2, 3, 4, 4, 5, 6]
    assert _ordinals(date(2031, 1, 1), date(2031, 1, 3), calendar) == [None] * 3


def test_the_median_is_one_of_the_days_there_were(busy):
    with connection.cursor() as cursor:
        cursor.execute("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY n) FROM unnest(ARRAY[0, 0, 2, 5]) n")
        assert cursor.fetchone()[0] == median_low([0, 0, 2, 5])


def test_every_figure_leads_to_a_list_of_as_many(busy, client):
    client.force_login(busy.centre)
    followed = 0
    for found in tables_of(busy.centre, busy.day):
        for cell in (cell for *_, cell in cells(found) if cell.value and cell.url.startswith(LIST)):
            listed = client.get(cell.url).context["page"].paginator.count
            # A step is counted each time it was taken; the list has each request once.
            assert listed == cell.value or (found.code == "days" and 0 < listed <= cell.value), cell.url
            followed += 1
    assert followed > 3


def test_a_county_sees_its_own(busy, client):
    found = table(busy, "students", busy.county)
    assert found.by == "学校" and {line.label for line in found.lines} == {busy.organisation(COUNTY_SCHOOL).short_name}
    assert {line.label for line in table(busy, "plans", busy.county).lines} == {
        busy.organisation(COUNTY_SCHOOL).short_name
    }
    assert sum(cell.value for *_, cell in cells(table(busy, "on_time", busy.county))) == 0
    client.force_login(busy.county)
    assert client.get(LIST, {"office": busy.organisation(PREFECTURE_SCHOOL).pk}).context["rows"] == []
    shown = client.get(LIST).context["rows"]
    assert {row.school_name for row in shown} == {busy.organisation(COUNTY_SCHOOL).short_name}


def test_signed_out_and_schools(busy, client):
    for answer in (client.get(PAGE), client.get(LIST), client.post(FILE)):
        assert answer.headers["Location"].startswith(reverse("login"))
    for user in (busy.registrar(), busy.user(Role.ACCOUNT_ADMIN, PREFECTURE)):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.get(LIST).status_code == client.post(FILE).status_code == 404


def test_nonsense_in_the_address_is_no_page(busy, client):
    client.force_login(busy.centre)
    for query in ("kind=x", "month=2026-13", "closed=maybe", "due=soon", "office=0"):
        assert client.get(LIST, dict(parse_qsl(urlsplit(f"?{query}").query))).status_code == 404


def test_the_page_has_a_table_for_every_chart_and_the_file_the_same_figures(busy, client):
    client.force_login(busy.user(Role.COUNTY_HEAD, COUNTY))
    page = client.get(PAGE)
    assert [t.code for t, _ in page.context["shown"]] == [
        "students",
        "requests",
        "on_time",
        "ahead",
        "dates",
        "plans",
        "discretion",
        "days",
    ]
    assert page.content.decode().count("<figure") == sum(1 for _, chart in page.context["shown"] if chart) > 1
    book = openpyxl.load_workbook(BytesIO(client.post(FILE).content))
    for found, _ in page.context["shown"]:
        rows = list(book[found.title].iter_rows(min_row=2, values_only=True))
        assert [tuple(row) for row in rows] == [(found.by, *found.heads), *((x.label, *x.figures) for x in found.lines)]
    assert TrailEntry.objects.filter(action="导出全州概览").exists()


def test_as_many_queries_however_much_there_is(busy, client):
    client.force_login(busy.centre)
    few = queries(client, PAGE)
    for serial in range(40, 60):
        pupil(busy, OTHER_SCHOOL, grade=12, stage="senior", serial=serial, name="马多")
    busy.plan(5, OTHER_SCHOOL, 2026)
    assert queries(client, PAGE) == few <= 16


def test_twelve_months_end_with_the_present():
    assert months_until(date(2026, 1, 31))[0] == date(2025, 2, 1) and months_until(date(2026, 1, 31))[-1] == date(
        2026, 1, 1
    )


def test_dates_ahead_are_those_of_terms_and_verifications(busy):
    made = open_verification(
        prefecture=busy.organisation(PREFECTURE), term="2026-autumn", phase="begin", on=busy.day, by=busy.centre
    )
    shown = {label: cell.value for label, _, cell in cells(table(busy, "dates"))}
    assert list(shown) == sorted(shown)
    for label, left in shown.items():
        day = date.fromisoformat(label.split()[0])
        assert left == plain("SELECT %s::date - %s::date", day, busy.day)
        assert plain(
            "SELECT (SELECT count(*) FROM approvals_term WHERE revoked_at IS NULL AND %s IN (starts_on, ends_on))"
            " + (SELECT count(*) FROM registry_verification WHERE %s IN (due_on, sample_due_on))",
            day,
            day,
        )
    assert shown[f"{made.due_on.isoformat()} {made}：学校完成"] == (made.due_on - busy.day).days
    assert any("秋季学期结束（普通高中）" in label for label in shown)


def test_discretion_is_what_was_approved_with_a_reason(busy):
    change = Change.objects.latest("pk")
    Request.objects.filter(pk=change.request_id).update(
        state="approved",
        verdict="discretion",
        closed_on=busy.day,
        turn_permission="",
        turn_level="",
        turn_organisation=None,
    )
    (line,) = table(busy, "discretion").lines
    expected = plain(
        "SELECT count(*) FROM approvals_request r JOIN transfers_change c ON c.request_id = r.id"
        " WHERE r.state = 'approved' AND r.verdict = 'discretion' AND r.kind = %s",
        change.request.kind,
    )
    assert (line.figures, expected) == ((1, 1), 1)
    assert "verdict=discretion" in line.cells[0].url
