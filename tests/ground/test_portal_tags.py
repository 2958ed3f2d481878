"""The tags and filters of the pages."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms

from linxia_xueji.rules import Basis, Force, Rule
from linxia_xueji.templatetags import portal


def rule(clause: str, basis: Basis) -> Rule:
    return Rule("x", Force.FORBID, clause, "words", "label", basis, lambda facts: False, lambda facts: "")


def test_dates_are_written_as_officials_write_them():
    day = date(2026, 9, 2)
    assert (portal.short_date(day), portal.month_day(day), portal.full_day(day)) == ("9-02", "9月2日", "2026年9月2日")
    assert (portal.day(day), portal.weekday(day)) == ("2026-09-02", "星期三")
    assert [f(None) for f in (portal.short_date, portal.moment, portal.day, portal.full_day, portal.weekday)] == [
        ""
    ] * 5


def test_a_moment_is_told_in_local_time():
    assert portal.moment(datetime(2026, 9, 15, 17, 5, tzinfo=UTC)) == "9月16日 01:05"


def test_numbers_are_masked_once_and_for_all():
    masked = portal.mask_id("622922200811030012")
    assert masked == "622922********0012" == portal.mask_id(masked)
    assert portal.mask_id("") == portal.mask_id(None) == ""


@pytest.mark.parametrize(
    ("clause", "basis", "shown"),
    [
        ("三（二）1", Basis.QUOTED, "通知三（二）1"),
        ("三（二）1", Basis.ASSUMED, "通知三（二）1（假定）"),
        ("", Basis.ASSUMED, "（假定）"),
        ("教基〔2025〕1号", Basis.NATIONAL, "教基〔2025〕1号"),
    ],
)
def test_an_assumed_rule_says_so(clause, basis, shown):
    assert portal.clause_short(rule(clause, basis)) == shown


@pytest.mark.parametrize(
    ("tone", "text", "css", "words"),
    [
        ("ok", "", "vd ok", "符合"),
        ("ask", "", "vd warn", "待人工核对"),
        ("incomplete", "", "vd bad", "材料不全"),
        ("forbidden", "超计划12人", "vd bad", "超计划12人"),
        ("", "", "mut", "—"),
    ],
)
def test_a_verdict_has_words_beside_its_colour(tone, text, css, words):
    html = portal.verdict(tone, text)
    assert f'class="{css}"' in html and words in html


def test_names_are_escaped():
    assert "&lt;b&gt;" in portal.tag("", "<b>") and "&lt;b&gt;" in portal.verdict("bad", "<b>")


def test_a_chip_needs_a_clock():
    assert portal.due_chip(None) == ""
    html = portal.due_chip(SimpleNamespace(chip="over", chip_text="超期1个工作日"))
    assert 'class="due over"' in html and "超期1个工作日" in html


def test_an_unknown_icon_is_a_mistake():
    with pytest.raises(ValueError, match="no icon"):
        portal.icon("heart")


def test_a_higher_level_is_shown_in_its_own_colour():
    request = SimpleNamespace(state="pending", turn_level="prefecture", status="待州级审核")
    assert portal.state_tag(request) == '<span class="tag up">待州级审核</span>'


class Sample(forms.Form):
    note = forms.CharField(label="说明")
    way = forms.ChoiceField(label="方式", choices=[("1", "全部")], widget=forms.RadioSelect)
    seen = forms.BooleanField(label="已核对")


def test_stock_errors_say_what_to_do():
    form = Sample({"way": "9"})
    assert portal.errors_of(form["note"]) == ["请填写说明"]
    assert portal.errors_of(form["seen"]) == ["请勾选“已核对”"]
    assert portal.errors_of(form["way"]) == ["方式所选的项已不可用，请重新选择"]


def test_fields_know_how_they_are_drawn():
    form = Sample()
    assert [portal.is_group(form[name]) for name in form.fields] == [False, True, False]
    assert [portal.is_checkbox(form[name]) for name in form.fields] == [False, False, True]
    assert 'class="in w8"' in portal.control(form["note"], "w8")
