"""What holds of every book whatever the facts: random facts of the right types, EXAMPLES of them a book (30 here; bin/prove
runs 3,000)."""

import os
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linxia_xueji.enums import Sex, Stage
from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import Basis, Force, Verdict, all_books
from registry.enums import IdType
from tests.transfers.books.sample import ELIGIBLE
from transfers.books import BOOKS
from transfers.books.key_info import KeyInfo
from transfers.books.shared import STATUSES, papers_asked
from transfers.books.terms import GivenTerm, Season, national_calendar
from transfers.books.transfer import Side
from transfers.slots import slots_of

LENGTH = settings(
    max_examples=int(os.environ.get("EXAMPLES", "30")),
    deadline=None,
    derandomize="EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
FIRST, LAST = date(2025, 6, 1), date(2027, 3, 1)
DAYS = st.dates(FIRST, LAST)
NUMBERS = st.sampled_from(["11010519491231002X", "110105194912310021", "", "622901201301143392", "62292O200701252870"])
GRADES = st.integers(1, 13) | st.sampled_from([9, 12])


@st.composite
def terms(draw):
    """Two to five terms, one after the other, some short, halves in turn."""
    day, given = draw(st.dates(date(2025, 2, 1), date(2025, 9, 30))), []
    halves = [Season.SPRING, Season.AUTUMN]
    for n in range(draw(st.integers(2, 5))):
        last = day + timedelta(days=draw(st.integers(4, 150)))
        given.append(GivenTerm(day, last, halves[n % 2]))
        day = last + timedelta(days=draw(st.integers(1, 60)))
    return tuple(draw(st.permutations(given)))


@st.composite
def spans(draw):
    first = draw(DAYS)
    return first, first + timedelta(days=draw(st.integers(0, 20)))


SIDES = st.builds(
    Side,
    st.sampled_from(["3162000001", "3162000002"]),
    st.sampled_from(["622921", "622922"]),
    st.sampled_from([None, "", "临夏市城区"]),
    st.none() | st.frozensets(st.integers(1, 12)),
)
INFO = st.builds(
    KeyInfo, st.sampled_from(["马小明", "马晓明"]), NUMBERS, st.sampled_from(Sex), DAYS | st.just(date(1949, 12, 31)),
    st.sampled_from(IdType.values),
)  # fmt: skip
OF_FIELD = {
    **dict.fromkeys(("applied_on", "starts_on", "ends_on"), DAYS),
    **dict.fromkeys(("stage", "to_stage"), st.sampled_from(Stage.values)),
    **dict.fromkeys(("grade", "to_grade", "left_grade", "class_grade_now", "resume_grade"), GRADES),
    **dict.fromkeys(("open_business", "extension", "id_taken", "with_head", "terms_complete"), st.booleans()),
    **dict.fromkeys(("reason", "suspension_reason"), st.sampled_from(["illness", "other"])),
    **dict.fromkeys(("from_school", "to_school"), SIDES),
    **dict.fromkeys(("old", "new"), INFO),
    "status": st.sampled_from(sorted(STATUSES)),
    "terms": terms(),
    "calendar": st.just(national_calendar()),
    "window_days_before_term_end": st.sampled_from([1, 5, 10, 20, "whole"]),
    "entered_windows": st.lists(spans(), max_size=2).map(tuple),
    "open_details": st.sampled_from(["", "休学申请"]),
    "current_ends_on": st.none() | DAYS,
    "consecutive_before": st.integers(0, 4),
    "cross_term_reading": st.sampled_from(["term", "holidays", "school_year"]),
    "ground": st.none() | st.just("guardian_applies"),
    "doubtful": st.sampled_from([(), ("户籍证明：模糊",)]),
}


def random_facts(code):
    kind = type(ELIGIBLE[code])
    papers = [slot.code for slot in slots_of(code)]
    given = {f.name: OF_FIELD[f.name] for f in fields(kind) if f.name != "proofs"}
    return st.builds(kind, proofs=st.frozensets(st.sampled_from(papers)), **given)


def judged(book, facts):
    """None where something is not known, which is then a sentence."""
    missing = book.unknown(facts)
    if missing is None:
        return book.judge(facts)
    with pytest.raises(Refusal) as refusal:
        book.judge(facts)
    assert refusal.value.message == missing
    assert missing.endswith("后再办理")
    return None


@pytest.mark.parametrize("book", BOOKS, ids=lambda b: b.code)
def test_a_book_says_one_thing_of_any_facts(book):
    @LENGTH
    @given(random_facts(book.code))
    def holds(facts):
        judgement = judged(book, facts)
        if judgement is None:
            return
        assert len(judgement.findings) == len(book.rules)
        assert judgement == book.judge(facts), "the same facts are judged the same"
        assert all(f.fact and f.rule.id.startswith(f"{book.code}.") for f in judgement.findings)
        found = {f.force for f in judgement.findings if f.broken}
        gravest = next((force for force in (Force.FORBID, Force.REQUIRE, Force.DISCRETION) if force in found), None)
        words = {
            Force.FORBID: "forbidden",
            Force.REQUIRE: "incomplete",
            Force.DISCRETION: "discretion",
            None: "allowed",
        }
        assert judgement.verdict == words[gravest]
        assert (judgement.verdict == Verdict.ALLOWED) == (judgement.broken == ())
        for finding in judgement.problems:
            assert finding.rule.clause or finding.rule.basis == Basis.ASSUMED
            assert finding.rule.ground and finding.rule.mend
        missing = {slot.code for slot in papers_asked(book, facts)} - facts.proofs
        assert missing == {i.split(".doc.")[1] for i in judgement.broken if ".doc." in i} - {"ground"}
        assert set(judgement.broken) >= ({f"{book.code}.open_business"} if facts.open_business else set())

    holds()


def at(book, rule, facts, day):
    """The same request on another day: a beginning that is over by then, and the grade of a new school year, move on."""
    moved = {"applied_on": day}
    if rule == "suspension.cross_term":
        moved["starts_on"] = max(facts.starts_on, day)
    if rule == "transfer.initial_grade":
        moved |= {"grade": facts.grade + 1, "to_grade": facts.grade + 1}
    return book.by_id(rule).broken(replace(facts, **moved))


@pytest.mark.parametrize("book", [b for b in BOOKS if b.code in ("transfer", "suspension")], ids=lambda b: b.code)
def test_the_day_on_which_it_would_pass_is_true_and_the_first(book):
    @LENGTH
    @given(random_facts(book.code))
    def holds(facts):
        judgement = judged(book, facts)
        for finding in judgement.findings if judgement else ():
            if finding.passes_on is None:
                continue
            rule, day = finding.rule.id, finding.passes_on
            assert finding.broken and day > facts.applied_on
            assert not at(book, rule, facts, day)
            if rule == "transfer.window":
                between = (facts.applied_on + timedelta(days=n) for n in range(1, (day - facts.applied_on).days))
                assert not any(facts.windows.contains(d) for d in between)

    holds()


def test_a_force_set_to_discretion_never_forbids_by_that_rule():
    book = next(b for b in all_books() if b.code == "transfer")

    @LENGTH
    @given(random_facts("transfer"))
    def holds(facts):
        if judged(book, facts) is None:
            return
        soft = book.judge(facts, {"transfer.window": "discretion"})
        assert soft.broken == book.judge(facts).broken
        if soft.broken == ("transfer.window",):
            assert soft.verdict == Verdict.DISCRETION

    holds()
