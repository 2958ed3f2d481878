"""The kit of rules: forces, verdicts, what is quoted, and one judgement on many."""

from dataclasses import dataclass
from datetime import date

import pytest

from linxia_xueji.enums import Level
from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import Basis, Force, RuleBook, Verdict, all_books, judge_many


@dataclass(frozen=True)
class Facts:
    forbidden: bool = False
    missing: bool = False
    unusual: bool = False


BOOK = RuleBook("trial", "试行", "1", date(2026, 1, 1))
WORDS = {"clause": "二", "says": "原文", "basis": Basis.QUOTED, "fact": lambda f: "看到的"}


@BOOK.leaves_discretion("trial.unusual", label="寻常", level=Level.PREFECTURE, **WORDS)
def unusual(facts):
    return facts.unusual


@BOOK.requires("trial.missing", label="齐全", **WORDS)
def missing(facts):
    return facts.missing


@BOOK.forbids("trial.forbidden", label="许可", **WORDS)
def forbidden(facts):
    return facts.forbidden


BOOK.never_blocks("trial.never", label="不设障碍", **WORDS)


@pytest.mark.parametrize(
    "facts, verdict, broken",
    [
        (Facts(), Verdict.ALLOWED, ()),
        (Facts(unusual=True), Verdict.DISCRETION, ("trial.unusual",)),
        (Facts(unusual=True, missing=True), Verdict.INCOMPLETE, ("trial.missing", "trial.unusual")),
        (Facts(True, True, True), Verdict.FORBIDDEN, ("trial.forbidden", "trial.missing", "trial.unusual")),
    ],
)
def test_the_gravest_consequence_is_the_verdict(facts, verdict, broken):
    judgement = BOOK.judge(facts)
    assert (judgement.verdict, judgement.broken) == (verdict, broken)


def test_problems_stand_gravest_first_and_before_what_passed():
    judgement = BOOK.judge(Facts(True, True, True))
    ids = ["trial.forbidden", "trial.missing", "trial.unusual", "trial.never"]
    assert [f.rule.id for f in judgement.ordered] == ids
    assert [f.state for f in judgement.ordered] == ["bad", "bad", "ask", "ok"]


def test_the_prefecture_may_set_a_force():
    judgement = BOOK.judge(Facts(forbidden=True), {"trial.forbidden": "discretion"})
    assert judgement.verdict == Verdict.DISCRETION
    assert judgement.problems[0].force == Force.DISCRETION


def test_what_must_never_block_never_does():
    assert "trial.never" not in BOOK.judge(Facts(True, True, True)).broken


def test_an_assumed_rule_claims_no_text():
    assert "临州教学管发〔2022〕5号 二“原文”" == BOOK.by_id("trial.forbidden").ground
    book = RuleBook("guess", "假定", "1", date(2026, 1, 1))
    rule = book.forbids("guess.one", **{**WORDS, "basis": Basis.ASSUMED}, label="假定")(lambda f: True)
    assert rule.ground == "原文（假定）"


def test_many_are_judged_as_one_with_the_names_of_those_concerned():
    judgement = judge_many(BOOK, [("马一", Facts()), ("马二", Facts(forbidden=True)), ("马三", Facts(forbidden=True))])
    (finding,) = judgement.problems
    assert finding.items == ("马二：看到的", "马三：看到的")
    assert finding.fact == "2人：马二、马三"
    assert judge_many(BOOK, []).verdict == Verdict.ALLOWED


def test_what_is_kept_with_a_decision_is_plain_json():
    import json

    kept = BOOK.judge(Facts(forbidden=True)).snapshot()
    assert json.loads(json.dumps(kept))[2] == {
        "rule": "trial.forbidden",
        "force": "forbid",
        "broken": True,
        "clause": "二",
        "fact": "看到的",
        "items": [],
    }


def test_a_broken_rule_says_when_it_would_pass_and_a_kept_rule_does_not():
    book = RuleBook("time", "时间", "1", date(2026, 1, 1))
    book.forbids("time.late", label="时间", passes_on=lambda f: date(2026, 9, 1), **WORDS)(lambda f: f.forbidden)
    (kept,), (broken,) = book.judge(Facts()).findings, book.judge(Facts(forbidden=True)).findings
    assert (kept.passes_on, broken.passes_on) == (None, date(2026, 9, 1))
    assert book.judge(Facts(forbidden=True)).snapshot()[0]["passes_on"] == "2026-09-01"
    assert judge_many(book, [("马一", Facts(forbidden=True))]).findings[0].passes_on == date(2026, 9, 1)
    assert judge_many(book, [("马一", Facts(forbidden=True)), ("马二", Facts(True))]).findings[0].passes_on is None


def test_nothing_is_judged_while_something_needed_is_not_known():
    book = RuleBook("open", "未定", "1", date(2026, 1, 1), unknown=lambda f: "学期尚未录入" if f.missing else None)
    assert book.judge(Facts()).verdict == Verdict.ALLOWED
    with pytest.raises(Refusal, match="学期尚未录入"):
        book.judge(Facts(missing=True))


def test_every_book_announced_is_known_by_its_code():
    codes = [book.code for book in all_books()]
    assert len(set(codes)) == len(codes)
    assert {"enrolment", "voiding", "transfer", "abroad"} <= set(codes)


def test_an_unknown_rule_is_an_error():
    with pytest.raises(KeyError):
        BOOK.by_id("trial.unknown")
