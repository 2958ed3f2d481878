"""Reference data in the database, and the invented people of the demonstration."""

import io
from datetime import date
from random import Random

import openpyxl
import pytest

from linxia_xueji.identity import id_birth, id_fault, id_sex
from linxia_xueji.models import Organisation, TrailEntry
from linxia_xueji.organisations import load_organisations
from registry.demo.lists import COLUMNS, Place, admitted, workbook
from registry.demo.names import ETHNICITY_WEIGHTS, People
from registry.models import Programme, SchoolProfile
from registry.reference import load_schools


@pytest.fixture
def reference(db) -> None:
    load_organisations(date(2026, 9, 16))
    load_schools()


def test_loading_again_changes_nothing(reference, django_assert_max_num_queries):
    before = TrailEntry.objects.count()
    with django_assert_max_num_queries(12):
        assert load_organisations(date(2026, 9, 16)) == 0
        assert load_schools() == 0
    assert TrailEntry.objects.count() == before


def test_what_is_loaded(reference):
    school = Organisation.objects.get(name="临夏中学")
    assert school.parent.name == "临夏回族自治州教育局"
    assert school.division.name == "临夏市"
    assert SchoolProfile.objects.get(organisation=school).number_code == "0001"
    assert Programme.objects.filter(stage="senior").count() == 13
    assert SchoolProfile.objects.filter(number_code=None).exists(), "only senior highs have a part of the 学号"


def test_a_renamed_school_bears_the_name_of_the_day(reference):
    school = Organisation.objects.get(name="和政县示例高级中学")
    assert school.name_on(date(2024, 7, 31)) == "和政县示例第二中学"
    assert school.name_on(date(2024, 8, 1)) == "和政县示例高级中学"
    load_organisations(date(2023, 9, 1))
    school.refresh_from_db()
    assert school.name == "和政县示例第二中学"


def test_a_name_given_in_the_portal_is_kept(reference):
    school = Organisation.objects.get(name="广河县示例小学")
    school.names.create(name="广河县示例中心小学", short_name="广河县示例中心小学", valid_from=date(2026, 9, 1))
    load_organisations(date(2026, 9, 16))
    school.refresh_from_db()
    assert school.name == "广河县示例中心小学"


def test_invented_people_have_numbers_by_the_standard():
    people = People(Random(7))  # noqa: S311
    pupils = [people.pupil(county=county, entry_year=2026) for county in ETHNICITY_WEIGHTS for _ in range(50)]
    for pupil in pupils:
        assert id_fault(pupil.id_number) is None
        assert id_birth(pupil.id_number) == pupil.birth_date
        assert id_sex(pupil.id_number) == pupil.sex
    assert len({pupil.id_number for pupil in pupils}) == len(pupils)


def test_a_seed_makes_the_same_list():
    def made(seed: int) -> list:
        random = Random(seed)  # noqa: S311
        places = [Place("临夏中学", "622901", 30, from_everywhere=True), Place("广河县示例第一中学", "622924", 30)]
        return admitted(places=places, year=2026, people=People(random), random=random)

    assert made(1) == made(1) != made(2)
    names = {code: code for code in ETHNICITY_WEIGHTS}
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(made(1), names))).active
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.max_row == 61
