"""What is doubted of a picture, in words that say what was measured and what to do."""

from dataclasses import replace

import pytest

from linxia_xueji.policy import SETTINGS
from linxia_xueji.rules import Basis
from registry.proof_judgement import Measures, Thresholds, judge_scan

GOOD = Measures(1654, 2339, 92, 48.5, 160, (0, 0, 1, 0))
THRESHOLDS = Thresholds(800, 70, 2, 60, 3)


def test_a_good_picture_meets_no_doubt_and_the_bounds_themselves_are_good():
    assert judge_scan(GOOD, THRESHOLDS) == ()
    assert judge_scan(Measures(800, 801, 70, 2, 60, (2, 2, 2, 2)), THRESHOLDS) == ()


@pytest.mark.parametrize(
    ("changes", "codes", "words"),
    [
        ({"height": 799}, ["too_small"], "1654×799像素，短边要求不低于800像素"),
        ({"sharpness": 12}, ["blurred"], "清晰度12，要求不低于70"),
        ({"ink": 0.4, "sharpness": 0, "contrast": 9}, ["blank"], "0.4‰，要求不低于2‰"),
        ({"contrast": 31}, ["faint"], "明暗差31，要求不低于60"),
        ({"contrast": 31, "sharpness": 30}, ["blurred"], "清晰度30"),
        ({"crossings": (12, 30, 2, 0)}, ["cut_off"], "左边12处、上边30处，应少于3处"),
        ({"width": 400, "sharpness": 40, "crossings": (0, 0, 0, 9)}, ["too_small", "blurred", "cut_off"], "下边9处"),
    ],
)
def test_each_doubt_says_what_was_measured_and_what_to_do(changes, codes, words):
    doubts = judge_scan(replace(GOOD, **changes), THRESHOLDS)
    assert [doubt.code for doubt in doubts] == codes
    assert words in "；".join(doubt.words for doubt in doubts)
    assert all(doubt.mend.startswith("请") and "重新扫描" in doubt.mend for doubt in doubts)


def test_measures_are_kept_as_plain_numbers_and_read_again():
    assert Measures.of(GOOD.as_json()) == GOOD
    assert GOOD.as_json()["crossings"] == [0, 0, 1, 0]


def test_every_threshold_is_a_setting_marked_assumed_with_its_value_among_the_choices():
    settings = [SETTINGS[f"proof.{name}"] for name in Thresholds.__slots__]
    assert all(s.basis == Basis.ASSUMED and "为假定" in s.why and s.default in dict(s.choices) for s in settings)
    assert Thresholds.of({s.key: s.default for s in settings}) == THRESHOLDS
