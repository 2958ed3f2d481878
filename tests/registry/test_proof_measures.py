"""Generated scans and photographs, half of them bad, are judged right; and the margins are wide, not tuned to these.

PROOFS says how many more are drawn (6 here; bin/prove draws 600, and of the forty at two widths all, of which here one of
each kind). Each is made from kind and number alone.
"""

import io
import os

from PIL import Image

from linxia_xueji.policy import SETTINGS
from registry.proof_judgement import Measures, Thresholds, judge_scan
from registry.proof_measures import WORKING, measure, working_size
from tests.registry.proof_pictures import BAD, GOOD, file

PROOFS = int(os.environ.get("PROOFS", "6"))
THRESHOLDS = Thresholds.of({key: setting.default for key, setting in SETTINGS.items()})
MARGINS = (
    Thresholds(min_pixels=700, sharpness=66, blank=1, contrast=50, cut_off=2),
    Thresholds(min_pixels=850, sharpness=76, blank=6, contrast=70, cut_off=4),
)
"""Laxer and stricter than what is in force: with either, too, everything is judged right."""


def measured(kind: str, number: int, width: int | None = None) -> Measures:
    with Image.open(io.BytesIO(file(kind, number, width))) as image:
        return measure(image.convert("L"), image.size)


def wrong(kind: str, measures: Measures, thresholds: Thresholds = THRESHOLDS) -> set[str] | None:
    """The codes of the doubts where they are not what this kind must meet."""
    codes = {doubt.code for doubt in judge_scan(measures, thresholds)}
    if kind in GOOD:
        return codes or None
    # What is overexposed may have lost all its writing; what is cut may be small.
    right = [{BAD[kind]}, {"blank"} if kind == "over" else {BAD[kind], "too_small"} if kind == "cut" else {BAD[kind]}]
    return None if codes in right else codes or {"no doubt"}


def test_forty_pictures_half_of_them_bad_are_judged_right():
    good, bad = (20, 20) if PROOFS >= 40 else (len(GOOD), len(BAD))
    chosen = [(GOOD[n % len(GOOD)], n) for n in range(good)] + [(list(BAD)[n % len(BAD)], n) for n in range(bad)]
    widths = {"small": None, "cut": None}
    assert [
        (kind, n, found)
        for kind, n in chosen
        if (found := wrong(kind, measured(kind, n, widths.get(kind, 820 if n else None))))
    ] == []


def test_many_more_are_judged_right_with_room_to_either_side():
    kinds = (*GOOD, *BAD)
    found = []
    for number in range(PROOFS):
        kind = kinds[number * 4 % len(kinds)]  # every kind in turn, those of a few far apart
        measures = measured(kind, 1000 + number)
        found += [
            (kind, 1000 + number, t, codes) for t in (THRESHOLDS, *MARGINS) if (codes := wrong(kind, measures, t))
        ]
    assert found == []


def test_a_large_picture_is_measured_at_the_working_size_and_a_small_one_as_it_is():
    assert working_size((2480, 3508)) == (WORKING, 1415)
    assert working_size((3508, 2480)) == (1415, WORKING)
    assert working_size((620, 877)) == (620, 877)
    assert working_size((0, 0)) == (1, 1)


def test_strips_dots_and_flat_pictures_are_measured_too():
    for size in ((1, 1), (2, 3), (3000, 2), (40, 5000)):
        measures = measure(Image.new("L", working_size(size), 128), size)
        assert (measures.width, measures.height, measures.ink, measures.crossings) == (*size, 0, (0, 0, 0, 0))


def test_the_sharper_direction_does_not_hide_that_the_hand_moved():
    """Lines along the movement stay sharp."""
    page = Image.new("L", (1000, 1000), 255)
    for place in range(60, 960, 60):
        page.paste(20, (60, place, 940, place + 3))
        for step in range(12):
            page.paste(255 - 20 * min(step + 1, 12 - step), (place + step, 60, place + step + 1, 940))
    assert measure(page, page.size).sharpness < 50
    assert measure(page.transpose(Image.Transpose.TRANSPOSE), page.size).sharpness < 50
