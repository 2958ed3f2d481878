"""The check of an admission list: the worked case, each code, the harmless habits."""

import json
import os
import time
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from linxia_xueji.enums import Sex
from linxia_xueji.identity import check_character
from registry.admissions.check import check_file
from registry.admissions.faults import WORDINGS

DATA = Path(__file__).parent.parent / "data"
ROWS = int(os.environ.get("LIST_ROWS", "2000"))
"""Of a large list; bin/prove takes 20,000, a whole prefecture's."""

OTHER = {"准考证号": "2213000002", "身份证号": "622927200601312070", "出生日期": "2006-01-31", "性别": "男"}
# Digits 1–17 of the sound student with another day in them, and the check character that belongs to it.
NO_SUCH_DAY = "62292620060431064" + check_character("62292620060431064")


def found(report) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in report.faults]


def test_the_worked_case_comes_out_as_written(lookups):
    report = check_file(DATA / "admissions-2022.xlsx", lookups).as_json()
    expected = json.loads((DATA / "admissions-2022.faults.json").read_text(encoding="utf-8"))
    for fault in report["faults"]:
        assert fault.pop("message")
    assert report == expected


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        *((column, "", "required") for column in ("准考证号", "姓名", "性别", "民族", "出生日期", "身份证号")),
        *((column, "\u3000 ", "required") for column in ("报名县市", "录取学校", "中考成绩")),
        ("身份证号", 622926200604210647, "number_lost"),
        ("身份证号", 15, "number_lost"),
        ("身份证号", date(2006, 4, 21), "number_lost"),
        ("准考证号", 2213000000000004, "number_lost"),
        ("身份证号", "62292620060421064", "id_length"),
        ("身份证号", "622926060421064", "id_length"),
        ("身份证号", "6.22926E+17", "id_length"),
        ("身份证号", "无", "id_length"),
        ("身份证号", "622926200604210640", "id_check"),
        ("身份证号", "62292620O604210647", "id_check"),
        ("身份证号", "X22926200604210647", "id_check"),
        ("身份证号", NO_SUCH_DAY, "id_date"),
        ("性别", "男", "sex_mismatch"),
        ("性别", "女士", "sex_unknown"),
        ("性别", "0", "sex_unknown"),
        ("性别", 9, "sex_unknown"),
        ("出生日期", "2006-04-22", "birth_mismatch"),
        ("出生日期", datetime(2006, 4, 22), "birth_mismatch"),
        ("出生日期", "2006-04-31", "birth_invalid"),
        ("出生日期", "20060231", "birth_invalid"),
        ("出生日期", "06-4-21", "birth_invalid"),
        ("出生日期", 200604, "birth_invalid"),
        ("出生日期", True, "birth_invalid"),
        ("民族", "外星族", "ethnicity_unknown"),
        ("民族", "26族", "ethnicity_unknown"),
        ("民族", "族", "ethnicity_unknown"),
        ("报名县市", "兰州市", "county_unknown"),
        ("报名县市", "临夏", "county_unknown"),
        ("报名县市", "622900", "county_unknown"),
        ("录取学校", "兰州市第一中学", "school_unknown"),
        ("录取学校", "中学", "school_unknown"),
        ("中考成绩", "5O2", "score_invalid"),
        ("中考成绩", "缺考", "score_invalid"),
        ("中考成绩", -1, "score_invalid"),
        ("中考成绩", "488.255", "score_invalid"),
        ("中考成绩", "nan", "score_invalid"),
        ("中考成绩", "1e3", "score_invalid"),
        ("中考成绩", True, "score_invalid"),
        ("中考成绩", date(2022, 6, 1), "score_invalid"),
        ("姓名", "马•明", "name_dot"),
        ("姓名", "马?明", "name_doubtful"),
        ("姓名", "马\ue1a2", "name_doubtful"),
        ("姓名", "马" * 101, "too_long"),
        ("准考证号", "2" * 21, "too_long"),
    ],
)
def test_each_code(check, column, cell, code):
    report = check({column: cell})
    assert found(report) == [(2, column, code)]
    fault = report.faults[0]
    assert fault.severity == WORDINGS[code].severity
    assert report.valid == (fault.severity == "warning")
    assert fault.message and fault.mend
    assert not set("{}！您你") & set(fault.sentence)


