"""The figures of 附件1: each level enters and signs its own; the number agreed is the number in the batch."""

import pytest
from django.db import IntegrityError, transaction

from linxia_xueji.enums import Level
from linxia_xueji.refusal import Refusal
from registry.figures import form_for, latest
from registry.models import BatchFigures
from registry.standing import standing
from tests.registry.support import defer, first
from tests.registry.turn_support import pupil, ran
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL


def test_each_level_signs_its_own(world):
    batch = world.batch(3, plan=5)
    defer(world, first(batch))
    world.to(batch, 4)
    signed = latest(batch)
    assert set(signed) == {Level.SCHOOL, Level.COUNTY, Level.PREFECTURE}
    school, county, centre = (signed[level] for level in (Level.SCHOOL, Level.COUNTY, Level.PREFECTURE))
    assert (school.plan, school.actual, school.applied, school.signed_by) == (5, 2, 2, world.head())
    assert (county.graduates, county.plan, county.agreed, county.signed_by) == (2146, 600, 2, world.county)
    assert (centre.agreed, centre.first_number, centre.last_number) == (2, "261324010001", "261324010002")


@pytest.mark.parametrize("agreed, says", [(1, "请先逐人核减1人"), (3, "超过申请人数"), (None, "请填写")])
def test_the_number_agreed_is_the_number_in_the_batch(world, agreed, says):
    batch = world.to(world.batch(2), 1)
    with pytest.raises(Refusal, match=says), transaction.atomic():
        world.advance(batch, "approve", world.county, agreed=agreed, graduates=1, plan=1)
    assert not batch.figures.filter(level="county").exists()


def test_a_prefecture_school_has_no_county_figures(world):
    batch = world.to(world.batch(1, school=PREFECTURE_SCHOOL), 3)
    assert set(latest(batch)) == {Level.SCHOOL, Level.PREFECTURE}


def test_a_new_round_is_signed_afresh_and_the_old_is_kept(world):
    batch = world.to(world.batch(2), 2)
    world.advance(batch, "send_back", world.centre, note="补")
    world.advance(batch, "submit", world.registrar())
    assert latest(batch) == {}
    assert batch.figures.count() == 2


def test_one_signature_a_level_and_round(world):
    batch = world.to(world.batch(1), 1)
    figures = batch.figures.get()
    figures.pk = None
    with pytest.raises(IntegrityError, match="one_signature_a_level"), transaction.atomic():
        figures.save(force_insert=True)


def test_a_batch_emptied_by_strikes_is_sent_back_not_approved(world):
    batch = world.to(world.batch(1), 1)
    world.advance(batch, "strike", world.county, note="重复", candidate=first(batch).pk, rule="enrolment.duplicate")
    with pytest.raises(Refusal, match="请退回修改"):
        world.approve(batch, world.county, graduates=1, plan=1)


def test_a_batch_emptied_at_the_last_step_is_not_approved_either(world):
    batch = world.to(world.batch(1), 3)
    world.advance(batch, "strike", world.province, note="重复", candidate=first(batch).pk, rule="enrolment.duplicate")
    with pytest.raises(Refusal, match="请退回修改"):
        world.approve(batch, world.province)


@pytest.mark.parametrize("steps, fields", [(0, None), (1, ["graduates", "plan", "agreed"]), (2, ["agreed"]), (3, None)])
def test_the_form_asks_each_level_for_its_own(world, steps, fields):
    batch = world.to(world.batch(2), steps)
    form = form_for(batch.request, "approve", None)
    assert (list(form.fields) if form else None) == fields
    assert form_for(batch.request, "send_back", None) is None
    if form:
        assert form.initial["agreed"] == 2


def test_the_county_enters_its_graduates_once_a_year(world):
    first_batch = world.to(world.batch(1), 2)
    second = world.batch(1, school=PREFECTURE_SCHOOL)
    assert standing(first_batch).graduates == 2146
    assert standing(second).graduates is None
    assert standing(first_batch).county_plan == 1


def test_figures_are_whole_numbers(world):
    batch = world.to(world.batch(1), 1)
    data = {"figures-graduates": "-1", "figures-plan": "x", "figures-agreed": ""}
    assert set(form_for(batch.request, "approve", data).errors) == {"graduates", "plan", "agreed"}
    assert BatchFigures.objects.get().batch.school.code == COUNTY_SCHOOL


def test_the_register_proposes_its_graduates_and_another_number_says_why(world):
    for _ in range(2):
        pupil(world, OTHER_SCHOOL, 9)
        pupil(world, COUNTY_SCHOOL, 9)
    pupil(world, COUNTY_SCHOOL, 9)
    ran(world)
    batch = world.to(world.batch(1), 1)
    form = form_for(batch.request, "approve", None)
    assert form.initial["graduates"] == 3
    assert "学年升级毕业（待确认）本县市所属初中毕业3人" in form.fields["graduates"].help_text
    asked = {"graduates": 2146, "plan": 1}
    with pytest.raises(Refusal, match="请写明不同的原因"):
        world.approve(batch, world.county, **asked)
    world.approve(batch, world.county, **asked, graduates_note="含回户籍地报名的毕业生")
    signed = BatchFigures.objects.get(level="county")
    assert (signed.graduates, signed.graduates_counted, signed.graduates_note) == (2146, 3, "含回户籍地报名的毕业生")
    later = world.to(world.batch(1, school=OTHER_SCHOOL), 1)
    later_form = form_for(later.request, "approve", None)
    assert later_form.initial["graduates"] == 2


def test_the_registers_own_number_needs_no_word(world):
    pupil(world, COUNTY_SCHOOL, 9)
    ran(world)
    batch = world.to(world.batch(1), 1)
    world.approve(batch, world.county, graduates=1, plan=1, graduates_note="多余")
    assert BatchFigures.objects.get(level="county").graduates_note == ""
