"""The enrolment book, rule by rule: one eligible candidate, one fact replaced; and the worked cases."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from linxia_xueji.enums import Level, Stage
from linxia_xueji.rules import Basis, Force, Verdict
from registry.enums import LISTED_FIELDS
from registry.rules import ENROLMENT, VOIDING, EnrolmentFacts, VoidingFacts

ELIGIBLE = EnrolmentFacts(
    year=2026,
    submitted_on=date(2026, 9, 16),
    on_admission_list=True,
    differing_fields=frozenset(),
    corrected_fields=frozenset(),
    reported=True,
    deferred=False,
    force_majeure=False,
    plan=50,
    already_enrolled=49,
    active_elsewhere=None,
)
WORKED = Path(__file__).parents[1] / "transfers" / "data" / "eligibility.json"
CASES = [c for c in json.loads(WORKED.read_text(encoding="utf-8")) if c["business"] == "enrolment"]


def broken(**facts) -> tuple[str, ...]:
    return ENROLMENT.judge(replace(ELIGIBLE, **facts)).broken


def test_the_eligible_candidate_is_eligible():
    assert ENROLMENT.judge(ELIGIBLE).verdict == Verdict.ALLOWED
    assert broken() == ()


def test_over_plan():
    assert broken(already_enrolled=50) == ("enrolment.over_plan",)
    assert broken(plan=0, already_enrolled=0) == ("enrolment.over_plan",)
    assert broken(plan=1, already_enrolled=0) == ()


def test_not_admitted():
    assert broken(on_admission_list=False) == ("enrolment.not_admitted",)


def test_not_admitted_is_not_compared_with_the_list():
    facts = {"on_admission_list": False, "differing_fields": frozenset({"name", "id_number"})}
    assert broken(**facts) == ("enrolment.not_admitted",)


@pytest.mark.parametrize("field", LISTED_FIELDS)
def test_mismatch_in_any_field_until_a_letter_covers_just_that_field(field):
    differing = frozenset({field})
    assert broken(differing_fields=differing) == ("enrolment.mismatch",)
    assert broken(differing_fields=differing, corrected_fields=differing) == ()
    others = frozenset(LISTED_FIELDS) - differing
    assert broken(differing_fields=differing, corrected_fields=others) == ("enrolment.mismatch",)


def test_identity_swap_stays_a_question_for_the_prefecture_even_with_a_letter():
    both = frozenset({"name", "id_number"})
    judgement = ENROLMENT.judge(replace(ELIGIBLE, differing_fields=both, corrected_fields=both))
    assert (judgement.verdict, judgement.broken) == (Verdict.DISCRETION, ("enrolment.identity_swap",))
    assert ENROLMENT.by_id("enrolment.identity_swap").level == Level.PREFECTURE
    assert broken(differing_fields=both) == ("enrolment.identity_swap", "enrolment.mismatch")


@pytest.mark.parametrize("field", ["name", "id_number"])
def test_one_of_the_two_is_no_swap(field):
    one = frozenset({field, "sex", "birth_date"})
    assert broken(differing_fields=one, corrected_fields=one) == ()


def test_no_show():
    assert broken(reported=False) == ("enrolment.no_show",)


@pytest.mark.parametrize("excuse", ["deferred", "force_majeure"])
def test_not_reported_though_excused(excuse):
    assert broken(reported=False, **{excuse: True}) == ("enrolment.not_reported",)
    assert broken(**{excuse: True}) == ()


def test_deadline_is_the_thirtieth_that_day_included():
    assert broken(submitted_on=date(2026, 9, 30)) == ()
    assert broken(submitted_on=date(2026, 10, 1)) == ("enrolment.deadline",)


@pytest.mark.parametrize("excuse", ["reopened", "deferred", "force_majeure"])
def test_after_the_deadline_with_reopening_or_excuse(excuse):
    assert broken(submitted_on=date(2026, 10, 1), **{excuse: True}) == ()


def test_the_prefecture_may_set_another_last_day():
    assert broken(submitted_on=date(2026, 10, 9), last_day=date(2026, 10, 9)) == ()
    assert broken(submitted_on=date(2026, 9, 21), last_day=date(2026, 9, 20)) == ("enrolment.deadline",)


@pytest.mark.parametrize("stage", [Stage.SENIOR, Stage.VOCATIONAL])
def test_duplicate(stage):
    assert broken(active_elsewhere=stage) == ("enrolment.duplicate",)


@pytest.mark.parametrize("stage", [None, Stage.PRIMARY, Stage.JUNIOR])
def test_an_earlier_record_or_none_never_blocks(stage):
    assert broken(active_elsewhere=stage) == ()


def test_a_duplicate_says_where_and_which_business_resolves_it():
    judgement = ENROLMENT.judge(replace(ELIGIBLE, active_elsewhere=Stage.SENIOR, elsewhere="和政县示例高级中学"))
    (finding,) = judgement.problems
    assert finding.fact == "在和政县示例高级中学有高中阶段学籍"
    assert "转学或退学" in finding.rule.mend and "学位保留" in finding.rule.mend


def test_the_forces_are_those_of_the_catalogue():
    forces = {r.id.removeprefix("enrolment."): r.force for r in ENROLMENT.rules}
    assert forces.pop("identity_swap") == Force.DISCRETION
    assert forces.pop("prior_registration") == Force.NEVER
    assert set(forces.values()) == {Force.FORBID}
    assert set(forces) == {"over_plan", "not_admitted", "mismatch", "no_show", "not_reported", "deadline", "duplicate"}


def test_the_bases_are_those_of_the_catalogue():
    inferred = {r.id for r in ENROLMENT.rules if r.basis == Basis.INFERRED}
    assert inferred == {f"enrolment.{i}" for i in ("identity_swap", "not_reported", "duplicate")}
    assert {r.basis for r in ENROLMENT.rules} == {Basis.INFERRED, Basis.QUOTED}


def test_what_is_quoted_stands_in_the_notice():
    notice = json.loads((Path(__file__).parents[2] / "fixtures" / "notice.json").read_text(encoding="utf-8"))
    text = "".join(json.dumps(notice, ensure_ascii=False).split()).replace(",", "，")
    for rule in ENROLMENT.rules:
        for part in rule.says.split("…"):
            assert part in text, rule.id


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_worked_cases(case):
    judgement = ENROLMENT.judge(EnrolmentFacts.read(case["facts"]))
    assert {"verdict": judgement.verdict, "broken": list(judgement.broken)} == case["expect"]


@pytest.mark.parametrize(
    "wrong",
    [{"differing_fields": ["nickname"]}, {"corrected_fields": ["x"]}, {"active_elsewhere": "college"}, {"reported": 1},
     {"plan": "50"}, {"plan": True}, {"year": None}, {"submitted_on": "16.9.2026"}, {"submitted_on": 20260916}],
)  # fmt: skip
def test_facts_of_the_wrong_kind_are_not_guessed(wrong):
    with pytest.raises((TypeError, ValueError, KeyError)):
        EnrolmentFacts.read({**CASES[0]["facts"], **wrong})


def test_a_void_number_is_not_voided_again():
    assert VOIDING.judge(VoidingFacts("261324010001", False)).verdict == Verdict.ALLOWED
    assert VOIDING.judge(VoidingFacts("261324010001", True)).broken == ("voiding.already_void",)
