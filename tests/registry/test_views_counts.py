"""Counts as of a day: signed out, stranger, what each sees, the table, the chart and Excel with the same figures."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from registry.models import Enrolment
from registry.rosters.chart import chart_of
from registry.rosters.conditions import Conditions
from registry.rosters.counting import counts_of
from registry.rosters.dimensions import ACROSS, BY
from tests.approvals.test_page_queries import queries
from tests.registry.rosters_support import SUSPENDED_ON, pupils
from tests.transfers.support import pupil
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE

PAGE, FILE = reverse("registry:counts"), reverse("registry:counts_file")


@pytest.fixture
def register(world):
    return pupils(world)


def table(conditions: Conditions, by: str, across: str = "state") -> dict[str, dict[str, int]]:
    counts = counts_of(Enrolment.objects.all(), conditions, by, across)
    return {line.label: dict(zip(counts.heads, line.figures, strict=True)) for line in counts.lines}


def test_the_suspended_are_counted_apart_and_each_as_of_the_day(register, world):
    now = Conditions(world.day)
    assert table(now, "grade") == {"高二": {"在读": 2, "休学": 1}, "高三": {"在读": 1, "休学": 0}}
    assert table(Conditions(SUSPENDED_ON.replace(month=2)), "grade")["高二"] == {"在读": 3}
    assert table(now, "sex", "boarding") == {
        "男": {"走读": 1, "住校": 1, "未登记": 0, "休学": 1},
        "女": {"走读": 0, "住校": 0, "未登记": 1, "休学": 0},
    }
    assert table(Conditions.of(world.day, {"school": register[0].school, "sex": "2"}), "class") == {
        "高二1班": {"在读": 1}
    }
    assert table(Conditions(register[0].begins_on.replace(year=2020)), "school") == {}


@pytest.mark.parametrize("by", BY)
def test_every_pair_adds_up_to_everybody(register, world, by, django_assert_num_queries):
    for across in set(ACROSS) - {by}:
        with django_assert_num_queries(1):
            counts = counts_of(Enrolment.objects.all(), Conditions(world.day), by, across)
        assert counts.sums.total == 4 == sum(line.total for line in counts.lines)
        assert sum(bar.total for bar in chart_of(counts).bars) == 4


def test_signed_out_and_who_may_see_no_students(register, world, client):
    assert client.get(PAGE).url.startswith("/login/") and client.post(FILE).url.startswith("/login/")
    client.force_login(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
    assert client.get(PAGE).status_code == client.post(FILE).status_code == 404


def test_each_counts_what_they_may_see(register, world, client):
    for user, total in (
        (world.registrar(), 3), (world.registrar(OTHER_SCHOOL), 1), (world.user(Role.COUNTY_HEAD, COUNTY), 3),
        (world.user(Role.AUDITOR, PREFECTURE), 4), (world.province, 4),
    ):  # fmt: skip
        client.force_login(user)
        answer = client.get(PAGE)
        assert answer.context["counts"].sums.total == total and "<svg" in answer.content.decode()
    client.force_login(world.registrar())
    other = world.organisation(OTHER_SCHOOL).pk
    assert client.get(PAGE, {"school": other, "by": "sex"}).context["counts"].sums.total == 3


def test_conditions_that_make_no_sense_are_told(register, world, client):
    client.force_login(world.centre)
    for data, words in (
        ({"by": "class"}, "请先在“学校”中选择一所学校"), ({"by": "sex", "across": "sex"}, "行和列都是性别"),
        ({"day": "2027-01-01"}, "不能晚于今天"), ({"school": "x"}, "学校"),
    ):  # fmt: skip
        answer = client.get(PAGE, data)
        assert answer.status_code == 422 and words in answer.content.decode()
        assert client.post(f"{FILE}?{'&'.join(f'{k}={v}' for k, v in data.items())}").status_code == 302
    assert not TrailEntry.objects.filter(action="导出人数统计").exists()


def test_excel_has_the_figures_of_the_page_and_is_on_record(register, world, client):
    client.force_login(world.centre)
    school = world.organisation(COUNTY_SCHOOL)
    file = client.post(f"{FILE}?school={school.pk}&by=grade&across=sex&day=2026-09-10")
    rows = list(openpyxl.load_workbook(BytesIO(file.content)).active.values)
    assert rows[0][0] == f"截至2026-09-10　{school.short_name}"
    assert rows[1:] == [("年级", "男", "女", "休学", "合计"), ("高二", 1, 1, 1, 3), ("合计", 1, 1, 1, 3)]
    assert TrailEntry.objects.get(action="导出人数统计").after == {"count": 3, "rows": 1, "day": "2026-09-10"}


def test_more_students_take_no_more_queries(register, world, client):
    client.force_login(world.centre)
    few = queries(client, PAGE)
    for serial in range(5, 9):
        pupil(world, OTHER_SCHOOL, grade=10, stage="senior", serial=serial)
    assert queries(client, PAGE) == few <= 12
