"""The files of fixtures/ say what the standards and the notice say, and agree with each other."""

import re

import pytest

from linxia_xueji import reference


def test_56_ethnic_groups_under_their_codes():
    assert list(reference.ETHNICITIES) == [f"{number:02d}" for number in range(1, 57)]
    assert reference.ethnicity_name("26") == "东乡族"
    named = {"01": "汉", "03": "回", "04": "藏", "30": "土", "35": "撒拉", "47": "保安", "56": "基诺"}
    assert {code: reference.ETHNICITIES[code].short_name for code in named} == named


@pytest.mark.parametrize("text", ["东乡族", "东乡", "26", "26族", " 东乡族 "])
def test_an_ethnic_group_is_known_by_the_ways_it_is_written(text):
    assert reference.ethnicity_code(text) == "26"


def test_an_unknown_ethnic_group_has_no_code():
    assert reference.ethnicity_code("外星族") is None


def test_divisions_have_full_and_short_names():
    rows = {row["code"]: row for row in reference.read("divisions.json")["divisions"]}
    assert len(rows) == 10
    assert rows["622927"]["name"] == "积石山保安族东乡族撒拉族自治县"
    assert rows["622927"]["short_name"] == "积石山县"


def test_organisations_hang_together():
    rows = {row["code"]: row for row in reference.read("organisations.json")["organisations"]}
    divisions = {row["code"] for row in reference.read("divisions.json")["divisions"]}
    schools = [row for row in rows.values() if row["level"] == "school"]
    assert all(row["division"] in divisions for row in rows.values())
    assert all(row["parent"] in rows for row in rows.values() if row["level"] != "province")
    assert sum(row["level"] == "county" for row in rows.values()) == 8
    assert all(re.fullmatch(r"(21|31|34|36)62\d{6}", row["code"]) for row in schools)
    numbers = [row["number_code"] for row in schools if "senior" in row["stages"]]
    assert len(set(numbers)) == len(numbers) and all(re.fullmatch(r"\d{4}", number) for number in numbers)
    counties = {row["division"] for row in schools if "senior" in row["stages"] and row["parent"] != "622900"}
    assert counties == {row["code"] for row in rows.values() if row["level"] == "county"}


def test_invented_schools_say_so_in_every_name():
    for row in reference.read("organisations.json")["organisations"]:
        assert all(("示例" in name["name"]) is row["invented"] for name in row["names"])


def test_schools_run_by_the_prefecture_lie_in_the_city():
    rows = {row["names"][0]["name"]: row for row in reference.read("organisations.json")["organisations"]}
    for name in ("临夏中学", "临夏回中"):
        assert rows[name]["parent"] == "622900"
        assert rows[name]["division"] == "622901"


def test_the_notice_is_quoted_with_its_slips():
    notice = reference.notice()
    assert notice.document_number == "临州教学管发〔2022〕5号"
    ids = "一 一（一） 一（二） 二 三 三（一） 三（一）1 三（一）2 三（一）3 三（二） 三（二）1 三（二）2 三（二）3"
    assert [item.id for item in notice.clauses] == ids.split()
    assert "《甘肃省中小学学籍管理实施细致（2018年修订）》" in notice.preamble[0]
    assert "计划外不招一名学生、计划外不建一个学籍" in "".join(reference.clause("二").paragraphs)
    assert "必须在10个工作日内完成" in reference.clause("一（一）").paragraphs[0]
    assert "初始年级和毕业年级不予转学" in reference.clause("三（二）1").paragraphs[0]


def test_an_unknown_clause_is_an_error():
    with pytest.raises(KeyError):
        reference.clause("九")
