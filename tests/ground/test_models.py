"""Dated organisations and people, what the database itself forbids, and the day it is in Linxia."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from linxia_xueji import dates
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation, User
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, PREFECTURE, PREFECTURE_SCHOOL, PROVINCE


def test_who_runs_it_is_not_where_it_lies(world):
    school = world.organisation(PREFECTURE_SCHOOL)
    assert school.division_id == "622901"
    assert [o.code for o in school.ancestors()] == [PREFECTURE_SCHOOL, PREFECTURE, PROVINCE]
    assert school.at(Level.COUNTY) is None
    assert [o.code for o in world.organisation(COUNTY_SCHOOL).ancestors()] == [
        COUNTY_SCHOOL,
        COUNTY,
        PREFECTURE,
        PROVINCE,
    ]


def test_a_name_is_that_of_the_day(world):
    school = world.organisation(COUNTY_SCHOOL)
    school.names.create(name="广河县新名中学", short_name="新名中学", valid_from=date(2026, 9, 20))
    assert school.name_on(date(2026, 9, 19)) == school.name
    assert school.name_on(date(2026, 9, 20)) == "广河县新名中学"
    assert school.name_on(date(1900, 1, 1)), "before its first name it bears the first"


def test_an_organisation_ends_after_it_began(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(code=COUNTY_SCHOOL).update(valid_from=DAY, valid_to=DAY)


def test_an_appointment_ends_after_it_began(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        world.county.appointments.update(ends_on=date(2020, 1, 1))


def test_passwords_are_hashed(world):
    user = User.objects.first()
    assert "correct horse" not in user.password
    assert user.check_password("correct horse")


def test_today_is_the_day_in_linxia(settings, monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 9, 15, 16, 30, tzinfo=UTC).astimezone(tz)

    settings.DEMO_TODAY = None
    monkeypatch.setattr(dates, "datetime", Clock)
    assert dates.today() == date(2026, 9, 16)
    settings.DEMO_TODAY = date(2026, 10, 1)
    assert dates.today() == date(2026, 10, 1)
    assert dates.now().utcoffset().total_seconds() == 8 * 3600


@pytest.mark.parametrize("text", ["20250919", "2025-09-19", "2025.9.19", "2025/9/19", "2025年9月19日", " 2025-9-19 "])
def test_dates_as_people_type_them(text):
    assert dates.parse_date(text) == date(2025, 9, 19)


@pytest.mark.parametrize("text", ["", "2025-02-30", "19.9.2025", "2025-9", "明天"])
def test_what_is_no_date_is_told(text):
    with pytest.raises(ValueError, match="不是有效日期"):
        dates.parse_date(text)