@pytest.mark.parametrize(
    ("change", "column"),
    [({"准考证号": "2213000004"}, "准考证号"), ({"准考证号": "２２１３００００\u3000０４"}, "准考证号")],
)
def test_an_exam_number_twice_is_reported_on_the_later_row(check, change, column):
    report = check({}, OTHER | change)
    assert found(report) == [(3, column, "duplicate_in_file")]
    assert "第2行" in report.faults[0].message


def test_an_id_number_twice_is_reported_on_the_later_row_whatever_its_writing(check):
    x = "62292120060610123" + check_character("62292120060610123")
    first = {"身份证号": x, "出生日期": "2006-06-10", "性别": "男"}
    report = check({"准考证号": "1"}, first, first | {"准考证号": "7", "身份证号": f" {x.lower()} "})
    assert found(report) == [(4, "身份证号", "duplicate_in_file")]
    assert "第3行" in report.faults[0].message


def test_three_times_names_the_first(check):
    report = check({}, OTHER | {"准考证号": "2213000004"}, {"身份证号": "", "准考证号": "2213000004"})
    assert [(f.row, f.code) for f in report.faults if f.column == "准考证号"] == [
        (3, "duplicate_in_file"),
        (4, "duplicate_in_file"),
    ]
    assert all("第2行" in fault.message for fault in report.faults if fault.column == "准考证号")


@pytest.mark.parametrize("number", ["622926200604210640", "62292620060421064", 622926200604210647, NO_SUCH_DAY, ""])
def test_a_number_itself_wrong_is_not_compared(check, number):
    assert [column for _, column, _ in found(check({"身份证号": number, "性别": "男", "出生日期": "2000-01-01"}))] == [
        "身份证号"
    ]


def test_a_row_may_have_many_faults_and_all_are_listed(check):
    report = check({"姓名": "", "民族": "x", "中考成绩": "x", "性别": "男"})
    assert found(report) == [
        (2, "姓名", "required"),
        (2, "民族", "ethnicity_unknown"),
        (2, "中考成绩", "score_invalid"),
        (2, "性别", "sex_mismatch"),
    ]


@pytest.mark.parametrize(
    ("column", "cell", "key", "value"),
    [
        ("准考证号", 2213000004, "exam_number", "2213000004"),
        ("准考证号", "2213000004.0", "exam_number", "2213000004"),
        ("准考证号", "２２１３０００００４", "exam_number", "2213000004"),
        ("准考证号", "0013000004", "exam_number", "0013000004"),
        ("姓名", " 韩明\u3000", "name", "韩明"),
        ("姓名", "韩\u3000明", "name", "韩明"),
        ("姓名", "马·伊布拉欣", "name", "马·伊布拉欣"),
        ("姓名", "马𬱖", "name", "马𬱖"),
        ("姓名", "王𫖯宇", "name", "王𫖯宇"),
        ("姓名", "﨑䶮㛃", "name", "﨑䶮㛃"),
        ("姓名", "·".join(["买买提江"] * 12), "name", "·".join(["买买提江"] * 12)),
        ("性别", "女性", "sex", Sex.FEMALE),
        ("性别", "2", "sex", Sex.FEMALE),
        ("性别", 2, "sex", Sex.FEMALE),
        ("性别", "２", "sex", Sex.FEMALE),
        ("民族", "东乡", "ethnicity", "26"),
        ("民族", " 东乡族 ", "ethnicity", "26"),
        ("民族", "土", "ethnicity", "30"),
        ("民族", "土家", "ethnicity", "15"),
        ("出生日期", date(2006, 4, 21), "birth", date(2006, 4, 21)),
        ("出生日期", datetime(2006, 4, 21, 8, 30), "birth", date(2006, 4, 21)),
        ("出生日期", "20060421", "birth", date(2006, 4, 21)),
        ("出生日期", 20060421, "birth", date(2006, 4, 21)),
        ("出生日期", 38828, "birth", date(2006, 4, 21)),
        ("出生日期", "2006.04.21", "birth", date(2006, 4, 21)),
        ("出生日期", "2006.4.21", "birth", date(2006, 4, 21)),
        ("出生日期", "2006/4/21", "birth", date(2006, 4, 21)),
        ("出生日期", "2006年4月21日", "birth", date(2006, 4, 21)),
        ("出生日期", "2006 年 4 月 21 日", "birth", date(2006, 4, 21)),
        ("出生日期", "２００６－０４－２１", "birth", date(2006, 4, 21)),
        ("出生日期", "2006-04-21 00:00:00", "birth", date(2006, 4, 21)),
        ("身份证号", " 622926 20060421\u30000647", "id_number", "622926200604210647"),
        ("身份证号", "'622926200604210647", "id_number", "622926200604210647"),
        ("身份证号", "６２２９２６２００６０４２１０６４７", "id_number", "622926200604210647"),
        ("报名县市", "积石山县", "county", "622927"),
        ("报名县市", "积石山", "county", "622927"),
        ("报名县市", "积石山保安族东乡族撒拉族自治县", "county", "622927"),
        ("报名县市", "东乡族自治县", "county", "622926"),
        ("报名县市", "临夏州 康乐县", "county", "622922"),
        ("报名县市", "甘肃省临夏回族自治州临夏县", "county", "622921"),
        ("报名县市", "和政", "county", "622925"),
        ("录取学校", " 临夏中学", "school", "3462900001"),
        ("录取学校", "甘肃省临夏中学", "school", "3462900001"),
        ("录取学校", "临夏回民中学", "school", "3462900002"),
        ("录取学校", "临夏市示例一中", "school", "3462990001"),
        ("录取学校", "东乡族自治县示例第二中学", "school", "3462990007"),
        ("录取学校", "东乡县旧示例中学", "school", "3462990007"),
        ("录取学校", "3462900001", "school", "3462900001"),
        ("中考成绩", "609.4", "score", Decimal("609.40")),
        ("中考成绩", "６０９．４", "score", Decimal("609.40")),
        ("中考成绩", 609, "score", Decimal("609.00")),
        ("中考成绩", "609.0", "score", Decimal("609.00")),
        ("中考成绩", 0.1 + 0.2, "score", Decimal("0.30")),
        ("中考成绩", "609.4分", "score", Decimal("609.40")),
        ("中考成绩", 0, "score", Decimal("0.00")),
    ],
)
def test_harmless_habits_are_accepted(check, column, cell, key, value):
    report = check({column: cell})
    assert found(report) == []
    assert getattr(report.clean[0], key) == value


