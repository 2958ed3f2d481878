"""Each rule of 学籍变动 broken alone: one eligible set of facts, one or two of them replaced; and the worked cases."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from linxia_xueji.enums import Sex, Stage
from linxia_xueji.policy import SETTINGS
from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import Basis, Force, Verdict
from registry.enums import IdType
from tests.transfers.books.sample import AUTUMN, CASES, ELIGIBLE, OLD, TERMS, TO
from transfers.books import BOOKS
from transfers.books.problems import DELETION, EVIDENCE
from transfers.books.shared import papers_asked
from transfers.slots import SLOTS, slot_of, slots_of

BOOK = {book.code: book for book in BOOKS}
OURS = [case for case in CASES if case["business"] in BOOK]
NEW = ELIGIBLE["key_info"].new

ALONE = {
    "transfer.initial_grade": {"grade": 10, "to_grade": 10},
    "transfer.final_grade": {"grade": 12, "to_grade": 12},
    "transfer.suspended": {"status": "suspended"},
    "transfer.cross_grade": {"to_grade": 12},
    "transfer.same_area": {"to_school": replace(TO, county="622921")},
    "transfer.vocational_to_general": {"stage": Stage.VOCATIONAL},
    "transfer.window": {"applied_on": date(2026, 5, 6)},
    "transfer.not_enrolled": {"status": "transferred"},
    "transfer.open_business": {"open_business": True},
    "transfer.same_school": {"to_school": replace(TO, code="3162000001")},
    "transfer.stage_not_offered": {"to_school": replace(TO, grades=frozenset({10, 12}))},
    "transfer.doc.base_info_sheet": {"proofs": frozenset({"both_principals", "academic_results"})},
    "transfer.doc.household_register": {"stage": Stage.JUNIOR, "proofs": frozenset({"base_info_sheet"})},
    "transfer.doc.both_principals": {"proofs": frozenset({"base_info_sheet", "academic_results"})},
    "transfer.doc.academic_results": {"proofs": frozenset({"base_info_sheet", "both_principals"})},
    "suspension.cross_term": {"starts_on": date(2026, 7, 13)},
    "suspension.final_year_second_term": {"grade": 9},
    "suspension.too_long": {"ends_on": date(2027, 4, 8)},
    "suspension.consecutive": {"consecutive_before": 2},
    "suspension.extension_not_ill": {
        "extension": True, "status": "suspended", "current_ends_on": date(2026, 4, 6), "reason": "other",
    },
    "suspension.extension_gap": {"extension": True, "status": "suspended", "current_ends_on": date(2026, 4, 7)},
    "suspension.extension_not_suspended": {"extension": True},
    "suspension.not_enrolled": {"status": "suspended"},
    "suspension.open_business": {"open_business": True},
    "suspension.doc.application": {"proofs": frozenset({"medical"})},
    "suspension.doc.medical": {"proofs": frozenset({"application"})},
    "resumption.withdrawn": {"status": "expelled"},
    "resumption.not_suspended": {"status": "enrolled"},
    "resumption.wrong_grade": {"resume_grade": 12},
    "resumption.open_business": {"open_business": True},
    "resumption.doc.application": {"proofs": frozenset({"recovery"})},
    "resumption.doc.recovery": {"proofs": frozenset({"application"})},
    "withdrawal.compulsory": {"stage": Stage.PRIMARY},
    "withdrawal.not_enrolled": {"status": "graduated"},
    "withdrawal.open_business": {"open_business": True},
    "withdrawal.doc.application": {"proofs": frozenset({"report"})},
    "withdrawal.doc.report": {"proofs": frozenset({"application"})},
    "withdrawal.doc.ground": {"ground": None},
    "key_info.doc.household_proof": {"proofs": frozenset()},
    "key_info.image_quality": {"doubtful": ("户籍证明：模糊",), "with_head": False},
    "key_info.id_invalid": {"new": replace(NEW, id_number="110105194912310021")},
    "key_info.id_contradiction": {"new": replace(NEW, sex=Sex.MALE)},
    "key_info.id_taken": {"id_taken": True},
    "key_info.nothing_changed": {"new": OLD},
    "key_info.open_business": {"open_business": True},
    "expulsion.compulsory": {"stage": Stage.JUNIOR},
    "expulsion.not_enrolled": {"status": "withdrawn"},
    "expulsion.open_business": {"open_business": True},
    "expulsion.doc.document": {"proofs": frozenset()},
    "death.not_enrolled": {"status": "died"},
    "death.open_business": {"open_business": True},
    "death.doc.proof": {"proofs": frozenset()},
    "abroad.not_enrolled": {"status": "suspended"},
    "abroad.open_business": {"open_business": True},
    "abroad.doc.proof": {"proofs": frozenset()},
}  # fmt: skip
BESIDE = {"resumption.withdrawn": ("resumption.not_suspended",)}
"""Whoever has withdrawn is not suspended either."""


def judged(code, **facts):
    return BOOK[code].judge(replace(ELIGIBLE[code], **facts))


@pytest.mark.parametrize("code", BOOK)
def test_the_eligible_is_allowed(code):
    assert judged(code).verdict == Verdict.ALLOWED


def test_every_rule_has_its_test():
    assert set(ALONE) == {rule.id for book in BOOKS for rule in book.rules}


@pytest.mark.parametrize("rule", ALONE)
def test_each_rule_broken_alone(rule):
    assert judged(rule.split(".")[0], **ALONE[rule]).broken == tuple(sorted((rule, *BESIDE.get(rule, ()))))


@pytest.mark.parametrize("case", OURS, ids=[c["id"] for c in OURS])
def test_worked_cases(case):
    book = BOOK[case["business"]]
    judgement = book.judge(book.read(case["facts"]))
    assert {"verdict": judgement.verdict, "broken": list(judgement.broken)} == case["expect"]


def test_the_forces_are_those_of_the_catalogue():
    forces = {rule.id: rule.force for book in BOOKS for rule in book.rules}
    discretion = {rule for rule, force in forces.items() if force == Force.DISCRETION}
    assert discretion == {
        "suspension.final_year_second_term", "suspension.too_long", "suspension.consecutive", "suspension.extension_not_ill",
        "key_info.id_contradiction",
    }  # fmt: skip
    assert {rule for rule, force in forces.items() if force == Force.REQUIRE} == {r for r in forces if ".doc." in r}
    assert all(r.level is None for book in BOOKS for r in book.rules), "the last level of the route decides (assumed)"


def test_the_bases_are_those_of_the_catalogue():
    bases = {rule.id: rule.basis for book in BOOKS[:5] for rule in book.rules}
    assert Counter(bases.values()) == {Basis.QUOTED: 23, Basis.INFERRED: 13, Basis.ASSUMED: 8, Basis.NATIONAL: 1}
    assumed = {rule.partition(".")[2] for rule, basis in bases.items() if basis == Basis.ASSUMED}
    assert assumed == {"open_business", "doc.medical", "doc.recovery", "nothing_changed"}
    assert bases["withdrawal.compulsory"] == Basis.NATIONAL
    reports = {rule.id for book in BOOKS[5:] for rule in book.rules if rule.basis != Basis.ASSUMED}
    assert reports == {"expulsion.not_enrolled"}


def test_what_is_quoted_stands_in_the_notice_under_its_clause():
    notice = json.loads((Path(__file__).parents[3] / "fixtures" / "notice.json").read_text(encoding="utf-8"))
    text = "".join(json.dumps(notice, ensure_ascii=False).split()).replace(",", "，")
    clauses = {clause["id"] for clause in notice["clauses"]}
    for rule in (r for book in BOOKS for r in book.rules if r.basis in (Basis.QUOTED, Basis.INFERRED)):
        assert rule.clause in clauses, rule.id
        assert all(part in text for part in rule.says.split("…")), rule.id


def test_every_rule_says_what_can_be_done_and_settings_name_rules_that_are():
    ids = {rule.id for book in BOOKS for rule in book.rules}
    assert all(rule.mend and rule.label for book in BOOKS for rule in book.rules)
    assert {key for key in SETTINGS if key in ids} == {"transfer.window", "resumption.wrong_grade"}


def test_each_paper_is_named_by_one_rule_and_each_rule_names_its_paper():
    named = [slot.rule for slot in SLOTS]
    papers = {rule.id for book in (*BOOKS, EVIDENCE, DELETION) for rule in book.rules if ".doc." in rule.id} - {"withdrawal.doc.ground"}
    assert sorted(named) == sorted(papers)
    assert slot_of("key_info", "household_proof").original
    with pytest.raises(KeyError):
        slot_of("key_info", "application")


def test_the_papers_asked_follow_the_facts():
    codes = [slot.code for slot in papers_asked(BOOK["transfer"], ELIGIBLE["transfer"])]
    assert codes == ["base_info_sheet", "both_principals", "academic_results"]
    junior = replace(ELIGIBLE["transfer"], stage=Stage.JUNIOR)
    assert [slot.code for slot in papers_asked(BOOK["transfer"], junior)] == ["base_info_sheet", "household_register"]
    well = replace(ELIGIBLE["suspension"], reason="other")
    assert [slot.code for slot in papers_asked(BOOK["suspension"], well)] == ["application"]
    assert len(slots_of("suspension")) == 2


def passes_on(code, rule, **facts):
    (finding,) = [f for f in judged(code, **facts).findings if f.rule.id == rule]
    assert finding.broken
    return finding.passes_on


def test_a_transfer_says_when_the_next_window_opens():
    assert passes_on("transfer", "transfer.window", applied_on=date(2026, 5, 6)) == date(2026, 6, 29)
    assert passes_on("transfer", "transfer.window", applied_on=date(2026, 8, 3)) == date(2026, 9, 1)
    assert passes_on("transfer", "transfer.initial_grade", **ALONE["transfer.initial_grade"]) == date(2026, 9, 1)
    whole = {"window_days_before_term_end": "whole"}
    assert judged("transfer", applied_on=date(2026, 5, 6), **whole).broken == ()
    assert passes_on("transfer", "transfer.window", applied_on=date(2026, 7, 11), **whole) == date(2026, 9, 1)


def test_a_window_of_a_year_not_published_is_not_guessed():
    judgement = judged("transfer", applied_on=date(2026, 11, 2))
    (finding,) = judgement.problems
    assert finding.passes_on is None
    assert "待2027年放假安排公布" in finding.fact
    with pytest.raises(Refusal, match="2027年放假安排待国务院办公厅公布"):
        judged("transfer", applied_on=date(2026, 12, 31))


def test_a_window_the_prefecture_entered_stands_in_for_the_calendar():
    entered = {"entered_windows": ((date(2026, 12, 30), date(2027, 1, 15)),)}
    assert judged("transfer", applied_on=date(2026, 12, 31), **entered).broken == ()
    assert judged("transfer", applied_on=date(2026, 12, 29), **entered).broken == ("transfer.window",)
    assert passes_on("transfer", "transfer.window", applied_on=date(2026, 11, 2), **entered) == date(2026, 12, 30)
    late = {"entered_windows": ((date(2026, 5, 4), date(2026, 5, 8)),)}
    assert judged("transfer", applied_on=date(2026, 5, 6), **late).broken == ()


@pytest.mark.parametrize("day", [date(2025, 8, 31), date(2027, 1, 16)])
def test_a_day_beyond_the_terms_entered_is_not_judged(day):
    with pytest.raises(Refusal, match="学期起止日期尚未录入"):
        judged("transfer", applied_on=day)
    with pytest.raises(Refusal, match="学期起止日期尚未录入"):
        judged("suspension", applied_on=day)
    extension = {"extension": True, "status": "suspended", "current_ends_on": date(2026, 4, 6)}
    assert judged("suspension", applied_on=day, **extension).broken == ()
    after = {"terms_complete": True, "applied_on": date(2027, 1, 16)}
    (finding,) = judged("transfer", **after).problems
    assert (finding.passes_on, finding.fact[-7:]) == (None, "下一办理期未定")


def test_a_suspension_says_in_which_term_it_can_be_applied_for():
    rule, holiday = "suspension.cross_term", date(2026, 8, 3)
    assert passes_on("suspension", rule, applied_on=holiday, starts_on=holiday) == date(2026, 9, 1)
    assert passes_on("suspension", rule, starts_on=date(2026, 9, 7)) == date(2026, 9, 1), "deferred into the next term"
    assert passes_on("suspension", rule, starts_on=date(2026, 3, 1)) is None, (
        "back-dated: the beginning is wrong, not the day"
    )
    assert passes_on("suspension", "suspension.final_year_second_term", grade=9) == AUTUMN.starts_on


@pytest.mark.parametrize(
    "reading, applied, starts, broken",
    [
        ("term", date(2026, 8, 3), date(2026, 9, 1), True),
        ("holidays", date(2026, 8, 3), date(2026, 9, 1), False),
        ("holidays", date(2026, 8, 3), date(2026, 8, 10), True),
        ("holidays", date(2026, 4, 1), date(2026, 9, 1), True),
        ("school_year", date(2026, 2, 10), date(2026, 3, 9), False),
        ("school_year", date(2026, 4, 1), date(2026, 7, 20), False),
        ("school_year", date(2026, 4, 1), date(2026, 9, 1), True),
    ],
)
def test_the_setting_widens_what_crossing_a_term_means(reading, applied, starts, broken):
    choices = dict(SETTINGS["suspension.cross_term.reading"].choices)
    assert reading in choices
    found = judged("suspension", applied_on=applied, starts_on=starts, ends_on=starts, cross_term_reading=reading)
    assert found.broken == (("suspension.cross_term",) if broken else ())


def test_a_year_from_the_end_of_february():
    leap = {
        "terms": (),
        "terms_complete": True,
        "extension": True,
        "status": "suspended",
        "starts_on": date(2028, 2, 29),
    }
    facts = {**leap, "current_ends_on": date(2028, 2, 28)}
    assert judged("suspension", ends_on=date(2029, 2, 28), **facts).broken == ()
    assert judged("suspension", ends_on=date(2029, 3, 1), **facts).broken == ("suspension.too_long",)


def test_a_class_past_its_last_grade_leaves_the_grade_left():
    gone = {"left_grade": 12, "class_grade_now": 13}
    assert judged("resumption", resume_grade=12, **gone).broken == ()
    assert judged("resumption", resume_grade=13, **gone).broken == ("resumption.wrong_grade",)
    junior = {"stage": Stage.JUNIOR, "left_grade": 9, "class_grade_now": 10}
    assert judged("resumption", resume_grade=10, **junior).broken == ("resumption.wrong_grade",)


def test_an_open_business_is_told_in_full_to_whoever_may_know():
    details = "休学申请，和政县示例中学，第3个工作日"
    (told,) = judged("transfer", open_business=True, open_details=details).problems
    (untold,) = judged("transfer", open_business=True).problems
    assert told.fact == f"该生有在办业务：{details}，办结后可转学"
    assert untold.fact == "该生有在办业务，办结后可转学"


def test_a_doubtful_image_waits_for_the_head():
    waiting = judged("key_info", doubtful=("户籍证明：模糊",))
    assert waiting.verdict == Verdict.ALLOWED
    assert any(f.fact == "户籍证明：模糊，待校长确认能否辨认" for f in waiting.findings)


def test_other_papers_than_a_resident_card_are_not_held_to_its_standard():
    other = replace(NEW, id_type=IdType.OTHER, id_number="E12345678", sex=Sex.MALE)
    assert judged("key_info", new=other).broken == ()


def test_no_identity_number_stands_in_a_fact():
    for new in (NEW, replace(NEW, sex=Sex.MALE), replace(NEW, id_number="110105194912310021")):
        assert not any(new.id_number in f.fact for f in judged("key_info", new=new, id_taken=True).findings)


def test_a_transfer_to_outside_does_not_ask_what_the_school_there_teaches():
    assert judged("transfer", to_school=replace(TO, grades=None)).broken == ()


def test_a_force_the_prefecture_has_set():
    facts = replace(ELIGIBLE["transfer"], applied_on=date(2026, 5, 6))
    assert BOOK["transfer"].judge(facts, {"transfer.window": "discretion"}).verdict == Verdict.DISCRETION


@pytest.mark.parametrize(
    "business, wrong",
    [("transfer", {"terms": [{"half": "summer", "starts": "2026-01-01", "ends": "2026-02-01"}]}),
     ("transfer", {"terms": [{"half": "autumn", "starts": "2026-03-01", "ends": "2026-02-01"}]}),
     ("transfer", {"terms": [None]}), ("transfer", {"proofs": ["photo"]}), ("transfer", {"status": "absent"}),
     ("transfer", {"window_days_before_term_end": 0}), ("transfer", {"window_days_before_term_end": True}),
     ("transfer", {"to_school": {"code": "1", "county": "2", "urban_area": None, "grades": ["10"]}}),
     ("transfer", {"from_school": {"code": "1", "county": "2"}}), ("transfer", {"open_business": 0}),
     ("suspension", {"reason": "tired"}), ("suspension", {"consecutive_before": -1}), ("suspension", {"ends_on": None}),
     ("resumption", {"suspension_reason": None}), ("resumption", {"left_grade": True}),
     ("withdrawal", {"ground": 1}), ("withdrawal", {"applied_on": "1.9.2026"}), ("key_info", {"new": {}}),
     ("key_info", {"id_taken": "no"}), ("key_info", {"old": None})],
)  # fmt: skip
def test_facts_of_the_wrong_kind_are_not_guessed(business, wrong):
    case = next(c for c in CASES if c["business"] == business)
    with pytest.raises((TypeError, ValueError, KeyError)):
        BOOK[business].read({**case["facts"], **wrong})


@pytest.mark.parametrize("code", ["expulsion", "death", "abroad"])
def test_reports_are_read_too(code):
    slot = slots_of(code)[0].code
    facts = {
        "applied_on": "2026-09-01",
        "stage": "senior",
        "status": "enrolled",
        "open_business": False,
        "proofs": [slot],
    }
    assert BOOK[code].read(facts) == ELIGIBLE[code]


def test_terms_in_any_order_and_a_whole_term_are_read():
    case = next(c for c in CASES if c["business"] == "transfer")
    facts = BOOK["transfer"].read({**case["facts"], "window_days_before_term_end": "whole"})
    assert facts.window_days_before_term_end == "whole"
    assert judged("transfer", terms=TERMS[::-1]).broken == ()
