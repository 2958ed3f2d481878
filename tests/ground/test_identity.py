"""Identity numbers of GB 11643 and the dot in names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linxia_xueji.enums import Sex
from linxia_xueji.identity import (
    NAME_DOT,
    NAME_DOTS,
    check_character,
    id_birth,
    id_fault,
    id_normal,
    id_sex,
    masked,
    proposed_name,
    tidy_name,
)

SAMPLE = "11010519491231002X"

regions = st.integers(0, 999_999).map("{:06d}".format)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
orders = st.integers(0, 999).map("{:03d}".format)


def number(region: str, born: date, order: str) -> str:
    first17 = f"{region}{born:%Y%m%d}{order}"
    return first17 + check_character(first17)


numbers = st.builds(number, regions, days, orders)


def test_the_sample_of_the_standard_is_sound():
    assert id_fault(SAMPLE) is None
    assert id_birth(SAMPLE) == date(1949, 12, 31)
    assert id_sex(SAMPLE) is Sex.FEMALE


@given(regions, days, orders)
def test_every_made_number_is_sound_and_says_what_went_in(region, born, order):
    made = number(region, born, order)
    assert id_fault(made) is None
    assert id_birth(made) == born
    assert id_sex(made) is (Sex.MALE if int(order) % 2 else Sex.FEMALE)


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_never_passes(made, place, other):
    changed = made[:place] + other + made[place + 1 :]
    assert (id_fault(changed) is None) == (changed == made)


@given(numbers, st.integers(0, 16))
def test_two_neighbours_swapped_never_pass(made, place):
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    assert (id_fault(swapped) is None) == (swapped == made)


@given(st.text(max_size=30))
def test_any_text_is_judged_without_an_exception(text):
    fault = id_fault(text)
    assert (fault == "id_length") == (len(text) != 18)


@given(regions, orders, st.sampled_from(["20060230", "20061301", "20060001", "20050229", "00000101", "20060431"]))
def test_a_day_that_is_none(region, order, day):
    first17 = region + day + order
    assert id_fault(first17 + check_character(first17)) == "id_date"


@pytest.mark.parametrize("bad", ["11010519491231002O0", "11010519491231002", "", "110105491231002"])
def test_length_comes_first(bad):
    assert id_fault(bad) == "id_length"


@pytest.mark.parametrize("bad", ["1101O519491231002X", "11010519491231002x", "1X010519491231002X"])
def test_a_character_that_may_not_stand_there(bad):
    assert id_fault(bad) == "id_check"


def test_the_check_character_comes_before_the_date():
    first17 = "62292220060230123"
    wrong = "0" if check_character(first17) != "0" else "1"
    assert id_fault(first17 + wrong) == "id_check"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X\u3000",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'" + SAMPLE,
        "\ufeff" + SAMPLE,
    ],
)
def test_harmless_habits_are_normalised(typed):
    assert id_normal(typed) == SAMPLE


@pytest.mark.parametrize("bad", ["", "1" * 16, "1" * 18, "1234567890123456X", "１" * 17])
def test_a_check_character_needs_17_digits(bad):
    with pytest.raises(ValueError, match="17"):
        check_character(bad)


def test_masked():
    assert masked("622922200601010012") == "622922********0012"
    assert masked("12345678901") == "123456*8901"
    assert masked("1234567890") == "*" * 10
    assert masked("") == ""


@given(st.text(max_size=40))
def test_masking_keeps_the_length_and_hides_the_middle(text):
    assert len(masked(text)) == len(text)
    assert set(masked(text)[6:-4]) <= {"*"}


@pytest.mark.parametrize("dot", sorted(NAME_DOTS) + [".", "．", "。", "｡", "﹒"])
def test_each_look_alike_is_recognised_between_han_characters(dot):
    assert proposed_name(f"马{dot}伊布拉欣") == "马·伊布拉欣"
    assert proposed_name(f"阿里·木{dot}江") == "阿里·木·江"


@pytest.mark.parametrize("name", ["马·伊布拉欣", "马𬱖", "王𫖯宇", "李䶮", "J.史密斯", "祁㛃", "Anna Maria", "﨑"])
def test_a_right_name_is_left_as_it_is(name):
    assert tidy_name(name) == name
    assert proposed_name(name) == name


@given(st.text(alphabet=st.sampled_from("马伊布·•.・ \u3000aB𬱖﨑"), max_size=60))
def test_a_proposal_needs_no_further_proposal(name):
    proposal = proposed_name(name)
    assert proposed_name(proposal) == proposal
    assert len(proposal) == len(name)
    assert all(new in (old, NAME_DOT) for old, new in zip(name, proposal, strict=True))
    assert not NAME_DOTS & set(proposal)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 韩明\u3000", "韩明"),
        ("韩\u3000 明", "韩明"),
        ("马 · 伊布拉欣\n", "马·伊布拉欣"),
        ("Anna  Maria", "Anna Maria"),
        ("\u200b马明", "马明"),
    ],
)
def test_blanks_nobody_meant(typed, name):
    assert tidy_name(typed) == name


def test_a_name_of_fifty_characters_and_more():
    name = "·".join(["买买提江"] * 15)
    assert len(name) > 50
    assert proposed_name(tidy_name(name)) == name