def test_a_lower_case_x_is_accepted(check):
    orders = (f"62292620060421{order:03d}" for order in range(0, 999, 2))
    first17 = next(digits for digits in orders if check_character(digits) == "X")
    report = check({"身份证号": first17 + "x"})
    assert report.clean[0].id_number == first17 + "X"


def test_the_name_is_kept_as_entered_and_the_right_one_proposed(check):
    report = check({"姓名": "马•伊布拉欣"})
    assert report.clean[0].name == "马•伊布拉欣"
    assert "马·伊布拉欣" in report.faults[0].mend


def test_a_maximum_score_holds_where_one_is_set(list_of, lookups):
    limited = replace(lookups, max_score=Decimal("488"))
    report = check_file(list_of({}), limited)
    assert found(report) == [(2, "中考成绩", "score_invalid")]
    assert "488" in report.faults[0].mend


def test_what_is_kept_of_a_fault_shows_no_identity_number(check):
    report = check({"身份证号": 622926200604210647, "准考证号": "622926200604210647622926"})
    told = repr(report.faults) + json.dumps(report.as_json())
    assert "20060421" not in told
    assert "62292620060421" not in repr(check({}).clean)


def test_faults_say_the_words_of_the_guide(check):
    report = check({"身份证号": "62292620060421064"})
    assert report.faults[0].message == "身份证号有17位，应为18位"
    assert report.faults[0].name == "韩明"


def test_progress_is_told_to_the_end(list_of, lookups):
    told = []
    check_file(list_of({}, OTHER), lookups, lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 2), (2, 2))
    assert told == sorted(told)


def test_a_large_list_takes_a_second_for_a_thousand_rows(workbook_of, sound, lookups):
    def row(n: int) -> list:
        first17 = f"622926{2005 + n % 3}{n // 3 % 12 + 1:02d}{n // 36 % 28 + 1:02d}{n // 1008:03d}"
        number = first17 + check_character(first17)
        day = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        sex = "男" if int(number[16]) % 2 else "女"
        return list((sound | {"准考证号": f"{n:010d}", "身份证号": number, "出生日期": day, "性别": sex}).values())

    content = workbook_of([list(sound), *map(row, range(ROWS))])
    started = time.perf_counter()
    report = check_file(content, lookups)
    assert (report.rows, report.valid) == (ROWS, ROWS)
    assert time.perf_counter() - started < ROWS / 1000 + 1
